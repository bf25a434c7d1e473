// SPDX-License-Identifier: Apache-2.0
//
// The data that ships: deploy/register and deploy/reference.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "proto/contract/csv_rows.h"
#include "aggregator/register/register_folder.h"
#include "proto/contract/statistics_lookup.h"

namespace kansoku::aggregator {
namespace {

using ::testing::ElementsAre;

const v1::Statistics& Shipped() {
  static const absl::StatusOr<Register> read =
      ReadRegister(absl::StrCat(KANSOKU_SOURCE_DIR, "/deploy/register"));
  EXPECT_TRUE(read.ok()) << read.status();
  return read->statistics;
}

TEST(ShippedRegister, HasTheContributorsOfTheRelease) {
  EXPECT_EQ(MembersOf(Shipped(), v1::SERIES_FIXED, {2017, 4}).size(), 0u);
  EXPECT_EQ(MembersOf(Shipped(), v1::SERIES_FIXED, {2017, 5}).size(), 9u);
  EXPECT_EQ(MembersOf(Shipped(), v1::SERIES_MOBILE, {2024, 9}).size(), 5u);
  EXPECT_EQ(PointsOf(Shipped(), v1::SERIES_MOBILE, {2024, 9}).size(), 5u);
}

// METRICS 3.3, 6.
TEST(ShippedRegister, HasWhatIsKnownOfTheMarket) {
  EXPECT_EQ(FindContracts(Shipped(), v1::SERIES_FIXED, {2024, 12}, kWholeMarket)->contracts(), 46'990'000u);
  EXPECT_EQ(FindContracts(Shipped(), v1::SERIES_FIXED, {2024, 12}, "iij"), nullptr);
  EXPECT_EQ(FindCoverage(Shipped(), {2011, 11}, v1::COVERAGE_BASIS_CONTRACT_SHARE)->share(), "0.439");
}

// METRICS 7.
TEST(ShippedRegister, HasTheBreaksOfTheFixedSeries) {
  std::vector<std::string> months;
  for (const v1::SeriesBreak* one : BreaksBetween(Shipped(), v1::SERIES_FIXED, {2004, 9}, {2026, 12}))
    months.push_back(one->month());
  EXPECT_THAT(months, ElementsAre("2006-05", "2011-05", "2011-11", "2015-11", "2017-05"));
  EXPECT_TRUE(BreaksBetween(Shipped(), v1::SERIES_FIXED, {2023, 11}, {2024, 11}).empty());
}

// METRICS 1.4.
TEST(ShippedRegister, SaysHowFiguresArePrinted) {
  const v1::Presentation& national = *FindPresentation(Shipped(), "fixed_download_national", {2024, 11});
  EXPECT_EQ(national.unit(), "Tbps");
  EXPECT_EQ(national.power_of_ten(), 12u);
  EXPECT_EQ(national.digits(), 1u);
  EXPECT_EQ(FindPresentation(Shipped(), "fixed_download_national", {2011, 11})->unit(), "Gbps");
  EXPECT_EQ(FindPresentation(Shipped(), "fixed_download_growth", {2024, 11})->unit(), "%");
}

int Weekdays(Month month) {
  int weekdays = 0;
  const absl::CivilMonth civil(month.year, month.month);
  for (absl::CivilDay day(civil); day < absl::CivilDay(civil + 1); ++day)
    weekdays += DayTypeOf(Shipped(), day) == DayType::kWeekday ? 1 : 0;
  return weekdays;
}

TEST(ShippedHolidays, CutMonthsAsTheyWere) {
  EXPECT_EQ(Weekdays({2024, 11}), 20);  // METRICS 3.8
  EXPECT_EQ(Weekdays({2019, 5}), 19);   // an Emperor abdicated: ten days in a row from 27 April on
  EXPECT_EQ(Weekdays({2020, 7}), 21);   // the Olympic Games took the holidays of July and October
  EXPECT_EQ(Weekdays({2020, 10}), 22);
  EXPECT_EQ(Weekdays({2005, 5}), 19);
}

TEST(ShippedHolidays, AreThoseOfTheCabinetOffice) {
  std::map<std::string, int> of_year;
  std::map<std::string, std::string> names;
  for (const v1::Holiday& holiday : Shipped().holidays()) {
    ++of_year[holiday.date().substr(0, 4)];
    names[holiday.date()] = holiday.name_ja();
  }
  // From its syukujitsu.csv.
  const std::map<std::string, int> published = {
      {"2004", 15}, {"2005", 16}, {"2006", 16}, {"2007", 19}, {"2008", 17}, {"2009", 17},
      {"2010", 16}, {"2011", 15}, {"2012", 18}, {"2013", 17}, {"2014", 17}, {"2015", 17},
      {"2016", 17}, {"2017", 17}, {"2018", 20}, {"2019", 22}, {"2020", 18}, {"2021", 17},
      {"2022", 16}, {"2023", 17}, {"2024", 21}, {"2025", 19}, {"2026", 18}};
  EXPECT_EQ(of_year, published);
  for (const char* between :
       {"2004-05-04", "2009-09-22", "2015-09-22", "2019-04-30", "2019-05-02", "2026-09-22"})
    EXPECT_EQ(names[between], "国民の休日") << between;
  for (const char* substitute : {"2005-03-21", "2008-05-06", "2021-08-09", "2024-11-04", "2026-05-06"})
    EXPECT_EQ(names[substitute], "振替休日") << substitute;
  EXPECT_EQ(names["2012-09-22"], "秋分の日");
  EXPECT_EQ(names["2026-03-20"], "春分の日");
  EXPECT_EQ(names["2021-07-23"], "スポーツの日");
  EXPECT_FALSE(names.contains("2019-12-23"));
}

// "2024-11", "2020-03-11", "2020-Q1" or "2024".
bool IsPeriod(const std::string& text) {
  if (text.size() == 7 && text[5] == 'Q') return ParseMonth(text.substr(0, 5) + "0" + text.substr(6)).ok();
  return ParseMonth(text.size() == 4 ? text + "-01" : text.substr(0, 7)).ok();
}

TEST(ShippedReference, RowsAreNumbersWithASource) {
  const std::set<std::string> origins = {"seen", "derived", "recalled"};
  std::map<std::string, size_t> rows_of;
  const std::string folder = absl::StrCat(KANSOKU_SOURCE_DIR, "/deploy/reference");
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".csv") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const std::string name = entry.path().filename();
    const absl::StatusOr<std::vector<CsvRow>> rows = ParseCsv(text, name);
    ASSERT_TRUE(rows.ok()) << rows.status();
    EXPECT_THAT(rows->at(0).cells, ElementsAre("period", "value", "unit", "source", "seen_or_recalled",
                                               "series", "basis", "note"));
    for (auto row = rows->begin() + 1; row != rows->end(); ++row) {
      const std::string at = absl::StrCat(name, ":", row->line);
      ASSERT_EQ(row->cells.size(), 8u) << at;
      double value = 0;
      EXPECT_TRUE(IsPeriod(row->cells[0])) << at;
      EXPECT_TRUE(absl::SimpleAtod(row->cells[1], &value)) << at;
      for (const int required : {2, 3, 5}) EXPECT_NE(row->cells[static_cast<size_t>(required)], "") << at;
      EXPECT_TRUE(origins.contains(row->cells[4])) << at;
    }
    rows_of[name] = rows->size() - 1;
  }
  const std::map<std::string, size_t> expected = {
      {"broadband_contracts.csv", 12},    {"fixed_cooperating_isps.csv", 30},
      {"fixed_growth_published.csv", 26}, {"fixed_national_estimate.csv", 60},
      {"fixed_per_contract.csv", 21},     {"mobile.csv", 32},
      {"nicter_annual.csv", 98},          {"nicter_shares.csv", 33}};
  EXPECT_EQ(rows_of, expected);
}

}  // namespace
}  // namespace kansoku::aggregator
