// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/charts.h"

#include <gtest/gtest.h>

#include "tests/aggregator/publish/sample_publication.h"

namespace kansoku::aggregator {
namespace {

// "2024-11: 1, -, 38.9!" with ! for measured, ~ for derived and ? for recalled values.
std::string Text(const ChartRow& row) {
  std::string text = row.period + ":";
  for (const ChartCell& cell : row.cells) {
    text += " " + (cell.value.empty() ? "-" + cell.because : cell.value);
    if (cell.value.empty()) continue;
    text += cell.mark == Mark::kMeasured   ? "!"
            : cell.mark == Mark::kDerived  ? "~"
            : cell.mark == Mark::kRecalled ? "?"
                                           : "";
  }
  return text;
}

std::vector<std::string> Rows(const Chart& chart) {
  std::vector<std::string> rows;
  for (const ChartRow& row : chart.rows) rows.push_back(Text(row));
  return rows;
}

TEST(Charts, TrafficKeepsBasesAndMeasurementsApart) {
  const Chart chart = TrafficChart(testing::SamplePublication(), Language::kEnglish);
  ASSERT_EQ(chart.series.size(), 6u);
  EXPECT_EQ(chart.series[0].name, "Fixed, published (IX share), Tbps");
  EXPECT_EQ(chart.series[4].name, "Fixed, measured, Tbps");
  EXPECT_EQ(Rows(chart), (std::vector<std::string>{
                             "2009-11: 1.3629 - - - - -",
                             "2014-11: - 3.5 - - - -",
                             "2019-09: - - - 3.082 - -",
                             "2022-11: - - 29.2~ - - -",
                             "2023-11: - - 34.5 - - -",
                             "2024-09: - - - - - 6.1234!",
                             "2024-11: - - - - 38.9! -",
                         }));
  EXPECT_EQ(chart.rows[1].remark, "contract_share;5isp; Press 2016");
  EXPECT_EQ(chart.rows[6].remark, "measured by Kansoku: simulated, imputed, partial");
  EXPECT_EQ(TrafficChart(testing::SamplePublication(), Language::kJapanese).rows[6].remark,
            "Kansokuによる実測: 模擬入力、補完あり、一部欠測");
}

TEST(Charts, TrafficSaysWhyAMonthIsWithheld) {
  Publication publication = testing::SamplePublication();
  publication.figures[0].clear_value();
  publication.figures[0].set_withheld_because("completeness 0.91");
  EXPECT_EQ(Rows(TrafficChart(publication, Language::kEnglish)).back(),
            "2024-11: - - - - -completeness 0.91 -");
}

TEST(Charts, TrafficIsOfDownloadAlone) {
  Publication publication = testing::SamplePublication();
  v1::Figure upload = testing::MobileRate("2024-09", "999.9");
  (*upload.mutable_labels())["direction"] = "upload";
  publication.figures.push_back(upload);
  EXPECT_EQ(Rows(TrafficChart(publication, Language::kEnglish))[5], "2024-09: - - - - - 6.1234!");
}

TEST(Charts, DarknetKeepsTheRestatedTableApart) {
  const Publication publication = testing::SamplePublication();
  EXPECT_EQ(Rows(DarknetChart(publication, Language::kEnglish)),
            (std::vector<std::string>{"2014: 25.66 - - -", "2015: - 63.2 - -", "2024: - 686.2 - 2430000~"}));
  EXPECT_EQ(Rows(DarknetChart(publication, Language::kJapanese))[2], "2024: - 6862 - 2430000~");
}

TEST(Charts, CategoriesAddUpToTheWhole) {
  EXPECT_EQ(Rows(CategoryChart(testing::SamplePublication(), Language::kEnglish)),
            (std::vector<std::string>{
                "2023: 30 -not printed in the text -not printed in the text -not printed in the text 70~",
                "2024: 30.5 20.25~ -not printed in the text -not printed in the text 49.25~"}));
}

}  // namespace
}  // namespace kansoku::aggregator
