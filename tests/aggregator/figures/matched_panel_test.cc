// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/matched_panel.h"

#include <gtest/gtest.h>

#include "tests/aggregator/figures/figure_literals.h"
#include "tests/aggregator/figures/month_literals.h"

namespace kansoku::aggregator {
namespace {

constexpr v1::Series kFixed = v1::SERIES_FIXED;

// "stays" grows from 100 to 112 bit/s, "joins" comes with 500, "leaves" had 300; between them the series
// breaks.
struct Sample {
  v1::Statistics statistics = EmptyRegister();
  v1::MonthInputs earlier = EmptyInputs(kFixed, "2024-05"), later = EmptyInputs(kFixed, "2024-11");

  Sample() {
    AddPoint("s", v1::GROUP_A1, AddContributor(kFixed, "stays", statistics));
    AddPoint("j", v1::GROUP_A1, AddContributor(kFixed, "joins", statistics));
    AddPoint("l", v1::GROUP_A1, AddContributor(kFixed, "leaves", statistics));
    statistics.mutable_register_()->mutable_contributors(1)->set_member_since("2024-06");
    statistics.mutable_register_()->mutable_contributors(2)->set_member_until("2024-08");
    statistics.add_breaks()->set_series(kFixed);
    statistics.mutable_breaks(0)->set_month("2024-06");
    AddSteady("s", v1::GROUP_A1, 45'000, 45'000, earlier);
    AddSteady("l", v1::GROUP_A1, 135'000, 0, earlier);
    AddSteady("s", v1::GROUP_A1, 50'400, 22'500, later);
    AddSteady("j", v1::GROUP_A1, 225'000, 0, later);
  }
};

TEST(MatchedPanel, GrowsAsTheMembersOfBothMonthsDo) {
  const Sample sample;
  const v1::Figure growth =
      MatchedPanelGrowth(sample.earlier, sample.later, sample.statistics, Flow::kDownload);
  EXPECT_EQ(growth.id(), "fixed_download_growth");
  EXPECT_EQ(growth.exact(), "3/25");  // May has a day more, and a rate does not know
  EXPECT_EQ(growth.labels().at("lag"), "6_months");
  ASSERT_EQ(growth.notes_size(), 1);
  EXPECT_EQ(growth.notes(0), v1::FIGURE_NOTE_MATCHED_PANEL);
  EXPECT_EQ(growth.month(), "2024-11");
  EXPECT_TRUE(growth.method().starts_with("mean rate of the subscribers of those contributors that both"));
  EXPECT_EQ(growth.basis(), v1::COVERAGE_BASIS_UNSPECIFIED) << "no share enters it";
  ASSERT_EQ(growth.steps_size(), 2);
  EXPECT_EQ(growth.steps(0).value(), "112");
  EXPECT_EQ(growth.steps(1).what(), "rate of the matched panel in 2024-05");
  EXPECT_EQ(growth.steps(1).value(), "100");
  const v1::Figure upload =
      MatchedPanelGrowth(sample.earlier, sample.later, sample.statistics, Flow::kUpload);
  EXPECT_EQ(upload.id(), "fixed_upload_growth");
  EXPECT_EQ(upload.exact(), "-1/2");
}

TEST(MatchedPanel, KeepsTheNotesOfBothMonths) {
  Sample sample;
  sample.earlier.mutable_points(0)->mutable_hours(5)->set_windows(359);
  sample.later.mutable_points(0)->add_flags(v1::QUALITY_FLAG_SAMPLED);
  const v1::Figure growth =
      MatchedPanelGrowth(sample.earlier, sample.later, sample.statistics, Flow::kDownload);
  ASSERT_EQ(growth.notes_size(), 3);
  EXPECT_EQ(growth.notes(0), v1::FIGURE_NOTE_IMPUTED);
  EXPECT_EQ(growth.notes(1), v1::FIGURE_NOTE_SAMPLED);
  EXPECT_EQ(growth.notes(2), v1::FIGURE_NOTE_MATCHED_PANEL);
}

TEST(MatchedPanel, SaysWhichMonthCannotBeCompared) {
  Sample sample;
  const auto reason = [&] {
    return Why(MatchedPanelGrowth(sample.earlier, sample.later, sample.statistics, Flow::kUpload));
  };
  for (v1::HourVolume& hour : *sample.earlier.mutable_points(0)->mutable_hours()) hour.set_upload_octets(0);
  EXPECT_EQ(reason(), "nothing_counted: nothing was measured of the matched panel in 2024-05");
  sample.earlier.mutable_points(0)->clear_hours();
  EXPECT_EQ(reason(),
            "earlier_withheld: 2024-05: 0 of 267840 windows of the matched panel came; below 95 % nothing is "
            "filled in");
  sample.later.mutable_points(0)->clear_hours();
  EXPECT_EQ(reason(),
            "incomplete: 0 of 259200 windows of the matched panel came; below 95 % nothing is filled in");
  sample.statistics.mutable_register_()->mutable_contributors(0)->set_member_since("2024-06");
  EXPECT_EQ(reason(), "no_points: the register has no point of the matched panel");
}

// Who joins is one, and so is who leaves: from the published sums their rates would be told.
TEST(MatchedPanel, DoesNotTellOfFew) {
  Sample sample;
  sample.statistics.mutable_register_()->set_fewest_contributors(2);
  AddPoint("s2", v1::GROUP_A1, AddContributor(kFixed, "stays-too", sample.statistics));
  AddSteady("s2", v1::GROUP_A1, 45'000, 45'000, sample.earlier);
  AddSteady("s2", v1::GROUP_A1, 45'000, 45'000, sample.later);
  const v1::Figure growth =
      MatchedPanelGrowth(sample.earlier, sample.later, sample.statistics, Flow::kDownload);
  EXPECT_EQ(growth.withheld_because(),
            "of 2024-05 it leaves out fewer than 2 ISPs, and would tell of them by subtraction from what is "
            "published");
  EXPECT_EQ(growth.value() + growth.exact(), "");
  EXPECT_EQ(growth.steps_size(), 0) << "they would tell it";
}

TEST(MatchedPanel, OfMobileIsByDirection) {
  v1::Statistics statistics = OnePoint(v1::SERIES_MOBILE);
  const auto earlier = SteadyMonth(v1::SERIES_MOBILE, "2023-09", 100, 20);
  const auto later = SteadyMonth(v1::SERIES_MOBILE, "2024-09", 120, 60);
  const v1::Figure growth = MatchedPanelGrowth(earlier, later, statistics, Flow::kTotal);
  EXPECT_EQ(growth.id(), "mobile_growth");
  EXPECT_EQ(growth.exact(), "1/2");
  EXPECT_EQ(growth.labels().at("direction"), "total");
  EXPECT_EQ(growth.labels().at("lag"), "12_months");
}

}  // namespace
}  // namespace kansoku::aggregator
