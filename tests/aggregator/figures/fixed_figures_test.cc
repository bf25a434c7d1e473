// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/fixed_figures.h"

#include <gtest/gtest.h>

#include "aggregator/figures/monthly_figures.h"
#include "aggregator/figures/quantity.h"
#include "tests/aggregator/figures/figure_literals.h"
#include "tests/aggregator/figures/month_literals.h"
#include "tests/aggregator/figures/three_isps.h"

namespace kansoku::aggregator {
namespace {

using Sample = ThreeIsps;
const FigureLabels kA1Download = {{"group", "a1"}, {"direction", "download"}};

TEST(FixedFigures, SayWhatAReaderNeedsToJudgeThem) {
  Sample sample;
  auto& gap = *sample.inputs.mutable_points(0)->add_gaps();
  gap.set_evicted_because(v1::Tombstone::REASON_SPOOL_FULL);
  gap.set_windows(1);
  gap.set_packets(77);
  sample.inputs.mutable_points(0)->mutable_hours(5)->set_windows(359);
  sample.inputs.mutable_points(1)->add_flags(v1::QUALITY_FLAG_DROPS);
  sample.inputs.mutable_points(2)->add_flags(v1::QUALITY_FLAG_OFFLOADED);
  const v1::Figure figure = sample.Get("fixed_download_national");
  EXPECT_EQ(figure.series(), v1::SERIES_FIXED);
  EXPECT_EQ(figure.month(), "2024-11");
  EXPECT_EQ(figure.period().start_unix_seconds(), 1'730'386'800);
  EXPECT_EQ(figure.period().end_unix_seconds(), 1'732'978'800);
  EXPECT_EQ(figure.basis(), v1::COVERAGE_BASIS_CONTRACT_SHARE);
  EXPECT_EQ(figure.coverage(), "0.5000");
  EXPECT_EQ(figure.base_unit(), "bit/s");
  EXPECT_EQ(figure.unit(), "bit/s");
  EXPECT_EQ(figure.windows(), 3 * 259'200u - 1);
  EXPECT_EQ(figure.expected_windows(), 3 * 259'200u);
  ASSERT_EQ(figure.gaps_size(), 1);
  EXPECT_EQ(figure.gaps(0).windows(), 1u);
  EXPECT_EQ(figure.gaps(0).packets(), 0u);
  EXPECT_EQ(figure.method(), "fixed_month_rate of group a1, download / fixed_coverage (METRICS 3.4)");
  ASSERT_EQ(figure.flags_size(), 2);
  EXPECT_EQ(figure.flags(0), v1::QUALITY_FLAG_DROPS);
  EXPECT_EQ(figure.flags(1), v1::QUALITY_FLAG_OFFLOADED);
  ASSERT_EQ(figure.notes_size(), 2);
  EXPECT_EQ(figure.notes(0), v1::FIGURE_NOTE_IMPUTED);
  EXPECT_EQ(figure.notes(1), v1::FIGURE_NOTE_OFFLOADED);
}

TEST(FixedFigures, ExplainEachStep) {
  const v1::Figure figure = Sample().Get("fixed_per_contract_volume", {{"direction", "download"}});
  std::vector<std::string> steps;
  for (const v1::FigureStep& step : figure.steps()) {
    steps.push_back(step.what() + ": " + step.value() + " " + step.unit());
  }
  EXPECT_EQ(steps, (std::vector<std::string>{
                       "completeness: 1 ratio",
                       "octets of group a1, download, of 3 ISPs at 3 points: 194400000 bytes",
                       "seconds of the month: 2592000 seconds",
                       "fixed_month_rate: 600 bit/s",
                       "share of 2024-11 in coverage.csv, released 2024-12-01: 1/2 ratio",
                       "fixed_coverage: 1/2 ratio",
                       "contracts of the whole market at 2024-09, released 2024-12-20: 10 contracts",
                       "fixed_per_contract_rate: 120 bit/s",
                       "seconds of a mean month of 30.4375 days: 2629800 seconds",
                   }));
  EXPECT_EQ(figure.exact(), "39447000");
}

TEST(FixedFigures, FollowFromOneAnother) {
  const Sample sample;
  EXPECT_EQ(sample.Get("fixed_month_rate", kA1Download).exact(), "600");
  EXPECT_EQ(sample.Get("fixed_coverage").exact(), "1/2");
  EXPECT_EQ(sample.Get("fixed_coverage").value(), "0.5000");
  EXPECT_EQ(sample.Get("fixed_download_national").exact(), "1200");
  EXPECT_EQ(sample.Get("fixed_upload_national").exact(), "120");
  EXPECT_EQ(sample.Get("fixed_volume_per_day", {{"direction", "upload"}}).exact(), "1296000");
  EXPECT_EQ(sample.Get("fixed_per_contract_rate", {{"direction", "download"}}).exact(), "120");
  EXPECT_EQ(sample.Get("fixed_per_contract_volume", {{"direction", "upload"}}).exact(), "3944700");
}

TEST(FixedFigures, OfAMissingWindowHaveItsShareOfTheMedian) {
  Sample sample;
  // Of one of 720 windows of a slot that holds 90,000 octets 100 were measured before it broke off.
  v1::HourVolume& hour = *sample.inputs.mutable_points(0)->mutable_hours(30);
  hour.set_windows(359);
  hour.set_download_octets(45'000 - 125);
  const v1::Figure rate = sample.Get("fixed_month_rate", kA1Download);
  EXPECT_EQ(rate.exact(), "600");  // 90,000 / 720 are the 125 octets
  hour.set_download_octets(45'000 - 100);
  EXPECT_EQ(sample.Get("fixed_month_rate", kA1Download).exact(),
            "7776001/12960");  // 600 + 8 x 25 / 2,592,000
  EXPECT_TRUE(HasNote(rate, v1::FIGURE_NOTE_IMPUTED));
  EXPECT_EQ(rate.steps(2).what(), "of these filled in for missing windows");
  EXPECT_EQ(rate.steps(2).value(), "125");
  EXPECT_EQ(rate.steps(0).value(), "777599/777600");
}

TEST(FixedFigures, AreWithheldBelowNinetyFivePercent) {
  Sample sample;
  auto& hours = *sample.inputs.mutable_points(0)->mutable_hours();
  // 108 of 2160 hours are 5 %.
  hours.DeleteSubrange(100, 108);
  EXPECT_EQ(Why(sample.Get("fixed_month_rate", kA1Download)), "");
  hours.Mutable(0)->set_windows(359);
  const std::string reason =
      "incomplete: 738719 of 777600 windows of group a1 came; below 95 % nothing is filled in";
  for (const v1::Figure& figure : sample.Figures()) {
    if (figure.id() == "fixed_coverage") continue;
    EXPECT_NE(figure.withheld_because(), "") << figure.id();
    EXPECT_EQ(figure.value(), "") << figure.id();
    EXPECT_EQ(figure.exact(), "") << figure.id();
    EXPECT_FALSE(HasNote(figure, v1::FIGURE_NOTE_IMPUTED)) << figure.id();  // nothing was
    if (figure.id() != "fixed_balance") {
      EXPECT_EQ(Why(figure), reason) << figure.id();
    }
  }
}

TEST(FixedFigures, CountAPointThatNeverReportedAsMissing) {
  Sample sample;
  AddPoint("d", v1::GROUP_A1, *sample.statistics.mutable_register_()->mutable_contributors(0));
  const v1::Figure figure = sample.Get("fixed_month_rate", kA1Download);
  EXPECT_EQ(Why(figure),
            "incomplete: 777600 of 1036800 windows of group a1 came; below 95 % nothing is filled in");
  EXPECT_EQ(figure.expected_windows(), 4 * 259'200u);
  EXPECT_EQ(figure.windows(), 3 * 259'200u);
}

TEST(FixedFigures, SayWhichSlotCannotBeFilled) {
  Sample sample;
  for (int day = 0; day < 30; ++day)
    sample.inputs.mutable_points(0)->mutable_hours(day * 24 + 9)->set_windows(350);
  EXPECT_EQ(Why(sample.Get("fixed_month_rate", kA1Download)),
            "unfillable: of group a1 windows are missing at 09-11 on weekdays, and a point has no complete "
            "slot of that "
            "kind to "
            "fill them from");
}

TEST(FixedFigures, LeaveOutPointsThatAreNoMembers) {
  Sample sample;
  AddSteady("stranger", v1::GROUP_A1, 1'000'000, 0, sample.inputs);
  auto& contributors = *sample.statistics.mutable_register_()->mutable_contributors();
  EXPECT_EQ(sample.Get("fixed_month_rate", kA1Download).exact(), "600");
  contributors.Mutable(2)->mutable_points(0)->set_until("2024-11");
  EXPECT_EQ(sample.Get("fixed_month_rate", kA1Download).exact(), "300");
  contributors.Mutable(1)->set_member_since("2024-12");
  EXPECT_EQ(sample.Get("fixed_month_rate", kA1Download).exact(), "100");
}

TEST(FixedFigures, NeedAPointOfSubscribers) {
  Sample sample;
  sample.statistics.mutable_register_()->clear_contributors();
  EXPECT_EQ(Why(sample.Get("fixed_month_rate", kA1Download)),
            "no_points: the register has no point of group a1");
}

TEST(FixedFigures, AreNotComputedInOtherOctetsThanMeasured) {
  Sample sample;
  sample.statistics.mutable_register_()->set_octets_basis(v1::OCTETS_BASIS_L2_FCS);
  EXPECT_EQ(Why(sample.Get("fixed_download_national")),
            "other_octets: the month was measured in octets of l3, and the register counts those of l2_fcs");
}

TEST(FixedFigures, WithoutAShareEndAtTheContributors) {
  Sample sample;
  sample.statistics.clear_coverage();
  const std::string reason =
      "no_contracts: contracts.csv has no row of \"isp-a\" of the fixed series at 2024-09";
  EXPECT_EQ(Why(sample.Get("fixed_coverage")), reason);
  EXPECT_EQ(Why(sample.Get("fixed_download_national")), reason);
  EXPECT_EQ(Why(sample.Get("fixed_volume_per_day", {{"direction", "upload"}})), reason);
  EXPECT_EQ(Why(sample.Get("fixed_per_contract_rate", {{"direction", "upload"}})), reason);
  EXPECT_EQ(sample.Get("fixed_month_rate", kA1Download).exact(), "600");
  EXPECT_EQ(sample.Get("fixed_month_rate", kA1Download).coverage(), "");
}

TEST(FixedFigures, WithoutContractsEndAtTheNation) {
  Sample sample;
  sample.statistics.clear_contracts();
  EXPECT_EQ(sample.Get("fixed_download_national").exact(), "1200");
  for (const char* id :
       {"fixed_per_contract_rate", "fixed_per_contract_volume", "fixed_per_contract_volume_mic"}) {
    EXPECT_EQ(Why(sample.Get(id, {{"direction", "download"}})),
              "no_contracts: contracts.csv has no row of the whole market of the fixed series at 2024-09");
  }
}

TEST(FixedFigures, SayWhereTheyAreMadeUpOrTheirMembersChanged) {
  Sample sample;
  sample.statistics.mutable_register_()->set_simulated(true);
  v1::Contributor& member = *sample.statistics.mutable_register_()->mutable_contributors(1);
  const auto notes = [&](v1::FigureNote note) {
    int count = 0;
    const auto figures = sample.Figures();
    for (const v1::Figure& figure : figures) count += HasNote(figure, note) ? 1 : 0;
    EXPECT_TRUE(count == 0 || count == static_cast<int>(figures.size()));
    return count > 0;
  };
  EXPECT_TRUE(notes(v1::FIGURE_NOTE_SIMULATED));
  EXPECT_FALSE(notes(v1::FIGURE_NOTE_PARTIAL_MEMBER));
  member.set_member_since("2023-12");
  EXPECT_TRUE(notes(v1::FIGURE_NOTE_PARTIAL_MEMBER));
  member.set_member_since("2023-11");
  EXPECT_FALSE(notes(v1::FIGURE_NOTE_PARTIAL_MEMBER));
  member.set_member_until("2024-11");
  EXPECT_TRUE(notes(v1::FIGURE_NOTE_PARTIAL_MEMBER));
  member.set_member_until("2024-12");
  EXPECT_FALSE(notes(v1::FIGURE_NOTE_PARTIAL_MEMBER));
}

TEST(FixedFigures, OfSamplesHaveAnError) {
  Sample sample;
  v1::PointMonth& point = *sample.inputs.mutable_points(0);
  point.add_flags(v1::QUALITY_FLAG_SAMPLED);
  point.mutable_hours(3)->mutable_download_variance()->set_low(4'860'000ull * 4'860'000);
  const v1::Figure rate = sample.Get("fixed_month_rate", kA1Download);
  EXPECT_EQ(rate.standard_error(), "15");  // 8 x 4.86e6 / 2.592e6
  EXPECT_TRUE(HasNote(rate, v1::FIGURE_NOTE_SAMPLED));
  EXPECT_EQ(sample.Get("fixed_month_rate", {{"group", "a1"}, {"direction", "upload"}}).standard_error(), "");
  EXPECT_EQ(sample.Get("fixed_download_national").standard_error(), "30");
  EXPECT_EQ(sample.Get("fixed_volume_per_day", {{"direction", "download"}}).standard_error(), "324000");
  EXPECT_EQ(sample.Get("fixed_per_contract_rate", {{"direction", "download"}}).standard_error(), "3.000");
  Print("fixed_download_national", "kbps", 3, 2, sample.statistics);
  EXPECT_EQ(sample.Get("fixed_download_national").standard_error(), "0.03");
}

TEST(FixedFigures, ArePrintedAsTheRegisterSays) {
  Sample sample;
  Print("fixed_download_national", "kbps", 3, 1, sample.statistics);
  Print("fixed_coverage", "%", 0, 1, sample.statistics);
  v1::Figure figure = sample.Get("fixed_download_national");
  EXPECT_EQ(figure.value(), "1.2");
  EXPECT_EQ(figure.unit(), "kbps");
  EXPECT_EQ(figure.base_unit(), "bit/s");
  EXPECT_EQ(figure.exact(), "1200");
  EXPECT_EQ(sample.Get("fixed_coverage").value(), "50.0");
  EXPECT_EQ(sample.Get("fixed_coverage").exact(), "1/2");
  Print("fixed_balance", "to one", 2, 3, sample.statistics);
  AddPoint("x", v1::GROUP_B2, *sample.statistics.mutable_register_()->mutable_contributors(0));
  AddSteady("x", v1::GROUP_B2, 450 * 600, 450 * 60, sample.inputs);
  EXPECT_EQ(sample.Get("fixed_balance").value(), "0.010");  // only what is printed in % is multiplied
  // From 2025 on otherwise.
  *sample.statistics.add_presentations() = sample.statistics.presentations(0);
  sample.statistics.mutable_presentations(3)->set_since("2025-01");
  sample.statistics.mutable_presentations(3)->set_digits(3);
  EXPECT_EQ(sample.Get("fixed_download_national").value(), "1.2");
}

TEST(MonthlyFigures, AreNoneOfNoSeriesOrMonth) {
  Sample sample;
  sample.inputs.set_series(v1::SERIES_UNSPECIFIED);
  EXPECT_TRUE(sample.Figures().empty());
  sample.inputs.set_series(v1::SERIES_FIXED);
  sample.inputs.set_month("2024-13");
  EXPECT_TRUE(sample.Figures().empty());
}

TEST(MonthlyFigures, HoldSumsBeyondSixtyFourBits) {
  Sample sample;
  for (v1::PointMonth& point : *sample.inputs.mutable_points()) {
    for (v1::HourVolume& hour : *point.mutable_hours()) hour.set_download_octets(UINT64_MAX);
  }
  EXPECT_EQ(sample.Get("fixed_month_rate", kA1Download).exact(),
            "1229782938247303441/10");  // 3 x 8 x (2^64 - 1) / 3600
}

}  // namespace
}  // namespace kansoku::aggregator
