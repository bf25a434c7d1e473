// SPDX-License-Identifier: Apache-2.0
//
// What figures say of the days that they are made of: how many, which revisions, and by which keys and rules.
#include "aggregator/figures/telescope_period.h"

#include <gtest/gtest.h>

#include "tests/aggregator/figures/judged_days.h"

namespace kansoku::aggregator {
namespace {

// Days of several keys or rules: neither sources nor what they sent adds up.
TEST(TelescopePeriod, WithholdWhatSeveralKeysOrRulesJudged) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  for (const bool is_key : {true, false}) {
    auto days = JudgedDays();
    if (is_key) {
      days[1].mutable_sources()->set_source_key(8);
    } else {
      days[1].mutable_sources()->set_rules(4);
      SetRules({4}, days[1]);
    }
    const auto figures = FiguresOf(days, two);
    for (const char* id : {"darknet_survey_scan_share", "darknet_tool_packets", "darknet_victim_packets",
                           "darknet_unique_hosts"}) {
      EXPECT_EQ(Why(Find(figures, id, {})), kOtherWays);
    }
    for (const char* population : {"non_survey", "non_listed"}) {
      for (const char* id : {"darknet_port_share", "darknet_port_packets", "darknet_category_share"}) {
        EXPECT_EQ(Why(Find(figures, id, {{"population", population}})), kOtherWays);
      }
    }
    EXPECT_EQ(Value(figures, "darknet_packets", {{"family", "ipv4"}}), "6720");
    EXPECT_EQ(Value(figures, "darknet_category_share", {{"population", "all"}, {"category", "iot"}}),
              "0.3810");
    // Classes are judged by rules, not by keys.
    if (is_key) {
      EXPECT_EQ(Value(figures, "darknet_class_packets", {{"class", "tcp_syn"}, {"family", "ipv4"}}), "6720");
    } else {
      EXPECT_EQ(Why(Find(figures, "darknet_class_packets", {})), kOtherRules);
    }
    EXPECT_EQ(Find(figures, "darknet_packets", {{"family", "ipv4"}}).darknet_rules(), is_key ? 3u : 0u);
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
