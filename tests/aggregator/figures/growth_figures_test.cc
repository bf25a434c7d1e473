// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/growth_figures.h"

#include <gtest/gtest.h>

#include "aggregator/figures/monthly_figures.h"
#include "tests/aggregator/figures/figure_literals.h"
#include "tests/aggregator/figures/month_literals.h"

namespace kansoku::aggregator {
namespace {

const FigureLabels kYear = {{"lag", "12_months"}}, kHalf = {{"lag", "6_months"}};

// 112 Gbit/s in November 2024, all of the nation.
struct Sample {
  v1::Statistics statistics = OnePoint(v1::SERIES_FIXED);
  v1::MonthInputs inputs = SteadyMonth(v1::SERIES_FIXED, "2024-11", 112'000'000'000, 0);

  Sample() { AddShare("2024-11", "1", statistics); }
  v1::Figure Growth(const FigureLabels& lag = kYear) const {
    return Find(MonthlyFigures(inputs, statistics), "fixed_download_growth", lag);
  }
};

TEST(Growth, IsAgainstTheSameMonthOfTheYearBefore) {
  Sample sample;
  AddEarlier("fixed_download_national", "2023-11", "100000000000", sample.inputs);
  const v1::Figure growth = sample.Growth();
  EXPECT_EQ(growth.exact(), "3/25");
  EXPECT_EQ(growth.value(), "0.1200");
  EXPECT_EQ(growth.unit(), "ratio");
  EXPECT_EQ(growth.standard_error(), "");
  ASSERT_GE(growth.steps_size(), 2);
  EXPECT_EQ(growth.steps(growth.steps_size() - 2).what(), "fixed_download_national of 2024-11");
  EXPECT_EQ(growth.steps(growth.steps_size() - 2).value(), "112000000000");
  EXPECT_EQ(growth.steps(growth.steps_size() - 1).what(), "fixed_download_national of 2023-11, vintage 1");
  EXPECT_EQ(growth.steps(growth.steps_size() - 1).value(), "100000000000");
}

// METRICS 3.6: half a year's growth is not doubled.
TEST(Growth, OfHalfAYearIsThatOfHalfAYear) {
  Sample sample;
  AddEarlier("fixed_download_national", "2024-05", "128000000000", sample.inputs);
  EXPECT_EQ(sample.Growth(kHalf).exact(), "-1/8");
  EXPECT_EQ(Why(sample.Growth(kYear)), "no_earlier: fixed_download_national of 2023-11 was not published");
}

TEST(Growth, TakesTheLatestVintage) {
  Sample sample;
  AddEarlier("fixed_download_national", "2023-11", "70000000000", sample.inputs).set_vintage(2);
  AddEarlier("fixed_download_national", "2023-11", "100000000000", sample.inputs).set_vintage(1);
  EXPECT_EQ(sample.Growth().exact(), "3/5");
}

TEST(Growth, IsWithheldAcrossABreak) {
  Sample sample;
  AddEarlier("fixed_download_national", "2023-11", "100000000000", sample.inputs);
  AddEarlier("fixed_download_national", "2024-05", "100000000000", sample.inputs);
  v1::SeriesBreak& row = *sample.statistics.add_breaks();
  row.set_series(v1::SERIES_FIXED);
  row.set_month("2024-05");
  row.set_reason_en("nine ISPs instead of five");
  EXPECT_EQ(Why(sample.Growth(kYear)), "series_break: series_break: nine ISPs instead of five");
  EXPECT_EQ(sample.Growth(kYear).value(), "");
  EXPECT_EQ(sample.Growth(kYear).exact(), "");
  EXPECT_EQ(sample.Growth(kHalf).exact(), "3/25");  // May is already after it
  row.set_month("2024-11");
  EXPECT_EQ(Why(sample.Growth(kHalf)), "series_break: series_break: nine ISPs instead of five");
  row.set_month("2024-12");
  EXPECT_EQ(sample.Growth(kYear).exact(), "3/25");
  row.set_month("2024-11");
  row.set_series(v1::SERIES_MOBILE);
  EXPECT_EQ(sample.Growth(kYear).exact(), "3/25");
}

TEST(Growth, IsWithinOneBasis) {
  Sample sample;
  AddEarlier("fixed_download_national", "2023-11", "100000000000", sample.inputs)
      .set_basis(v1::COVERAGE_BASIS_IX_SHARE);
  EXPECT_EQ(Why(sample.Growth()),
            "other_basis: fixed_download_national of 2023-11 is of basis ix_share, and this month of "
            "contract_share");
}

TEST(Growth, SaysWhyThereIsNothingToGrowFrom) {
  Sample sample;
  v1::Figure& earlier = AddEarlier("fixed_download_national", "2023-11", "0", sample.inputs);
  EXPECT_EQ(Why(sample.Growth()), "nothing_counted: fixed_download_national of 2023-11 is 0");
  earlier.set_exact("");
  EXPECT_EQ(Why(sample.Growth()), "no_earlier: fixed_download_national of 2023-11 has no exact value");
  earlier.set_withheld_because("no contracts");
  EXPECT_EQ(Why(sample.Growth()),
            "earlier_withheld: fixed_download_national of 2023-11 was withheld: no contracts");
  sample.statistics.clear_coverage();
  EXPECT_EQ(Why(sample.Growth()),
            "no_contracts: contracts.csv has no row of \"isp-a\" of the fixed series at 2024-09");
}

TEST(Growth, FindsTheEarlierFigureByItsLabels) {
  v1::MonthInputs inputs = SteadyMonth(v1::SERIES_MOBILE, "2024-09", 112'000'000'000, 10'000'000'000);
  (*AddEarlier("mobile_rate", "2023-09", "8000000000", inputs).mutable_labels())["direction"] = "upload";
  (*AddEarlier("mobile_rate", "2023-09", "100000000000", inputs).mutable_labels())["direction"] = "download";
  const auto figures = MonthlyFigures(inputs, OnePoint(v1::SERIES_MOBILE));
  EXPECT_EQ(Find(figures, "mobile_growth", {{"direction", "download"}, {"lag", "12_months"}}).exact(),
            "3/25");
  EXPECT_EQ(Find(figures, "mobile_growth", {{"direction", "upload"}, {"lag", "12_months"}}).exact(), "1/4");
  EXPECT_EQ(Why(Find(figures, "mobile_growth", {{"direction", "total"}, {"lag", "12_months"}})),
            "no_earlier: mobile_rate of 2023-09 was not published");
}

TEST(Growth, HasTheErrorsOfBothMonths) {
  Sample sample;
  v1::Figure& earlier = AddEarlier("fixed_download_national", "2023-11", "100000000000", sample.inputs);
  earlier.set_value("100.0");
  earlier.set_standard_error("3.0");
  earlier.add_notes(v1::FIGURE_NOTE_SAMPLED);
  // 8 x sqrt(variance) / 2,592,000 s = 4.48 Gbit/s, 4 % of the month's rate.
  const absl::uint128 error = 4'480'000'000ull * 324'000;
  auto& variance = *sample.inputs.mutable_points(0)->mutable_hours(0)->mutable_download_variance();
  variance.set_high(absl::Uint128High64(error * error));
  variance.set_low(absl::Uint128Low64(error * error));
  const v1::Figure growth = sample.Growth();
  EXPECT_EQ(growth.standard_error(), "0.0560");  // 1.12 x sqrt(0.03^2 + 0.04^2)
  ASSERT_EQ(growth.notes_size(), 1);
  EXPECT_EQ(growth.notes(0), v1::FIGURE_NOTE_SAMPLED);
}

TEST(Growth, AgainstMadeUpFiguresSaysSo) {
  Sample sample;
  AddEarlier("fixed_download_national", "2023-11", "100000000000", sample.inputs)
      .add_notes(v1::FIGURE_NOTE_SIMULATED);
  EXPECT_TRUE(HasNote(sample.Growth(), v1::FIGURE_NOTE_SIMULATED));
}

}  // namespace
}  // namespace kansoku::aggregator
