// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/statistics_lookup.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

namespace kansoku {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::Statistics Parse(const std::string& text) {
  v1::Statistics statistics;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &statistics));
  return statistics;
}

// kita leaves when minami joins; nishi is a mobile operator of the same months as kita.
v1::Statistics ThreeContributors() {
  return Parse(R"(
    register {
      contributors { isp: "minami" series: SERIES_FIXED member_since: "2024-11"
                     points { point: "m-b1" group: GROUP_B1 }
                     points { point: "m-a1" group: GROUP_A1 since: "2024-12" until: "2025-02" } }
      contributors { isp: "kita" series: SERIES_FIXED member_since: "2023-01" member_until: "2024-11"
                     points { point: "k-a1" group: GROUP_A1 } }
      contributors { isp: "higashi" series: SERIES_FIXED member_since: "2023-01"
                     points { point: "z-a1" group: GROUP_A1 } }
      contributors { isp: "nishi" series: SERIES_MOBILE member_since: "2023-01"
                     points { point: "n-a1" group: GROUP_A1 } }
    })");
}

std::vector<std::string> MemberNames(v1::Series series, Month month) {
  const v1::Statistics statistics = ThreeContributors();
  std::vector<std::string> names;
  for (const v1::Contributor* member : MembersOf(statistics, series, month)) names.push_back(member->isp());
  return names;
}

std::vector<std::string> PointNames(v1::Series series, Month month) {
  const v1::Statistics statistics = ThreeContributors();
  std::vector<std::string> names;
  for (const SeriesPoint& one : PointsOf(statistics, series, month))
    names.push_back(one.contributor->isp() + "/" + one.point->point());
  return names;
}

TEST(StatisticsLookup, MembersAreThoseOfTheWholeMonth) {
  EXPECT_THAT(MemberNames(v1::SERIES_FIXED, {2022, 12}), IsEmpty());
  EXPECT_THAT(MemberNames(v1::SERIES_FIXED, {2023, 1}), ElementsAre("higashi", "kita"));
  EXPECT_THAT(MemberNames(v1::SERIES_FIXED, {2024, 10}), ElementsAre("higashi", "kita"));
  EXPECT_THAT(MemberNames(v1::SERIES_FIXED, {2024, 11}), ElementsAre("higashi", "minami"));
  EXPECT_THAT(MemberNames(v1::SERIES_MOBILE, {2024, 11}), ElementsAre("nishi"));
}

TEST(StatisticsLookup, PointsHaveMonthsOfTheirOwn) {
  EXPECT_THAT(PointNames(v1::SERIES_FIXED, {2024, 10}), ElementsAre("kita/k-a1", "higashi/z-a1"));
  EXPECT_THAT(PointNames(v1::SERIES_FIXED, {2024, 11}), ElementsAre("minami/m-b1", "higashi/z-a1"));
  EXPECT_THAT(PointNames(v1::SERIES_FIXED, {2024, 12}),
              ElementsAre("minami/m-a1", "minami/m-b1", "higashi/z-a1"));
  EXPECT_THAT(PointNames(v1::SERIES_FIXED, {2025, 2}), ElementsAre("minami/m-b1", "higashi/z-a1"));
  EXPECT_THAT(PointNames(v1::SERIES_MOBILE, {2024, 11}), ElementsAre("nishi/n-a1"));
}

TEST(StatisticsLookup, OfSeveralReleasesTheLastHolds) {
  const v1::Statistics statistics = Parse(R"(
    contracts { series: SERIES_FIXED quarter: "2024-09" released: "2025-03-28" contracts: 102 }
    contracts { series: SERIES_FIXED quarter: "2024-09" released: "2024-12-20" contracts: 100 }
    contracts { series: SERIES_FIXED quarter: "2024-09" released: "2025-01-10" contributor: "kita" contracts: 7 }
    contracts { series: SERIES_MOBILE quarter: "2024-09" released: "2026-01-10" contracts: 300 }
    coverage { month: "2024-11" basis: COVERAGE_BASIS_CONTRACT_SHARE share: "0.44" released: "2025-03-01" }
    coverage { month: "2024-11" basis: COVERAGE_BASIS_CONTRACT_SHARE share: "0.43" released: "2025-02-01" }
    coverage { month: "2024-11" basis: COVERAGE_BASIS_IX_SHARE share: "0.40" released: "2025-04-01" })");
  const Month september{2024, 9}, november{2024, 11};
  EXPECT_EQ(FindContracts(statistics, v1::SERIES_FIXED, september, kWholeMarket)->contracts(), 102u);
  EXPECT_EQ(FindContracts(statistics, v1::SERIES_FIXED, september, "kita")->contracts(), 7u);
  EXPECT_EQ(FindContracts(statistics, v1::SERIES_MOBILE, september, kWholeMarket)->contracts(), 300u);
  EXPECT_EQ(FindContracts(statistics, v1::SERIES_MOBILE, september, "kita"), nullptr);
  EXPECT_EQ(FindContracts(statistics, v1::SERIES_FIXED, {2024, 6}, kWholeMarket), nullptr);
  EXPECT_EQ(FindCoverage(statistics, november, v1::COVERAGE_BASIS_CONTRACT_SHARE)->share(), "0.44");
  EXPECT_EQ(FindCoverage(statistics, november, v1::COVERAGE_BASIS_IX_SHARE)->share(), "0.40");
  EXPECT_EQ(FindCoverage(statistics, {2024, 10}, v1::COVERAGE_BASIS_IX_SHARE), nullptr);
}

TEST(StatisticsLookup, FiguresArePrintedAsTheLatestRowSays) {
  const v1::Statistics statistics = Parse(R"(
    presentations { figure: "rate" since: "2014-05" unit: "Tbps" }
    presentations { figure: "rate" since: "2004-09" unit: "Gbps" }
    presentations { figure: "other" since: "2020-01" unit: "%" })");
  EXPECT_EQ(FindPresentation(statistics, "rate", {2004, 8}), nullptr);
  EXPECT_EQ(FindPresentation(statistics, "rate", {2004, 9})->unit(), "Gbps");
  EXPECT_EQ(FindPresentation(statistics, "rate", {2014, 4})->unit(), "Gbps");
  EXPECT_EQ(FindPresentation(statistics, "rate", {2014, 5})->unit(), "Tbps");
  EXPECT_EQ(FindPresentation(statistics, "rate", {2024, 11})->unit(), "Tbps");
  EXPECT_EQ(FindPresentation(statistics, "none", {2024, 11}), nullptr);
}

TEST(StatisticsLookup, ABreakIsAtTheFirstMonthAfterIt) {
  const v1::Statistics statistics = Parse(R"(
    breaks { series: SERIES_FIXED month: "2017-11" reason_en: "later" }
    breaks { series: SERIES_FIXED month: "2017-05" reason_en: "nine" }
    breaks { series: SERIES_MOBILE month: "2017-05" reason_en: "mobile" })");
  const auto reasons = [&](Month earlier, Month later) {
    std::vector<std::string> found;
    for (const v1::SeriesBreak* one : BreaksBetween(statistics, v1::SERIES_FIXED, earlier, later))
      found.push_back(one->reason_en());
    return found;
  };
  EXPECT_THAT(reasons({2016, 5}, {2017, 4}), IsEmpty());
  EXPECT_THAT(reasons({2016, 5}, {2017, 5}), ElementsAre("nine"));
  EXPECT_THAT(reasons({2016, 11}, {2017, 11}), ElementsAre("nine", "later"));
  EXPECT_THAT(reasons({2017, 5}, {2017, 11}), ElementsAre("later"));
  EXPECT_THAT(reasons({2017, 11}, {2018, 11}), IsEmpty());
}

// METRICS 3.8.
TEST(StatisticsLookup, NovemberOf2024HasTwentyWeekdays) {
  const v1::Statistics statistics = Parse(
      R"(holidays { date: "2024-11-03" } holidays { date: "2024-11-04" } holidays { date: "2024-11-23" })");
  int weekdays = 0;
  for (absl::CivilDay day(2024, 11, 1); day < absl::CivilDay(2024, 12, 1); ++day)
    weekdays += DayTypeOf(statistics, day) == DayType::kWeekday ? 1 : 0;
  EXPECT_EQ(weekdays, 20);
  EXPECT_EQ(DayTypeOf(statistics, absl::CivilDay(2024, 11, 4)), DayType::kHoliday);
  EXPECT_EQ(DayTypeOf(statistics, absl::CivilDay(2024, 11, 2)), DayType::kHoliday);
  EXPECT_EQ(DayTypeOf(statistics, absl::CivilDay(2024, 11, 5)), DayType::kWeekday);
  EXPECT_TRUE(KnowsHolidaysOf(statistics, 2024));
  EXPECT_FALSE(KnowsHolidaysOf(statistics, 2025));
}

}  // namespace
}  // namespace kansoku
