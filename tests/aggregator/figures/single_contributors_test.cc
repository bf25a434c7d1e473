// SPDX-License-Identifier: Apache-2.0
//
// What figures of months do not say, because it would tell of single contributors.
#include <gtest/gtest.h>

#include "tests/aggregator/figures/three_isps.h"

namespace kansoku::aggregator {
namespace {

const FigureLabels kA1Download = {{"group", "a1"}, {"direction", "download"}};

TEST(SingleContributors, AreNotTheWholeOfAFigure) {
  ThreeIsps sample;
  auto& statistics_register = *sample.statistics.mutable_register_();
  statistics_register.set_fewest_contributors(3);
  AddPoint("b1-of-a", v1::GROUP_B1, *statistics_register.mutable_contributors(0));
  AddPoint("b1-of-b", v1::GROUP_B1, *statistics_register.mutable_contributors(1));
  AddSteady("b1-of-a", v1::GROUP_B1, 1, 1, sample.inputs);
  AddSteady("b1-of-b", v1::GROUP_B1, 1, 1, sample.inputs);
  EXPECT_EQ(sample.Get("fixed_month_rate", kA1Download).exact(), "600");
  EXPECT_EQ(Why(sample.Get("fixed_interconnection", {{"group", "b1"}, {"direction", "download"}})),
            "few_contributors: fewer than 3 ISPs contribute to it");
  EXPECT_EQ(Why(sample.Get("fixed_balance")), "few_contributors: fewer than 3 ISPs contribute to it");
  AddPoint("b1-too-of-a", v1::GROUP_B1, *statistics_register.mutable_contributors(0));
  AddSteady("b1-too-of-a", v1::GROUP_B1, 1, 1, sample.inputs);
  EXPECT_EQ(Why(sample.Get("fixed_interconnection", {{"group", "b1"}, {"direction", "upload"}})),
            "few_contributors: fewer than 3 ISPs contribute to it");
  statistics_register.set_fewest_contributors(4);
  EXPECT_EQ(Why(sample.Get("fixed_download_national")),
            "few_contributors: fewer than 4 ISPs contribute to it");
}

// How much was filled in for a window is what its point would have had.
TEST(SingleContributors, AreNotAllThatWasFilledIn) {
  ThreeIsps sample;
  sample.statistics.mutable_register_()->set_fewest_contributors(3);
  const auto lose_a_window_of = [&](int isp) {
    sample.inputs.mutable_points(isp)->mutable_hours(30)->set_windows(359);
  };
  const auto filled = [&] {
    const v1::Figure rate = sample.Get("fixed_month_rate", kA1Download);
    EXPECT_TRUE(HasNote(rate, v1::FIGURE_NOTE_IMPUTED));
    for (const v1::FigureStep& step : rate.steps()) {
      if (step.what() == "of these filled in for missing windows") return step.value();
    }
    return std::string("untold");
  };
  lose_a_window_of(0);
  AddPoint("more-of-a", v1::GROUP_A1, *sample.statistics.mutable_register_()->mutable_contributors(0));
  AddSteady("more-of-a", v1::GROUP_A1, 45'000, 0, sample.inputs);
  lose_a_window_of(3);
  lose_a_window_of(1);
  EXPECT_EQ(filled(), "untold");  // three points, two ISPs
  lose_a_window_of(2);
  EXPECT_EQ(filled(), "875");  // 125 for each 45,000 octets an hour, of which there are 1 + 2 + 3 + 1
}

// The error of a sample is its ISP's own where others count every packet.
TEST(SingleContributors, AreNotAllWhoSample) {
  ThreeIsps sample;
  sample.statistics.mutable_register_()->set_fewest_contributors(2);
  v1::Figure& earlier = AddEarlier("fixed_download_national", "2023-11", "1000", sample.inputs);
  earlier.set_value("1000");
  const auto let_sample = [&](int isp) {
    v1::HourVolume& hour = *sample.inputs.mutable_points(isp)->mutable_hours(3);
    hour.mutable_download_variance()->set_low(4'860'000ull * 4'860'000);
    hour.mutable_upload_variance()->set_low(4'860'000ull * 4'860'000);
  };
  const auto is_of_many = [&](const std::string& id, const FigureLabels& labels) {
    const v1::Figure figure = sample.Get(id, labels);
    EXPECT_NE(figure.standard_error(), "") << id;
    return figure.error_is_of_many();
  };
  const FigureLabels year = {{"lag", "12_months"}};
  let_sample(0);
  EXPECT_FALSE(is_of_many("fixed_month_rate", kA1Download));
  EXPECT_FALSE(is_of_many("fixed_download_national", {}));
  EXPECT_FALSE(is_of_many("fixed_download_growth", year));
  let_sample(1);
  EXPECT_TRUE(is_of_many("fixed_month_rate", kA1Download));
  EXPECT_TRUE(is_of_many("fixed_per_contract_volume", {{"direction", "download"}}));
  EXPECT_TRUE(is_of_many("fixed_download_growth", year));
  // Who samples may differ from slot to slot.
  EXPECT_FALSE(is_of_many("fixed_hour_profile",
                          {{"direction", "download"}, {"day_type", "weekday"}, {"slot", "03-05"}}));
  // That of this month is told: what is left of the growth's would be the earlier month's.
  earlier.set_standard_error("10");
  EXPECT_FALSE(is_of_many("fixed_download_growth", year));
  earlier.set_error_is_of_many(true);
  EXPECT_TRUE(is_of_many("fixed_download_growth", year));
  // One that samples only what its subscribers receive has its error in that alone.
  sample.inputs.mutable_points(1)->mutable_hours(3)->clear_upload_variance();
  EXPECT_FALSE(is_of_many("fixed_month_rate", {{"group", "a1"}, {"direction", "upload"}}));
}

}  // namespace
}  // namespace kansoku::aggregator
