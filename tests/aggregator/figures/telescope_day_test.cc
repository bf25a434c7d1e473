// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/telescope_day.h"

#include <gtest/gtest.h>

#include "tests/aggregator/figures/figure_literals.h"

namespace kansoku::aggregator {
namespace {

constexpr uint64_t kDaySeconds = 86'400;

TEST(TelescopeDay, AddsUpSensorsClassesAndPorts) {
  const std::vector<PointSum> points = {
      Point("east", v1::GROUP_NONE, 8'640, 8'640, {},
            {Tally("kyoto", 256 * kDaySeconds, {PortCell(6, 23, 600), PortCell(6, 23, 5, v1::FAMILY_IPV6)})}),
      Point("west", v1::GROUP_NONE, 4'320, 8'640, {},
            {Tally("nara", 64 * kDaySeconds / 2, {PortCell(6, 23, 40), PortCell(1, 0, 2)})}),
      Point("line", v1::GROUP_A1, 8'640, 8'640, {})};
  const v1::TelescopeDay day = MakeTelescopeDay("2024-11-01", points);
  EXPECT_EQ(day.day(), "2024-11-01");
  EXPECT_EQ(day.windows(), 12'960u);
  EXPECT_EQ(day.expected_windows(), 17'280u);
  EXPECT_EQ(day.observed_seconds(), kDaySeconds);
  EXPECT_EQ(Ipv4PacketsOf(day), 642u);
  EXPECT_EQ(PacketsOf(day), 647u);
  // 256, and 64 for half of the day.
  EXPECT_EQ(AddressesOf(day), Rational(288));
  ASSERT_EQ(day.sensors_size(), 2);
  EXPECT_EQ(day.sensors(0).sensor(), "kyoto");
  ASSERT_EQ(day.sensors(0).classes_size(), 2);
  EXPECT_EQ(day.sensors(0).classes(0).family(), v1::FAMILY_IPV4);
  EXPECT_EQ(day.sensors(0).classes(0).packets(), 600u);
  EXPECT_EQ(day.sensors(1).sensor(), "nara");
  EXPECT_EQ(day.sensors(1).observed_seconds(), kDaySeconds / 2);
  ASSERT_EQ(day.ports_size(), 1);
  EXPECT_EQ(day.ports(0).packets(), 640u) << "of IPv4";
  EXPECT_FALSE(day.has_sources());
}

// Whether or not sources are told apart, and of packets alone.
TEST(TelescopeDay, SaysByWhichRulesItsPacketsWereToldApart) {
  const auto by = [](uint32_t rules, uint64_t key, std::vector<v1::DarknetCell> cells) {
    v1::DarknetTally tally = Tally("kyoto", 10, std::move(cells));
    tally.set_rules(rules);
    tally.set_source_key(key);
    return tally;
  };
  const std::vector<PointSum> points = {
      Point("east", v1::GROUP_NONE, 1, 1, {}, {by(2, 0, {PortCell(6, 23, 1)}), by(3, 7, {})}),
      Point("west", v1::GROUP_NONE, 1, 1, {},
            {by(1, 7, {PortCell(6, 23, 1)}), by(2, 7, {PortCell(6, 23, 1)})})};
  const v1::TelescopeDay day = MakeTelescopeDay("2024-11-01", points);
  EXPECT_EQ(std::vector<uint32_t>(day.rules().begin(), day.rules().end()), (std::vector<uint32_t>{1, 2}));
}

TEST(TelescopeDay, AddsUpTheFlagsOfASensor) {
  const auto flagged = [](std::string sensor, uint64_t examined) {
    v1::DarknetTally tally = Tally(std::move(sensor), 10, {PortCell(6, 23, examined)});
    tally.mutable_soft_flags()->set_examined(examined);
    tally.mutable_soft_flags()->set_any(examined / 2);
    return tally;
  };
  const std::vector<PointSum> points = {
      Point("east", v1::GROUP_NONE, 1, 1, {},
            {flagged("kyoto", 10), Tally("nara", 10, {PortCell(6, 23, 1)})}),
      Point("west", v1::GROUP_NONE, 1, 1, {},
            {flagged("kyoto", 4), Tally("kyoto", 10, {PortCell(6, 23, 1)})})};
  const v1::TelescopeDay day = MakeTelescopeDay("2024-11-01", points);
  ASSERT_EQ(day.sensors_size(), 2);
  EXPECT_EQ(day.sensors(0).soft_flags().ShortDebugString(), "examined: 14 any: 7");
  EXPECT_FALSE(day.sensors(1).has_soft_flags());
}

// METRICS 5.7: one packet for each monitored address; a sensor that is dark for a while counts for as long.
TEST(TelescopeDay, ScalesTheThresholdOfSurveysByItsSize) {
  const auto by = [](uint64_t key, uint64_t address_seconds) {
    v1::DarknetTally tally = Tally("kyoto", address_seconds, {});
    tally.set_source_key(key);
    return tally;
  };
  const auto with = [&](uint64_t address_seconds) {
    return std::vector{Point("dark", v1::GROUP_NONE, 1, 1, {}, {by(7, address_seconds)})};
  };
  // A scanner of all addresses is seen at those alone whose sources are told apart.
  const std::vector<PointSum> half = {Point("east", v1::GROUP_NONE, 1, 1, {}, {by(7, 100 * kDaySeconds)}),
                                      Point("west", v1::GROUP_NONE, 1, 1, {}, {by(0, 156 * kDaySeconds)})};
  EXPECT_EQ(ThresholdsFor(half, 1, 30).packets, 100u);
  EXPECT_EQ(ThresholdsFor(with(256 * kDaySeconds), 1, 30).packets, 256u);
  EXPECT_EQ(ThresholdsFor(with(256 * kDaySeconds + kDaySeconds / 2), 1, 30).packets, 257u);
  EXPECT_EQ(ThresholdsFor(with(256 * kDaySeconds), Rational(1, 2), 30).packets, 128u);
  EXPECT_EQ(ThresholdsFor(with(0), 1, 30).packets, 1u);
  EXPECT_EQ(ThresholdsFor(with(300'000 * kDaySeconds), 1, 100).ports, 100u);
  EXPECT_EQ(ThresholdsFor(with(300'000 * kDaySeconds), 1, 100).packets, 300'000u);
}

}  // namespace
}  // namespace kansoku::aggregator
