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
  EXPECT_EQ(
      sample.Get("fixed_interconnection", {{"group", "b1"}, {"direction", "download"}}).withheld_because(),
      "fewer than 3 ISPs contribute to it");
  EXPECT_EQ(sample.Get("fixed_balance").withheld_because(), "fewer than 3 ISPs contribute to it");
  AddPoint("b1-too-of-a", v1::GROUP_B1, *statistics_register.mutable_contributors(0));
  AddSteady("b1-too-of-a", v1::GROUP_B1, 1, 1, sample.inputs);
  EXPECT_EQ(
      sample.Get("fixed_interconnection", {{"group", "b1"}, {"direction", "upload"}}).withheld_because(),
      "fewer than 3 ISPs contribute to it");
  statistics_register.set_fewest_contributors(4);
  EXPECT_EQ(sample.Get("fixed_download_national").withheld_because(), "fewer than 4 ISPs contribute to it");
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

}  // namespace
}  // namespace kansoku::aggregator
