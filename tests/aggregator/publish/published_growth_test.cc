// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/published_growth.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "aggregator/publish/darknet_growth_table.h"
#include "aggregator/publish/darknet_section.h"
#include "aggregator/publish/darknet_years.h"
#include "tests/aggregator/publish/sample_publication.h"

namespace kansoku::aggregator {
namespace {

std::vector<HistoryFile> Shipped() {
  std::ostringstream text;
  text << std::ifstream(KANSOKU_SOURCE_DIR "/deploy/reference/nicter_annual.csv").rdbuf();
  const auto file = ParseHistory("nicter_annual.csv", text.str());
  EXPECT_TRUE(file.ok()) << file.status();
  return {file.ok() ? *file : HistoryFile()};
}

YearQuotient Ratio(const std::vector<HistoryFile>& history, const std::string& year) {
  return RatioToYear(history, "total_packets", year, "2015");
}

YearQuotient Growth(const std::vector<HistoryFile>& history, const std::string& year,
                    const std::string& earlier) {
  return GrowthSinceYear(history, "total_packets", year, earlier);
}

// METRICS 5.6 and its vector V7: 6,862 / 632, and not / 545.1 of the report of 2017, which is 12.59.
TEST(PublishedGrowth, DividesWithinOneVintage) {
  const YearQuotient of_2024 = Ratio(Shipped(), "2024");
  EXPECT_EQ(of_2024.value, "10.86");
  EXPECT_EQ(of_2024.vintage, "vintage 2024 report");
  EXPECT_EQ(of_2024.evidence, Evidence::kDerived) << "both were seen";
  EXPECT_EQ(Ratio(Shipped(), "2016").value, "2.28") << "1440 / 632";
  EXPECT_EQ(Growth(Shipped(), "2016", "2015").vintage, "vintage 2024 report");
  // Both of the old table.
  const YearQuotient of_2014 = Growth(Shipped(), "2014", "2013");
  EXPECT_EQ(of_2014.value, "99.2");  // 25,660 / 12,880
  EXPECT_EQ(of_2014.vintage, "vintage 2017 report");
}

TEST(PublishedGrowth, NeverDividesAcrossVintages) {
  std::vector<HistoryFile> history = Shipped();
  std::erase_if(history[0].rows, [](const HistoryRow& row) {
    return row.period == "2015" && row.basis != "vintage 2017 report";
  });
  const YearQuotient withheld = Ratio(history, "2024");
  EXPECT_EQ(withheld.value, "");
  EXPECT_EQ(WhyWithheld(withheld, Language::kEnglish), "vintage 2024 report states 2024 and not 2015");
  EXPECT_EQ(WhyWithheld(withheld, Language::kJapanese),
            "2024年と同じ版（vintage 2024 report）に2015年の値がないため");
  EXPECT_EQ(Ratio(history, "2016").value, "2.35") << "of the old table, 1,281 / 545.1";
  EXPECT_EQ(WhyWithheld(Growth(Shipped(), "2025", "2024"), Language::kEnglish),
            "vintage 2025 report states 2025 and not 2024");
  EXPECT_EQ(WhyWithheld(Growth(Shipped(), "1999", "1998"), Language::kEnglish), "no report states 1999");
}

// METRICS 5.6 and its vector V9.
TEST(PublishedGrowth, GrowsOnTheYearBefore) {
  const YearQuotient of_2024 = Growth(Shipped(), "2024", "2023");
  EXPECT_EQ(of_2024.value, "10.7");
  EXPECT_EQ(of_2024.evidence, Evidence::kRecalled) << "of that vintage 2023 was not seen";
  EXPECT_EQ(WhyWithheld(of_2024, Language::kEnglish), "");
  EXPECT_EQ(Growth(Shipped(), "2021", "2020").value, "-9.2");  // 518.0 / 570.5
}

TEST(PublishedGrowth, KeepsToTheFirstYearThatAnEarlierReportHoldsFor) {
  const std::vector<HistoryFile> history = {
      testing::Table("t.csv",
                     "2015,100,packets,a,seen,total_packets,vintage 2022 report and later,\n"
                     "2016,300,packets,b,seen,total_packets,vintage 2021 report,\n"
                     "2017,0,packets,b,seen,total_packets,vintage 2021 report,\n"
                     "2018,5,packets,b,seen,total_packets,vintage 2021 report,\n"
                     "2019,400,packets,c,derived,total_packets,vintage 2023 report,\n")};
  EXPECT_EQ(WhyWithheld(Ratio(history, "2016"), Language::kEnglish),
            "vintage 2021 report states 2016 and not 2015");
  EXPECT_EQ(Ratio(history, "2019").value, "4.00");
  EXPECT_EQ(Ratio(history, "2019").source, "c / a");
  EXPECT_EQ(WhyWithheld(Growth(history, "2018", "2017"), Language::kEnglish), "2017 is 0");
  EXPECT_EQ(WhyWithheld(Growth(history, "2018", "2017"), Language::kJapanese), "2017年の値が0であるため");
}

// METRICS 5.5: 686.2e9 packets in 31,622,400 seconds are one each 13 seconds at an address.
TEST(DarknetYears, ReproduceTheLineOf2024) {
  const std::vector<DarknetYear> years = DarknetYears(Shipped());
  ASSERT_EQ(years.size(), 21u);
  EXPECT_EQ(years.front().packets.period, "2005");
  EXPECT_FALSE(years.front().ratio_to_base.has_value());
  const DarknetYear& of_2023 = years[18];
  EXPECT_EQ(of_2023.seconds_per_packet, "14");
  EXPECT_EQ(of_2023.seconds_evidence, Evidence::kRecalled);
  const DarknetYear& of_2024 = years[19];
  EXPECT_EQ(of_2024.packets.value, "686200000000");
  EXPECT_EQ(of_2024.packets.evidence, Evidence::kSeen);
  EXPECT_EQ(of_2024.seconds_per_packet, "13");
  EXPECT_EQ(of_2024.ratio_to_base->value, "10.86");
  EXPECT_EQ(of_2024.growth.value, "10.7");
}

TEST(DarknetYears, AreATableOfThePageAndOfOpenData) {
  Publication publication = testing::SamplePublication();
  publication.history = Shipped();
  const Chart page = DarknetGrowth(publication, Language::kJapanese);
  ASSERT_EQ(page.rows.size(), 21u);
  const ChartRow& of_2024 = page.rows[19];
  EXPECT_EQ(of_2024.period, "2024");
  EXPECT_EQ(of_2024.cells[0].value, "686200000000");
  EXPECT_EQ(of_2024.cells[1].value, "10.86");
  EXPECT_EQ(of_2024.cells[2].value, "10.7");
  EXPECT_EQ(of_2024.cells[3].value, "13");
  EXPECT_EQ(page.rows[20].cells[2].because, "2025年と同じ版（vintage 2025 report）に2024年の値がないため");

  const DataTable table = DarknetGrowthTable(publication);
  const auto row = [&](const std::string& year, const std::string& id) {
    for (const std::vector<std::string>& cells : table.rows) {
      EXPECT_EQ(cells.size(), table.columns.size());
      if (cells[0] == year && cells[1] == id) return cells;
    }
    return std::vector<std::string>(table.columns.size());
  };
  const std::vector<std::string> ratio = row("2024", "darknet_ratio_to_base_year");
  EXPECT_EQ(ratio[2], "2015");
  EXPECT_EQ(ratio[3], "10.86");
  EXPECT_EQ(ratio[6], "vintage 2024 report");
  EXPECT_EQ(ratio[7], "derived");
  EXPECT_EQ(row("2024", "darknet_yoy")[3], "10.7");
  EXPECT_EQ(row("2024", "darknet_yoy")[7], "recalled");
  EXPECT_EQ(row("2025", "darknet_yoy")[5], "vintage 2025 report states 2025 and not 2024");
  EXPECT_EQ(row("2024", "darknet_seconds_per_packet_per_ip")[3], "13");
}

}  // namespace
}  // namespace kansoku::aggregator
