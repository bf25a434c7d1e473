// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/mobile_figures.h"

#include <gtest/gtest.h>

#include "aggregator/figures/monthly_figures.h"
#include "aggregator/figures/quantity.h"
#include "tests/aggregator/figures/figure_literals.h"
#include "tests/aggregator/figures/month_literals.h"

namespace kansoku::aggregator {
namespace {

const FigureLabels kDownload = {{"direction", "download"}};

// Two operators, 100 and 200 bit/s down, 10 and 20 up; the second is of group a2.
struct Sample {
  v1::Statistics statistics = EmptyRegister();
  v1::MonthInputs inputs = EmptyInputs(v1::SERIES_MOBILE, "2024-09");

  Sample() {
    AddPoint("a", v1::GROUP_A1, AddContributor(v1::SERIES_MOBILE, "one", statistics));
    AddPoint("b", v1::GROUP_A2, AddContributor(v1::SERIES_MOBILE, "two", statistics));
    AddSteady("a", v1::GROUP_A1, 45'000, 4'500, inputs);
    AddSteady("b", v1::GROUP_A2, 90'000, 9'000, inputs);
    AddContracts(v1::SERIES_MOBILE, "2024-09", "", 40, statistics);
  }
  v1::Figure Get(const std::string& id, const FigureLabels& labels = kDownload) const {
    return Find(MonthlyFigures(inputs, statistics), id, labels);
  }
};

TEST(MobileFigures, AreNotExtrapolated) {
  Sample sample;
  AddContracts(v1::SERIES_MOBILE, "2024-09", "one", 10, sample.statistics);
  AddContracts(v1::SERIES_MOBILE, "2024-09", "two", 10, sample.statistics);
  const v1::Figure rate = sample.Get("mobile_rate");
  EXPECT_EQ(rate.exact(), "300");
  EXPECT_EQ(rate.coverage(), "0.5000");
  EXPECT_EQ(rate.basis(), v1::COVERAGE_BASIS_UNSPECIFIED);
  EXPECT_EQ(sample.Get("mobile_rate", {{"direction", "upload"}}).exact(), "30");
  EXPECT_EQ(sample.Get("mobile_rate", {{"direction", "total"}}).exact(), "330");
  EXPECT_EQ(sample.Get("mobile_volume", {{"direction", "total"}}).exact(), "106920000");
  EXPECT_EQ(sample.Get("mobile_per_subscriber_rate").exact(), "15/2");
  EXPECT_EQ(sample.Get("mobile_per_subscriber_volume").exact(), "2430000");
}

TEST(MobileFigures, HaveTheMonthAsLongAsItIs) {
  Sample sample;
  sample.inputs = EmptyInputs(v1::SERIES_MOBILE, "2024-12");
  AddSteady("a", v1::GROUP_A1, 45'000, 4'500, sample.inputs);
  AddSteady("b", v1::GROUP_A2, 90'000, 9'000, sample.inputs);
  EXPECT_EQ(sample.Get("mobile_rate").exact(), "300");
  EXPECT_EQ(sample.Get("mobile_volume").exact(), "100440000");  // 31 days
}

TEST(MobileFigures, LeaveOutWhatOperatorsExchange) {
  Sample sample;
  AddPoint("x", v1::GROUP_B1, *sample.statistics.mutable_register_()->mutable_contributors(0));
  AddSteady("x", v1::GROUP_B1, 1'000'000, 1'000'000, sample.inputs);
  EXPECT_EQ(sample.Get("mobile_rate").exact(), "300");
}

TEST(MobileFigures, WithoutSubscribersEndAtTheWhole) {
  Sample sample;
  sample.statistics.clear_contracts();
  EXPECT_EQ(sample.Get("mobile_volume").exact(), "97200000");
  EXPECT_EQ(Why(sample.Get("mobile_per_subscriber_volume")),
            "no_contracts: contracts.csv has no row of the whole market of the mobile series at 2024-09");
}

// By the hour: 250 of an hour's 45,000 octets were measured before 358 of its windows were lost.
TEST(MobileFigures, FillMissingWindowsByTheHour) {
  Sample sample;
  v1::HourVolume& hour = *sample.inputs.mutable_points(0)->mutable_hours(30);
  hour.set_windows(2);
  hour.set_download_octets(250);
  const v1::Figure rate = sample.Get("mobile_rate");
  EXPECT_EQ(rate.exact(), "300");
  EXPECT_TRUE(HasNote(rate, v1::FIGURE_NOTE_IMPUTED));
}

TEST(MobileFigures, AreWithheldAsTheFixedOnesAre) {
  Sample sample;
  sample.statistics.mutable_register_()->set_fewest_contributors(3);
  EXPECT_EQ(Why(sample.Get("mobile_rate")), "few_contributors: fewer than 3 ISPs contribute to it");
  sample.inputs.mutable_points()->DeleteSubrange(1, 1);
  EXPECT_EQ(
      Why(sample.Get("mobile_volume")),
      "incomplete: 259200 of 518400 windows of mobile subscribers came; below 95 % nothing is filled in");
}

}  // namespace
}  // namespace kansoku::aggregator
