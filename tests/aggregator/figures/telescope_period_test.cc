// SPDX-License-Identifier: Apache-2.0
//
// What figures say of the days that they are made of: how many, which revisions, and by which keys and rules.
#include "aggregator/figures/telescope_period.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

#include "aggregator/figures/day_sources.h"
#include "proto/contract/source_sketch.h"
#include "tests/aggregator/figures/judged_days.h"

namespace kansoku::aggregator {
namespace {

// Days of several rules: neither sources nor what they sent adds up.
TEST(TelescopePeriod, WithholdWhatSeveralRulesJudged) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  auto days = JudgedDays();
  days[1].mutable_sources()->set_rules(4);
  SetRules({4}, days[1]);
  const auto figures = FiguresOf(days, two);
  for (const char* id : {"darknet_survey_scan_share", "darknet_tool_packets", "darknet_victim_packets",
                         "darknet_unique_hosts", "darknet_non_survey_hosts"}) {
    EXPECT_EQ(Why(Find(figures, id, {})), kOtherWays);
  }
  for (const char* population : {"non_survey", "non_listed"}) {
    for (const char* id : {"darknet_port_share", "darknet_port_packets", "darknet_category_share"}) {
      EXPECT_EQ(Why(Find(figures, id, {{"population", population}})), kOtherWays);
    }
  }
  EXPECT_EQ(Value(figures, "darknet_packets", {{"family", "ipv4"}}), "6720");
  EXPECT_EQ(Value(figures, "darknet_category_share", {{"population", "all"}, {"category", "iot"}}), "0.3810");
  EXPECT_EQ(Why(Find(figures, "darknet_class_packets", {})), kOtherRules);
  EXPECT_EQ(Find(figures, "darknet_packets", {{"family", "ipv4"}}).darknet_rules(), 0u);
}

// A key is changed every month or so. Each day was judged by its own, so that all but unions of sketches are
// what they would be with one.
TEST(TelescopePeriod, TellAllButHostsOfDaysWithSeveralKeys) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  const auto is_of_hosts = [](const v1::Figure& figure) {
    return figure.id() == "darknet_unique_hosts" || figure.id() == "darknet_non_survey_hosts";
  };
  auto days = JudgedDays();
  auto of_one_key = FiguresOf(days, two);
  days[1].mutable_sources()->set_source_key(8);
  auto figures = FiguresOf(days, two);
  EXPECT_EQ(Why(Find(figures, "darknet_unique_hosts", {})), kOtherWays);
  EXPECT_EQ(Why(Find(figures, "darknet_non_survey_hosts", {})), kOtherWays);
  EXPECT_EQ(Value(figures, "darknet_survey_scan_share", {{"rule", "behaviour"}}), "0.1369");
  EXPECT_EQ(Value(figures, "darknet_category_share", {{"population", "non_survey"}, {"category", "windows"}}),
            "0.2690");  // 780 / 2900
  EXPECT_GT(std::erase_if(of_one_key, is_of_hosts), 2u);
  EXPECT_EQ(std::erase_if(figures, is_of_hosts), 2u);
  ASSERT_EQ(figures.size(), of_one_key.size());
  for (size_t i = 0; i < figures.size(); ++i) {
    EXPECT_EQ(figures[i].ShortDebugString(), of_one_key[i].ShortDebugString());
  }
}

// Classes are told by rules on days whose sources nobody judged, or told apart, too.
TEST(TelescopePeriod, WithholdClassesByTheRulesOfEveryDay) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  for (const std::vector<uint32_t>& rules : std::vector<std::vector<uint32_t>>{{4}, {3, 4}, {0}}) {
    auto days = JudgedDays();
    days[1].clear_sources();
    SetRules(rules, days[1]);
    const auto figures = FiguresOf(days, two);
    EXPECT_EQ(Why(Find(figures, "darknet_class_packets", {})), kOtherRules);
    // Totals are nobody's class.
    const v1::Figure packets = Find(figures, "darknet_packets", {{"family", "ipv4"}});
    EXPECT_EQ(packets.value(), "6720");
    EXPECT_EQ(packets.darknet_rules(), 0u);
    EXPECT_EQ(Find(figures, "darknet_victim_packets", {}).darknet_rules(), 3u);
  }
}

// Of no version, or of 0: neither is known to be that of another day.
TEST(TelescopePeriod, TreatDaysAlikeThatDoNotSayTheirRules) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  for (const std::vector<uint32_t>& unsaid : std::vector<std::vector<uint32_t>>{{}, {0}}) {
    auto days = JudgedDays();
    SetRules(unsaid, days[1]);
    // Its sources were judged by 3.
    EXPECT_EQ(
        Value(FiguresOf(days, two), "darknet_class_packets", {{"class", "tcp_syn"}, {"family", "ipv4"}}),
        "6720");
    days[1].clear_sources();
    EXPECT_EQ(Why(Find(FiguresOf(days, two), "darknet_class_packets", {})), kOtherRules);
    days[1].clear_sensors();  // nothing came
    EXPECT_EQ(
        Value(FiguresOf(days, two), "darknet_class_packets", {{"class", "tcp_syn"}, {"family", "ipv4"}}),
        "3360");
    // Two that do not say it.
    days = JudgedDays();
    for (v1::TelescopeDay& day : days) day.clear_sources();
    SetRules({}, days[0]);
    SetRules(unsaid, days[1]);
    const v1::Figure packets =
        Find(FiguresOf(days, two), "darknet_class_packets", {{"class", "tcp_syn"}, {"family", "ipv4"}});
    EXPECT_EQ(packets.value(), "6720");
    EXPECT_EQ(packets.darknet_rules(), 0u);
  }
}

TEST(TelescopePeriod, SayTheRulesWhereNobodyToldSourcesApart) {
  const DayPeriod one{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 1)};
  v1::TelescopeDay day = JudgedDays().front();
  day.clear_sources();
  const auto figures = FiguresOf({day}, one);
  EXPECT_EQ(Value(figures, "darknet_class_packets", {{"class", "tcp_syn"}, {"family", "ipv4"}}), "3360");
  for (const v1::Figure& figure : figures) EXPECT_EQ(figure.darknet_rules(), 3u) << figure.id();
}

TEST(TelescopePeriod, SayWhichRevisionsTheyAreOfAndWhenTheyWereComputed) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  auto days = JudgedDays();
  days[1].clear_sources();
  const auto figures = FiguresOf(days, two);
  EXPECT_GT(figures.size(), 40u);
  for (const v1::Figure& figure : figures) {
    EXPECT_EQ(figure.darknet_revision(), 3u) << figure.id();
    EXPECT_EQ(figure.computed_unix_seconds(), 1'730'672'800) << figure.id();
  }
  EXPECT_EQ(Find(FiguresOf({days[0]}, {two.first, two.first}), "darknet_addresses", {}).darknet_revision(),
            1u);
}

// Days that were made before they said their rules.
TEST(TelescopePeriod, WithholdClassesByWhatOlderDaysSay) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  for (const bool is_mixed : {true, false}) {
    auto days = JudgedDays();
    SetRules({}, days[1]);
    if (is_mixed) {
      days[1].clear_sources();
      days[1].set_sources_withheld_because("sources were told apart in 2 ways");
    } else {
      days[1].mutable_sources()->clear_judged_in_revision();
      days[1].mutable_sources()->set_rules(4);
    }
    const auto figures = FiguresOf(days, two);
    EXPECT_EQ(Why(Find(figures, "darknet_class_packets", {})), kOtherRules);
    EXPECT_EQ(Find(figures, "darknet_packets", {{"family", "ipv4"}}).darknet_rules(), 0u);
    EXPECT_EQ(Find(figures, "darknet_victim_packets", {}).value(), "90");
    EXPECT_EQ(Find(figures, "darknet_victim_packets", {}).darknet_rules(), 3u);
  }
}

TEST(TelescopePeriod, SayOfHowManyWindowsSourcesWereToldApart) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  auto days = JudgedDays();
  days[1].clear_sources();
  const v1::Figure share = Find(FiguresOf(days, two), "darknet_survey_scan_share", {{"rule", "behaviour"}});
  EXPECT_EQ(share.value(), "0.1369");
  EXPECT_EQ(share.windows(), kWindows);
  EXPECT_EQ(share.expected_windows(), 2 * kWindows);
}

// As rules are said: where there is one version, by figures of judged sources alone.
TEST(TelescopePeriod, SayByWhichVersionSourcesWereJudged) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  auto days = JudgedDays();
  days[0].mutable_sources()->set_judgement(2);
  for (const auto& [other, said] : {std::pair(2u, 2u), {0u, 0u}, {3u, 0u}}) {
    days[1].mutable_sources()->set_judgement(other);
    const auto figures = FiguresOf(days, two);
    EXPECT_EQ(Find(figures, "darknet_victim_packets", {}).darknet_judgement(), said);
    EXPECT_EQ(Find(figures, "darknet_victim_packets", {}).value(), "180");
    EXPECT_EQ(Find(figures, "darknet_category_share", {{"population", "non_survey"}, {"category", "iot"}})
                  .darknet_judgement(),
              said);
    EXPECT_EQ(Find(figures, "darknet_packets", {{"family", "ipv4"}}).darknet_judgement(), 0u);
    EXPECT_EQ(Find(figures, "darknet_unique_hosts", {{"family", "ipv4"}}).darknet_judgement(), 0u);
  }
}

// METRICS 5.1: IPv6 is a series of its own, and what is said of survey scanners is a part of IPv4.
TEST(TelescopePeriod, TellSharesOfIpv4) {
  const DayPeriod one{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 1)};
  v1::TelescopeDay day = JudgedDays().front();
  const auto without = FiguresOf({day}, one);
  v1::ClassDay& ipv6 = *day.mutable_sensors(0)->add_classes();
  ipv6.set_darknet_class(v1::DARKNET_CLASS_TCP_SYN);
  ipv6.set_family(v1::FAMILY_IPV6);
  ipv6.set_packets(9'000);
  day.mutable_sources()->set_ipv6_packets(9'000);
  auto figures = FiguresOf({day}, one);
  EXPECT_EQ(std::erase_if(figures,
                          [](const v1::Figure& figure) {
                            const auto family = figure.labels().find("family");
                            return family != figure.labels().end() && family->second == "ipv6";
                          }),
            2u)
      << "its packets, and those of its class";
  ASSERT_EQ(figures.size(), without.size());
  for (size_t i = 0; i < figures.size(); ++i) {
    EXPECT_EQ(figures[i].ShortDebugString(), without[i].ShortDebugString());
  }
}

TEST(TelescopePeriod, TellWhatMayBeOfSurveyScanners) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  auto days = JudgedDays();
  days[0].mutable_sources()->set_undecided_packets(30);
  days[1].mutable_sources()->set_undecided_packets(12);
  EXPECT_EQ(Value(FiguresOf(days, two), "darknet_unjudged_packets", {{"because", "undecided"}}), "42");
}

TEST(TelescopePeriod, NameFurtherListsWithoutAVersion) {
  const DayPeriod one{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 1)};
  v1::TelescopeDay day = JudgedDays().front();
  v1::SurveyList& list = *day.mutable_sources()->mutable_listed(0)->mutable_list();
  list.set_name("further lists");
  list.clear_version();
  EXPECT_EQ(
      Value(FiguresOf({day}, one), "darknet_survey_sources", {{"rule", "listed"}, {"list", "further lists"}}),
      "1");
}

// A source that is a scanner on the first day alone is among the hosts of both.
TEST(TelescopePeriod, CountHostsThatAreNoScannersOnSomeDay) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  std::mt19937_64 random(5);
  std::vector<uint64_t> often(5'000);
  for (uint64_t& id : often) id = random();
  auto days = JudgedDays();
  std::set<uint64_t> others;
  for (v1::TelescopeDay& day : days) {
    DaySources sources(100'000);
    v1::DarknetSources window;
    window.set_source_key(7);
    window.set_rules(3);
    const auto add = [&](uint64_t id, bool is_scanner) {
      v1::DarknetSource& source = *window.add_sources();
      source.set_id(id);
      source.set_family(v1::FAMILY_IPV4);
      source.set_probe_packets(is_scanner ? 1'000 : 1);
      for (uint32_t port = 1; is_scanner && port <= 30; ++port) source.add_ports()->set_port(port);
      if (!is_scanner) others.insert(id);
    };
    for (uint64_t scanner = 1; scanner <= 100; ++scanner) {
      add(scanner * 0x9e3779b97f4a7c15, &day == &days.front() || scanner > 50);
    }
    for (int i = 0; i < 20'000; ++i)
      add(random() % 2 == 0 ? random() : often[random() % often.size()], false);
    ASSERT_TRUE(sources.Add(0, 10, window).ok());
    v1::SourcesDay judged;
    sources.Judge({.packets = 100, .ports = 30}, judged, *day.mutable_ports());
    EXPECT_EQ(judged.survey_sources(), &day == &days.front() ? 100u : 50u);
    *day.mutable_sources()->mutable_non_survey_sketches() = judged.non_survey_sketches();
  }
  SourceSketch exact;
  for (const uint64_t id : others) exact.Add(id);
  v1::SourceSketch sketch;
  exact.WriteTo(sketch);
  const v1::Figure hosts = Find(FiguresOf(days, two), "darknet_non_survey_hosts", {{"family", "ipv4"}});
  EXPECT_EQ(hosts.value(), std::to_string(EstimateSources(sketch)));
  EXPECT_NEAR(std::stod(hosts.value()), static_cast<double>(others.size()),
              3 * std::stod(hosts.standard_error()));
  EXPECT_EQ(hosts.windows(), 2 * kWindows);
}

TEST(TelescopePeriod, TellNoHostsWithoutTheFamiliesOfADay) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  auto days = JudgedDays();
  v1::SourcesDay& second = *days[1].mutable_sources();
  second.clear_non_survey_sketches();
  // Where only IPv6 was judged there is nobody to tell of.
  second.set_judged_packets(7);
  second.set_ipv6_packets(7);
  EXPECT_EQ(Find(FiguresOf(days, two), "darknet_non_survey_hosts", {{"family", "ipv4"}}).value(), "2");
  second.set_ipv6_packets(6);
  EXPECT_EQ(
      Why(Find(FiguresOf(days, two), "darknet_non_survey_hosts", {})),
      "other_keys: on 1 of the days collectors did not say the family of every source: run this version, or "
      "a later one, on all");
  EXPECT_EQ(
      Find(FiguresOf({days[0]}, {two.first, two.first}), "darknet_non_survey_hosts", {{"family", "ipv4"}})
          .value(),
      "2");
  // A day that nobody judged is not among those it is of.
  days[1].clear_sources();
  EXPECT_EQ(Find(FiguresOf(days, two), "darknet_non_survey_hosts", {{"family", "ipv4"}}).value(), "2");
}

// The sketches of a day are there before it is judged, and not where some sensor's sources were not told
// apart.
TEST(TelescopePeriod, CountHostsOfTheDaysThatHaveSketches) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  auto days = JudgedDays();
  days[1].mutable_sources()->clear_judged_in_revision();
  const v1::Figure hosts = Find(FiguresOf(days, two), "darknet_unique_hosts", {{"family", "ipv4"}});
  EXPECT_EQ(hosts.value(), "3");
  EXPECT_EQ(hosts.windows(), 2 * kWindows);
  days[1].mutable_sources()->clear_sketches();
  EXPECT_EQ(Why(Find(FiguresOf(days, two), "darknet_unique_hosts", {})), kOtherWays);
  days[1].clear_sources();
  EXPECT_EQ(Find(FiguresOf(days, two), "darknet_unique_hosts", {{"family", "ipv4"}}).windows(), kWindows);
}

}  // namespace
}  // namespace kansoku::aggregator
