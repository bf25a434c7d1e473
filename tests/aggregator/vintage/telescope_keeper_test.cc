// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/telescope_keeper.h"

#include "tests/aggregator/vintage/kept_days.h"

namespace kansoku::aggregator {
namespace {

using TelescopeKeeperTest = KeptDays;

const Texts kFirst = {"isp-1 2026-11-21 1", "2026-11-21 1"};

TEST_F(TelescopeKeeperTest, ADayIsJudgedOnceAnHourAfterItsEnd) {
  Send("kobe", kStart, {.sources = {Probes(1, 1, 40), Probes(2, 23, 1)}});
  Send("kobe", kStart + kDaySeconds - 10, {.sources = {Probes(2, 23, 1)}, .further = 5});
  Send("kobe", kStart + kDaySeconds, {.sources = {Probes(3, 1, 50)}});
  EXPECT_EQ(Keep(kSettled - absl::Seconds(1)), Texts{});
  EXPECT_EQ(Keep(kSettled), kFirst);
  EXPECT_EQ(Keep(kSettled + absl::Minutes(5)), Texts{});
  Reopen();
  EXPECT_EQ(Keep(kSettled + absl::Hours(30)), (Texts{"isp-1 2026-11-22 1", "2026-11-22 1"}));
  Reopen();
  EXPECT_EQ(Keep(kSettled + absl::Hours(60)), Texts{});

  const v1::TelescopeDay day = Day();
  EXPECT_EQ(day.isp(), "");
  EXPECT_EQ(day.computed_unix_seconds(), absl::ToUnixSeconds(kSettled));
  EXPECT_EQ(day.day_changes(), 2u);
  EXPECT_EQ(day.windows(), 2u);
  EXPECT_EQ(day.expected_windows(), 8'640u);
  EXPECT_EQ(PacketsOf(day), 47u);
  // Ten addresses for 20 seconds of a day are none, so one packet would do; 30 ports it must be.
  EXPECT_EQ(day.sources().survey_packets_at_least(), 1u);
  EXPECT_EQ(day.sources().survey_sources(), 1u);
  EXPECT_EQ(day.sources().survey_packets(), 40u);
  EXPECT_EQ(day.sources().judged_packets(), 42u);
  EXPECT_EQ(day.sources().unjudged_packets(), 5u);
  EXPECT_EQ(day.sources().untold_packets(), 0u);
  EXPECT_EQ(day.sources().judged_in_revision(), 1u);
  EXPECT_EQ(Hosts(day), 2u);
  EXPECT_EQ(day.ports(22).port(), 23u);
  EXPECT_EQ(day.ports(22).packets(), 3u);
  EXPECT_EQ(day.ports(22).survey_packets(), 1u);
  EXPECT_EQ(day.ports(22).probe_hosts(), 2u);
  EXPECT_EQ(day.ports(22).survey_hosts(), 1u);
}

TEST_F(TelescopeKeeperTest, AScannerOfSeveralIspsIsOneOverAllOfThem) {
  // 15 ports at each sensor: 30 at those of isp-1, 45 at all.
  Send("kobe", kStart, {.sources = {Probes(1, 1, 15), Probes(2, 1, 10)}});
  Send("kyoto", kStart + 7'200, {.sources = {Probes(1, 16, 15), Probes(2, 11, 10)}});
  Send("nara", kStart + 50'000, {.sources = {Probes(1, 31, 15), Probes(2, 21, 10)}});
  EXPECT_EQ(Keep(kSettled), (Texts{"isp-1 2026-11-21 1", "isp-2 2026-11-21 1", "2026-11-21 1"}));
  EXPECT_EQ(Day().sources().survey_sources(), 2u);
  EXPECT_EQ(Day().sources().survey_packets(), 75u);
  EXPECT_EQ(Day().sensors_size(), 3);
  EXPECT_EQ(Hosts(Day()), 2u);
  EXPECT_EQ(Day("isp-1").sources().survey_sources(), 1u);
  EXPECT_EQ(Day("isp-1").sources().survey_packets(), 30u);
  EXPECT_EQ(Day("isp-1").sensors_size(), 2);
  EXPECT_EQ(Day("isp-2").sources().survey_sources(), 0u);
  EXPECT_EQ(PacketsOf(Day("isp-2")), 25u);
}

TEST_F(TelescopeKeeperTest, ADayAddsUpThePrefixesOfItsWindowsAndOfNoOther) {
  Send("kobe", kStart, {});
  Send("kobe", kStart + 86'390, {});
  Send("kobe", kStart + 86'400, {});
  Send("nara", kStart, {});
  EXPECT_EQ(Keep(kSettled), (Texts{"isp-1 2026-11-21 1", "isp-2 2026-11-21 1", "2026-11-21 1"}));
  const std::string kobe = "address: 3221225984 length: 24 address_seconds: 200";
  ASSERT_EQ(Day("isp-1").sensors_size(), 1);
  ASSERT_EQ(Day("isp-1").sensors(0).prefixes_size(), 1);
  EXPECT_EQ(Day("isp-1").sensors(0).prefixes(0).ShortDebugString(), kobe);
  ASSERT_EQ(Day().sensors_size(), 2);
  EXPECT_EQ(Day().sensors(0).prefixes(0).ShortDebugString(), kobe);
  EXPECT_EQ(Day().sensors(1).prefixes(0).address_seconds(), 100u);
  // Of an older collector, and late.
  CollectorBatch late{.collector = "kobe", .epoch = 1};
  v1::SequencedReport& report = late.reports.emplace_back();
  report.set_sequence(++sent_["kobe"]);
  *report.mutable_report() = Window("kobe", kStart + 10, 10, {});
  report.mutable_report()->mutable_measurement()->mutable_darknet(0)->clear_prefixes();
  Commit(late);
  EXPECT_EQ(Keep(kSettled + absl::Hours(25)),
            (Texts{"isp-1 2026-11-21 2", "2026-11-21 2", "isp-1 2026-11-22 1", "2026-11-22 1"}));
  EXPECT_EQ(Day().sensors(0).address_seconds(), 300u);
  EXPECT_EQ(Day().sensors(0).prefixes_size(), 0);
  EXPECT_EQ(Day().sensors(1).prefixes_size(), 1);
}

TEST_F(TelescopeKeeperTest, WhatComesLateTakesTheJudgementOver) {
  Send("kobe", kStart, {.sources = {Probes(1, 1, 40)}});
  Send("nara", kStart, {.sources = {Probes(1, 1, 3)}});
  Keep(kSettled);
  Send("kobe", kStart + 10, {.sources = {Probes(2, 1, 50)}});
  EXPECT_EQ(Keep(kSettled + absl::Hours(24) - absl::Seconds(1)), Texts{});
  // Nothing is new for isp-2.
  EXPECT_EQ(Keep(kSettled + absl::Hours(24)), (Texts{"isp-1 2026-11-21 2", "2026-11-21 2"}));
  EXPECT_EQ(Keep(kSettled + absl::Hours(72)), Texts{});
  for (const auto& [isp, survey_packets] : {std::pair("", 43u), std::pair("isp-1", 40u)}) {
    const v1::TelescopeDay day = Day(isp);
    EXPECT_EQ(day.computed_unix_seconds(), absl::ToUnixSeconds(kSettled + absl::Hours(24)));
    EXPECT_EQ(day.sources().survey_sources(), 1u);
    EXPECT_EQ(day.sources().survey_packets(), survey_packets);
    EXPECT_EQ(day.sources().untold_packets(), 50u);
    EXPECT_EQ(day.sources().judged_in_revision(), 1u);
    EXPECT_EQ(Hosts(day), 2u);
    ASSERT_EQ(day.ports_size(), 50);
    EXPECT_EQ(day.ports(9).survey_packets(), 1u);
    EXPECT_EQ(day.ports(9).probe_hosts(), 1u);
    EXPECT_EQ(day.ports(9).survey_hosts(), 1u);
    EXPECT_EQ(day.ports(49).survey_packets(), 0u);
    EXPECT_EQ(day.ports(49).packets(), 1u);
  }
  EXPECT_EQ(Day("isp-2").revision(), 1u);
}

TEST_F(TelescopeKeeperTest, WhatAnIspHadBeforeARestartIsNotJudgedAgain) {
  Send("kobe", kStart, {.sources = {Probes(1, 1, 40)}});
  Keep(kSettled);
  const v1::TelescopeDay of_isp = Day("isp-1");
  // As if the program had ended between the two.
  auto database = Database::Open(folder_.File(), SQLITE_OPEN_READWRITE);
  ASSERT_EQ(database->Execute("DELETE FROM telescope_day WHERE isp = ''"), absl::OkStatus());
  Reopen();
  EXPECT_EQ(Keep(kSettled + absl::Minutes(5)), Texts{"2026-11-21 1"});
  EXPECT_EQ(Day("isp-1").SerializeAsString(), of_isp.SerializeAsString());
  EXPECT_EQ(Day().sources().survey_sources(), 1u);
}

TEST_F(TelescopeKeeperTest, OfSeveralKeysNothingIsSaidOfSources) {
  Send("kobe", kStart, {.sources = {Probes(1, 1, 40)}});
  Send("kyoto", kStart, {.sources = {Probes(1, 1, 2)}, .key = 8});
  Send("nara", kStart, {.sources = {Probes(1, 1, 3)}, .key = 8});
  EXPECT_EQ(Keep(kSettled), (Texts{"isp-1 2026-11-21 1", "isp-2 2026-11-21 1", "2026-11-21 1"}));
  EXPECT_FALSE(Day().has_sources());
  EXPECT_EQ(
      Day().sources_withheld_because(),
      "sensor dark-kyoto: its sources were hashed with another key than others of the same day; give all "
      "collectors the same one");
  EXPECT_EQ(PacketsOf(Day()), 45u);
  EXPECT_FALSE(Day("isp-1").has_sources());
  // Of its own sensors there is one key.
  EXPECT_EQ(Day("isp-2").sources().judged_packets(), 3u);
  EXPECT_EQ(Day("isp-2").sources_withheld_because(), "");
}

TEST_F(TelescopeKeeperTest, WhereSomeSensorsTellSourcesApartTheRestIsUntold) {
  Send("kobe", kStart, {.sources = {Probes(1, 1, 40)}});
  Send("nara", kStart, {.sources = {Probes(1, 1, 3)}, .key = 0});
  Keep(kSettled);
  EXPECT_EQ(Day().sources().judged_packets(), 40u);
  EXPECT_EQ(Day().sources().untold_packets(), 3u);
  EXPECT_EQ(Day().sources().sketches_size(), 0) << "nobody can tell how many there were";
  EXPECT_EQ(Hosts(Day("isp-1")), 1u);
  EXPECT_FALSE(Day("isp-2").has_sources());
  EXPECT_EQ(Day("isp-2").sources_withheld_because(), "");
  for (const char* isp : {"", "isp-2"}) {
    ASSERT_EQ(Day(isp).rules_size(), 1);
    EXPECT_EQ(Day(isp).rules(0), 1u);
  }
}

TEST_F(TelescopeKeeperTest, MissedDaysAreMadeInOrderAndWhoIsForgottenIsUntold) {
  for (int day = 0; day < 4; ++day) Send("kobe", kStart + day * kDaySeconds, {.sources = {Probes(1, 1, 40)}});
  // Each day was heard of, and the newest is what the others are old by.
  ASSERT_TRUE(store_->Expire(absl::FromUnixSeconds(kStart + 3 * kDaySeconds + 10)).ok());
  EXPECT_EQ(Keep(kEnd + absl::Hours(49)), (Texts{"isp-1 2026-11-21 1", "2026-11-21 1", "isp-1 2026-11-22 1",
                                                 "2026-11-22 1", "isp-1 2026-11-23 1", "2026-11-23 1"}));
  EXPECT_EQ(Day().sources().judged_packets(), 0u);
  EXPECT_EQ(Day().sources().untold_packets(), 40u);
  EXPECT_EQ(Day().sources().judged_in_revision(), 0u);
  EXPECT_EQ(Day().sources().source_key(), 7u);
  EXPECT_EQ(Hosts(Day()), 1u);
  EXPECT_EQ(Day("", kSaturday + 2).sources().judged_packets(), 40u);
}

// The spool of a collector that was cut off for a day comes at once, and what is newest in it makes the rest
// old.
TEST_F(TelescopeKeeperTest, ABacklogOfADayIsJudgedByTheWholeOfIt) {
  CollectorBatch batch{.collector = "kobe", .epoch = 1};
  for (int64_t start = kStart; start < kStart + kDaySeconds + 6 * 3'600; start += 600) {
    v1::SequencedReport& report = batch.reports.emplace_back();
    report.set_sequence(batch.reports.size());
    *report.mutable_report() = Window("kobe", start, 10, {.sources = {Probes(1, 1, 30)}});
  }
  Commit(batch);
  ASSERT_TRUE(store_->Expire(kEnd + absl::Hours(6)).ok());
  EXPECT_EQ(Keep(kEnd + absl::Hours(6)), kFirst);
  EXPECT_EQ(Day().sources().judged_packets(), 144u * 30);
  EXPECT_EQ(Day().sources().untold_packets(), 0u);
  // Then it is as old as any.
  ASSERT_TRUE(store_->Expire(kEnd + absl::Hours(6)).ok());
  int64_t oldest = 0;
  const auto note = [&](const v1::WindowReport& report) {
    if (oldest == 0) oldest = report.window_start_unix_seconds();
  };
  ASSERT_TRUE(store_->ScanDarknetSources(0, kStart + 2 * kDaySeconds, {}, note).ok());
  EXPECT_EQ(oldest, kStart + 4 * 3'600);
}

TEST_F(TelescopeKeeperTest, ABacklogIsWaitedForAsLongAsItArrives) {
  const absl::Time late = kEnd + absl::Hours(30);
  for (int part = 0; part < 3; ++part) {
    Send("kobe", kStart + part * 3'600, {.sources = {Probes(1, static_cast<uint32_t>(1 + 10 * part), 10)}});
    EXPECT_EQ(KeepOnce(late + part * absl::Minutes(5)), Texts{});
  }
  EXPECT_EQ(KeepOnce(late + absl::Minutes(15)), kFirst);
  EXPECT_EQ(Day().sources().survey_packets(), 30u);
}

TEST_F(TelescopeKeeperTest, ABacklogWithoutAnEndIsNotWaitedFor) {
  absl::Time now = kSettled;
  int windows = 0;
  for (Texts added; added.empty(); now += absl::Minutes(5)) {
    Send("kobe", kStart + 10 * ++windows, {.sources = {Probes(1, 1, 1)}});
    added = KeepOnce(now);
    ASSERT_LE(windows, 100);
  }
  EXPECT_EQ(windows, 1 + 6 * 12);
  EXPECT_EQ(Day().sources().judged_packets(), 73u);
}

TEST_F(TelescopeKeeperTest, WithoutATelescopeThereIsNoDay) {
  CollectorBatch batch{.collector = "kobe", .epoch = 1};
  v1::SequencedReport report = SampleReport(1, "kobe", kStart);
  *report.mutable_report()->mutable_measurement() = SampleMeasurement(1, 3, false);
  batch.reports = {report, SampleTombstone(2, "kobe", kStart + 10)};
  Commit(batch);
  EXPECT_EQ(Keep(kSettled), Texts{});
  EXPECT_EQ(Day().revision(), 0u);
  EXPECT_TRUE(store_->ChangedDays()->empty());
}

TEST_F(TelescopeKeeperTest, WhatChangesNothingMakesNoRevision) {
  Send("kobe", kStart, {.sources = {Probes(1, 1, 40)}});
  Keep(kSettled);
  // The same report again, and a window that is known to be lost.
  --sent_["kobe"];
  Send("kobe", kStart, {.sources = {Probes(1, 1, 40)}});
  EXPECT_TRUE(store_->ChangedDays()->empty());
  Commit({.collector = "kobe", .epoch = 1, .reports = {SampleTombstone(2, "kobe", kStart + 10)}});
  EXPECT_EQ(store_->ChangedDays()->size(), 1u);
  EXPECT_EQ(Keep(kSettled + absl::Hours(30)), Texts{});
  Reopen();
  EXPECT_EQ(Keep(kSettled + absl::Hours(60)), Texts{});
  EXPECT_EQ(Day().revision(), 1u);
}

TEST_F(TelescopeKeeperTest, SubscribersOfADayAddUp) {
  for (const auto& [point, reached] : {std::pair("kobe", 3), std::pair("nara", 4)}) {
    CollectorBatch batch{.collector = point, .epoch = 1};
    v1::SequencedReport& report = batch.reports.emplace_back();
    report.set_sequence(1);
    *report.mutable_report() = Window(point, kStart, 10, {});
    v1::DarknetSubscribers& subscribers =
        *report.mutable_report()->mutable_measurement()->mutable_darknet_subscribers();
    subscribers.set_reached(static_cast<uint64_t>(reached));
    subscribers.set_scanning(1);
    subscribers.set_further_packets(10);
    Commit(batch);
  }
  Keep(kSettled);
  EXPECT_EQ(Day().subscribers().reached(), 7u);
  EXPECT_EQ(Day().subscribers().scanning(), 2u);
  EXPECT_EQ(Day().subscribers().further_packets(), 20u);
  EXPECT_EQ(Day("isp-2").subscribers().reached(), 4u);
}

TEST_F(TelescopeKeeperTest, SourcesThatTheSumsContradictAreNotJudged) {
  Send("kobe", kStart, {.sources = {Probes(1, 1, 40)}});
  Send("kobe", kStart + 3'600, {.sources = {Probes(2, 1, 2)}});
  auto database = Database::Open(folder_.File(), SQLITE_OPEN_READWRITE);
  ASSERT_EQ(database->Execute(absl::StrCat("DELETE FROM bucket WHERE start = ", kStart).c_str()),
            absl::OkStatus());
  EXPECT_EQ(Keep(kSettled), kFirst);
  EXPECT_EQ(
      Day().sources_withheld_because(),
      "its sources are said to have sent 42 packets, and 2 were counted: a collector reports what it did "
      "not count, or the store lost some of its rows");
  EXPECT_FALSE(Day().has_sources());
  EXPECT_EQ(PacketsOf(Day()), 2u);
  const v1::TelescopeDay day = Day();
  for (const v1::PortDay& port : day.ports()) {
    EXPECT_EQ(port.probe_hosts(), 0u) << port.port();
    EXPECT_EQ(port.survey_hosts(), 0u) << port.port();
  }
}

TEST_F(TelescopeKeeperTest, EndsBetweenTwoDays) {
  for (int day = 0; day < 3; ++day) Send("kobe", kStart + day * kDaySeconds, {.sources = {Probes(1, 1, 1)}});
  TelescopeKeeper keeper;
  int days = 0;
  const auto keep = [&](absl::Time now, int most) {
    int left = most;
    const absl::Status kept = keeper.Keep(
        *store_, now, [&](const v1::TelescopeDay& day) { days += day.isp().empty(); },
        [&left] { return left-- > 0; });
    EXPECT_EQ(kept, absl::OkStatus());
  };
  keep(kSettled + absl::Hours(50), 3);  // that nothing more of them arrives is seen the next time
  keep(kSettled + absl::Hours(51), 1);
  EXPECT_EQ(days, 2);
  keep(kSettled + absl::Hours(51), 3);
  EXPECT_EQ(days, 3);
}

TEST_F(TelescopeKeeperTest, HoursThatAreForgottenAreNoRevision) {
  store_.reset();
  store_ = *SqliteStore::Open({.path = folder_.File(), .retention = {.five_minute_days = 1, .hour_days = 2}});
  Send("kobe", kStart, {.sources = {Probes(1, 1, 40)}});
  Send("kobe", kStart + 23 * 3'600, {.sources = {Probes(1, 1, 40)}});
  Keep(kSettled);
  Send("kobe", kStart + 23 * 3'600 + 10, {.sources = {Probes(1, 1, 40)}});
  ASSERT_TRUE(store_->Expire(kEnd + absl::Hours(46)).ok());
  EXPECT_EQ(
      KeepOnce(kEnd + absl::Hours(46)),
      Texts{"telescope day 2026-11-21: hours of it are forgotten (retention.hour_days); what came late is "
            "left out"});
  EXPECT_EQ(KeepOnce(kEnd + absl::Hours(47)), Texts{}) << "said once";
  EXPECT_EQ(PacketsOf(Day()), 80u);
}

}  // namespace
}  // namespace kansoku::aggregator
