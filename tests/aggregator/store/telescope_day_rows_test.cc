// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/telescope_day_rows.h"

#include <gtest/gtest.h>

#include "aggregator/store/sqlite_store.h"
#include "proto/contract/day.h"
#include "proto/contract/deterministic_bytes.h"
#include "tests/aggregator/store/store_contents.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

using Texts = std::vector<std::string>;

v1::TelescopeDay SampleDay(const std::string& day, uint32_t revision = 1, const std::string& isp = "") {
  v1::TelescopeDay sample;
  sample.set_day(day);
  sample.set_revision(revision);
  sample.set_isp(isp);
  sample.set_day_changes(revision);
  for (uint32_t port = 1; port <= 1'000; ++port) {
    v1::PortDay& of_port = *sample.add_ports();
    of_port.set_protocol(6);
    of_port.set_port(port);
    of_port.set_packets(1'000 * port + revision);
  }
  return sample;
}

class TelescopeDayRows : public testing::Test {
 protected:
  void Add(const v1::TelescopeDay& day) {
    const absl::Status added = store_->AddTelescopeDay(day);
    ASSERT_TRUE(added.ok()) << added;
  }
  // Each as "day revision", with its ISP's name before if it has one.
  Texts Days(const std::string& isp, const std::string& first, const std::string& last) {
    Texts days;
    const auto visit = [&](const v1::TelescopeDay& day) {
      days.push_back(day.isp() + (day.isp().empty() ? "" : " ") + day.day() + " " +
                     std::to_string(day.revision()));
    };
    EXPECT_TRUE(store_->ScanTelescopeDays(isp, first, last, visit).ok());
    return days;
  }
  Texts Changed() {
    Texts days;
    const auto changed = store_->ChangedDays();
    EXPECT_TRUE(changed.ok()) << changed.status();
    for (const ChangedDay& day : *changed) {
      days.push_back(day.day + " " + std::to_string(day.changes));
    }
    return days;
  }

  int64_t FirstUnkept(int64_t from) {
    auto database = Database::Open(folder_.File(), SQLITE_OPEN_READONLY);
    return *ReadFirstUnkeptDay(*database, from);
  }

  StoreFolder folder_;
  std::unique_ptr<Store> store_ = OpenStore(folder_.File());
};

TEST_F(TelescopeDayRows, SayWhichIsTheLast) {
  Add(SampleDay("2026-11-20"));
  Add(SampleDay("2026-11-21"));
  Add(SampleDay("2026-11-21", 2));
  Add(SampleDay("2026-11-22", 1, "isp-1"));
  const auto last = [&](const std::string& isp, const std::string& first, const std::string& last_day) {
    const absl::StatusOr<KeptDay> kept = store_->LastTelescopeDay(isp, first, last_day);
    EXPECT_TRUE(kept.ok()) << kept.status();
    return kept.ok() ? kept->day + " " + std::to_string(kept->revision) : "";
  };
  EXPECT_EQ(last("", "2026-11-01", "2026-11-30"), "2026-11-21 2");
  EXPECT_EQ(last("", "2026-11-01", "2026-11-20"), "2026-11-20 1");
  EXPECT_EQ(last("isp-1", "2026-11-22", "2026-11-22"), "2026-11-22 1");
  EXPECT_EQ(last("", "2026-11-22", "2026-11-30"), " 0");
}

TEST_F(TelescopeDayRows, SayWhichAreKept) {
  for (const uint32_t revision : {1, 2, 3}) Add(SampleDay("2026-11-21", revision));
  Add(SampleDay("2026-11-20"));
  Add(SampleDay("2026-11-22", 1, "isp-1"));
  Add(SampleDay("2026-12-01"));
  const auto kept = [&](const std::string& isp, const std::string& first, const std::string& last) {
    std::vector<std::string> days;
    const auto read = store_->KeptTelescopeDays(isp, first, last);
    EXPECT_TRUE(read.ok()) << read.status();
    for (const KeptDay& day : *read) days.push_back(day.day + " " + std::to_string(day.revision));
    return days;
  };
  using Days = std::vector<std::string>;
  EXPECT_EQ(kept("", "2026-11-01", "2026-11-30"), (Days{"2026-11-20 1", "2026-11-21 3"}));
  EXPECT_EQ(kept("", "2026-12-01", "2026-12-01"), Days{"2026-12-01 1"});
  EXPECT_EQ(kept("isp-1", "2026-11-01", "2026-11-30"), Days{"2026-11-22 1"});
  EXPECT_EQ(kept("", "2027-01-01", "2027-01-31"), Days{});
}

TEST_F(TelescopeDayRows, AreReadAsTheyWereWritten) {
  const v1::TelescopeDay written = SampleDay("2026-11-21");
  Add(written);
  store_.reset();
  store_ = OpenStore(folder_.File());
  int days = 0;
  const auto compare = [&](const v1::TelescopeDay& day) {
    EXPECT_EQ(DeterministicBytes(day), DeterministicBytes(written));
    ++days;
  };
  ASSERT_TRUE(store_->ScanTelescopeDays("", "2026-11-21", "2026-11-21", compare).ok());
  EXPECT_EQ(days, 1);
}

TEST_F(TelescopeDayRows, AreReadByDayInTheirLatestRevision) {
  Add(SampleDay("2026-11-22"));
  for (const uint32_t revision : {1, 2, 3}) Add(SampleDay("2026-11-20", revision));
  Add(SampleDay("2026-12-01"));
  Add(SampleDay("2026-11-21", 1, "isp-1"));
  Add(SampleDay("2026-11-20", 1, "isp-1"));
  EXPECT_EQ(Days("", "2026-11-20", "2026-11-22"), (Texts{"2026-11-20 3", "2026-11-22 1"}));
  EXPECT_EQ(Days("", "2026-11-21", "2026-12-01"), (Texts{"2026-11-22 1", "2026-12-01 1"}));
  EXPECT_EQ(Days("isp-1", "2026-11-20", "2026-12-01"), (Texts{"isp-1 2026-11-20 1", "isp-1 2026-11-21 1"}));
  EXPECT_EQ(Days("isp-2", "2026-11-20", "2026-12-01"), Texts{});
  EXPECT_EQ(Days("", "2026-11-23", "2026-11-30"), Texts{});
}

TEST_F(TelescopeDayRows, NeverChangeAndAreNumberedWithoutGaps) {
  Add(SampleDay("2026-11-21"));
  EXPECT_EQ(
      store_->AddTelescopeDay(SampleDay("2026-11-21")),
      absl::AlreadyExistsError("revision 1 of telescope day 2026-11-21: is kept already, and never changes"));
  EXPECT_EQ(store_->AddTelescopeDay(SampleDay("2026-11-21", 3)),
            absl::FailedPreconditionError("revision 3 of telescope day 2026-11-21: 2 is the next one"));
  EXPECT_EQ(store_->AddTelescopeDay(SampleDay("2026-11-21", 0)),
            absl::FailedPreconditionError("revision 0 of telescope day 2026-11-21: 2 is the next one"));
  EXPECT_EQ(
      store_->AddTelescopeDay(SampleDay("2026-11-21", 2, "isp-1")),
      absl::FailedPreconditionError("revision 2 of telescope day 2026-11-21 of isp-1: 1 is the next one"));
}

TEST_F(TelescopeDayRows, ThatAreDamagedSaySo) {
  Add(SampleDay("2026-11-21"));
  auto database = Database::Open(folder_.File(), SQLITE_OPEN_READWRITE);
  ASSERT_EQ(database->Execute("UPDATE telescope_day SET record = x'00'"), absl::OkStatus());
  EXPECT_EQ(store_->ScanTelescopeDays("", "2026-11-21", "2026-11-21", [](const v1::TelescopeDay&) {}),
            absl::DataLossError(
                "the store's telescope day 2026-11-21 cannot be read; restore the store from a copy"));
}

TEST_F(TelescopeDayRows, TellWhichDaysChangedSince) {
  EXPECT_EQ(Changed(), Texts{});
  EXPECT_EQ(FirstUnkept(0), kLast);
  ASSERT_TRUE(store_->Welcome(SampleHello("tokyo"), kNow).ok());
  uint64_t sequence = 0;
  const auto commit = [&](int64_t start) {
    ASSERT_TRUE(
        Commit(*store_,
               {{.collector = "tokyo", .epoch = 1, .reports = {SampleReport(++sequence, "tokyo", start)}}})
            .ok());
  };
  const int64_t start = DayStartUnixSeconds(absl::CivilDay(2026, 11, 21));
  commit(start + 86'400);
  commit(start);
  commit(start + 10);
  EXPECT_EQ(Changed(), (Texts{"2026-11-21 2", "2026-11-22 1"}));
  // What one ISP has is not what everyone has.
  Add(SampleDay("2026-11-21", 1, "isp-1"));
  Add(SampleDay("2026-11-21", 1));
  EXPECT_EQ(Changed(), (Texts{"2026-11-21 2", "2026-11-22 1"}));
  EXPECT_EQ(FirstUnkept(0), start + 86'400);
  EXPECT_EQ(FirstUnkept(start + 2 * 86'400 - 1), start + 86'400);
  EXPECT_EQ(FirstUnkept(start + 2 * 86'400), kLast);
  Add(SampleDay("2026-11-21", 2));
  EXPECT_EQ(Changed(), Texts{"2026-11-22 1"});
  commit(start + 20);
  EXPECT_EQ(Changed(), (Texts{"2026-11-21 3", "2026-11-22 1"}));
}

}  // namespace
}  // namespace kansoku::aggregator
