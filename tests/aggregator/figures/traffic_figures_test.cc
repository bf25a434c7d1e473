// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/traffic_figures.h"

#include <gtest/gtest.h>

#include "aggregator/figures/figure_catalog.h"
#include "tests/aggregator/figures/figure_literals.h"

namespace kansoku::aggregator {
namespace {

using Labels = std::map<std::string, std::string>;
constexpr TimeSteps kHour{1'730'386'800, 1'730'390'400, 0};

Labels Of(std::string access, std::string direction, std::string basis, std::string group = "a1") {
  return {{"group", group}, {"access", access}, {"direction", direction}, {"octets_basis", basis}};
}

TEST(TrafficFigures, RateIsEightTimesOctetsOverThePeriod) {
  const std::vector<PointSum> points = {
      Point("tokyo", v1::GROUP_A1, 360, 360,
            {SubscriberCell(v1::GROUP_A1, v1::ACCESS_FIXED, v1::DIRECTION_DOWNLOAD, 900'000, 950'000),
             SubscriberCell(v1::GROUP_A1, v1::ACCESS_MOBILE, v1::DIRECTION_UPLOAD, 225, 675)})};
  const auto figures = TrafficFigures(points, kHour);

  EXPECT_EQ(Find(figures, "traffic_volume", Of("fixed", "download", "l3")).value(), "900000");
  EXPECT_EQ(Find(figures, "traffic_volume", Of("fixed", "download", "l2")).value(), "950000");
  // The cell has one packet.
  EXPECT_EQ(Find(figures, "traffic_volume", Of("fixed", "download", "l2_fcs")).value(), "950004");
  EXPECT_EQ(Find(figures, "traffic_volume", Of("fixed", "download", "l2_fcs")).standard_error(), "");
  EXPECT_EQ(Find(figures, "traffic_rate", Of("fixed", "download", "l3")).value(), "2000");
  EXPECT_EQ(Find(figures, "traffic_rate", Of("fixed", "download", "l2")).value(), "2111");  // 2111.1
  EXPECT_EQ(Find(figures, "traffic_rate", Of("fixed", "upload", "l3")).value(), "0");
  EXPECT_EQ(Find(figures, "traffic_rate", Of("mobile", "upload", "l3")).value(), "1");  // 0.5
  EXPECT_EQ(Find(figures, "traffic_rate", Of("mobile", "upload", "l2")).value(), "2");  // 1.5
  EXPECT_EQ(figures.size(), 24u);
}

TEST(TrafficFigures, AddsPointsOfAGroupAndNeverGroups) {
  const auto download = [](v1::Group group, uint64_t octets) {
    return SubscriberCell(group, v1::ACCESS_FIXED, v1::DIRECTION_DOWNLOAD, octets, octets);
  };
  const std::vector<PointSum> points = {
      Point("border", v1::GROUP_B1, 360, 360, {download(v1::GROUP_B1, 7)}),
      Point("osaka", v1::GROUP_A1, 360, 360, {download(v1::GROUP_A1, 20)}),
      Point("tokyo", v1::GROUP_A1, 350, 360, {download(v1::GROUP_A1, 300)}),
  };
  const auto figures = TrafficFigures(points, kHour);

  const v1::Figure a1 = Find(figures, "traffic_volume", Of("fixed", "download", "l3"));
  EXPECT_EQ(a1.value(), "320");
  EXPECT_EQ(a1.windows(), 710u);
  EXPECT_EQ(a1.expected_windows(), 720u);
  const v1::Figure b1 = Find(figures, "traffic_volume", Of("fixed", "download", "l3", "b1"));
  EXPECT_EQ(b1.value(), "7");
  EXPECT_EQ(b1.expected_windows(), 360u);
}

TEST(TrafficFigures, EstimatesWhatWasSampledAndSaysHowWell) {
  v1::Cell sampled = SubscriberCell(v1::GROUP_A1, v1::ACCESS_FIXED, v1::DIRECTION_DOWNLOAD, 400, 456);
  v1::SampledEstimate& estimate = *sampled.mutable_estimate();
  estimate.set_packets(40);
  estimate.set_wire_octets(4'560);
  estimate.set_ip_octets(4'000);
  estimate.mutable_packets_variance()->set_low(360);
  estimate.mutable_wire_octets_variance()->set_low(4'678'560);
  estimate.mutable_ip_octets_variance()->set_low(3'600'000);
  v1::Cell exact = SubscriberCell(v1::GROUP_A1, v1::ACCESS_FIXED, v1::DIRECTION_DOWNLOAD, 1'000, 1'014);
  const std::vector<PointSum> points = {Point("osaka", v1::GROUP_A1, 1, 1, {sampled}),
                                        Point("tokyo", v1::GROUP_A1, 1, 1, {exact})};
  const auto figures = TrafficFigures(points, TimeSteps{0, 10, 0});

  const v1::Figure l3 = Find(figures, "traffic_volume", Of("fixed", "download", "l3"));
  EXPECT_EQ(l3.value(), "5000");
  EXPECT_EQ(l3.standard_error(), "1897");  // sqrt(3600000) = 1897.4
  const v1::Figure l2_fcs = Find(figures, "traffic_volume", Of("fixed", "download", "l2_fcs"));
  EXPECT_EQ(l2_fcs.value(), "5738");           // 4560 + 1014 + 4 * 41
  EXPECT_EQ(l2_fcs.standard_error(), "2239");  // 2163.0 + 4 * 18.97
  const v1::Figure rate = Find(figures, "traffic_rate", Of("fixed", "download", "l3"));
  EXPECT_EQ(rate.value(), "4000");
  EXPECT_EQ(rate.standard_error(), "1518");
  EXPECT_EQ(Find(figures, "traffic_rate", Of("fixed", "upload", "l3")).standard_error(), "");
}

TEST(TrafficFigures, LeavesOutWhatHasNoSubscriberSide) {
  const std::vector<PointSum> points = {
      Point("tokyo", v1::GROUP_A1, 1, 1,
            {SubscriberCell(v1::GROUP_A1, v1::ACCESS_FIXED, v1::DIRECTION_INTERNAL, 5, 5),
             SubscriberCell(v1::GROUP_A1, v1::ACCESS_NONE, v1::DIRECTION_TRANSIT, 5, 5)})};
  EXPECT_TRUE(TrafficFigures(points, kHour).empty());
}

TEST(TrafficFigures, StateEveryQualityFlagOnce) {
  PointSum osaka = Point("osaka", v1::GROUP_A1, 360, 360,
                         {SubscriberCell(v1::GROUP_A1, v1::ACCESS_FIXED, v1::DIRECTION_UPLOAD, 1, 1)});
  PointSum tokyo = osaka;
  osaka.measurement.add_flags(v1::QUALITY_FLAG_DROPS);
  tokyo.measurement.add_flags(v1::QUALITY_FLAG_PARTIAL);
  tokyo.measurement.add_flags(v1::QUALITY_FLAG_DROPS);
  const auto figures = TrafficFigures(std::vector{osaka, tokyo}, kHour);
  const v1::Figure figure = Find(figures, "traffic_rate", Of("fixed", "upload", "l3"));
  ASSERT_EQ(figure.flags_size(), 2);
  EXPECT_EQ(figure.flags(0), v1::QUALITY_FLAG_PARTIAL);
  EXPECT_EQ(figure.flags(1), v1::QUALITY_FLAG_DROPS);
}

TEST(TrafficFigures, WithholdsASilentGroup) {
  const auto figures = TrafficFigures(std::vector{Point("tokyo", v1::GROUP_A1, 0, 360, {})}, kHour);
  ASSERT_EQ(figures.size(), 1u);
  EXPECT_EQ(figures[0].value(), "");
  EXPECT_EQ(Why(figures[0]), "incomplete: none of the 360 expected windows of this group arrived");
}

TEST(TrafficFigures, HaveNothingToSayOfAPointThatNeverReported) {
  EXPECT_TRUE(TrafficFigures(std::vector{Point("new", v1::GROUP_A1, 0, 0, {})}, kHour).empty());
}

TEST(TrafficFigures, HoldSumsBeyondSixtyFourBits) {
  const auto cell =
      SubscriberCell(v1::GROUP_A1, v1::ACCESS_FIXED, v1::DIRECTION_DOWNLOAD, UINT64_MAX, UINT64_MAX);
  const std::vector<PointSum> points = {Point("osaka", v1::GROUP_A1, 1, 1, {cell}),
                                        Point("tokyo", v1::GROUP_A1, 1, 1, {cell})};
  EXPECT_EQ(Find(TrafficFigures(points, kHour), "traffic_volume", Of("fixed", "download", "l3")).value(),
            "36893488147419103230");
}

TEST(SetStandardError, RoundsAsTheValueIsRounded) {
  const auto rounded = [](const FigureKind& kind, double error) {
    v1::Figure figure;
    SetStandardError(kind, error, figure);
    return figure.standard_error();
  };
  EXPECT_EQ(rounded(figures::kTrafficVolume, 0.5), "1");
  EXPECT_EQ(rounded(figures::kTrafficVolume, 2.5), "3");
  EXPECT_EQ(rounded(figures::kTrafficVolume, 2.4999), "2");
  EXPECT_EQ(rounded(figures::kDarknetObservedAddresses, 0.25), "0.3");
  EXPECT_EQ(rounded(figures::kTrafficVolume, 1e25), "10000000000000000905969664");
}

}  // namespace
}  // namespace kansoku::aggregator
