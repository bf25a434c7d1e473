// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/darknet_figures.h"

#include <gtest/gtest.h>

#include "tests/aggregator/figures/figure_literals.h"

namespace kansoku::aggregator {
namespace {

using Labels = std::map<std::string, std::string>;
constexpr TimeSteps kHour{1'730'386'800, 1'730'390'400, 0};
constexpr uint64_t kSeconds = 3'600;

TEST(DarknetFigures, CountPacketsPerAddress) {
  const std::vector<PointSum> points = {
      Point("dark", v1::GROUP_NONE, 360, 360, {},
            {Tally("kyoto", 256 * kSeconds, {PortCell(6, 23, 600), PortCell(17, 53, 40)})})};
  const auto figures = DarknetFigures(points, kHour);
  const Labels kyoto = {{"sensor", "kyoto"}};
  EXPECT_EQ(Find(figures, "darknet_packets", {{"sensor", "kyoto"}, {"family", "ipv4"}}).value(), "640");
  EXPECT_EQ(Find(figures, "darknet_observed_addresses", kyoto).value(), "256.0");
  EXPECT_EQ(Find(figures, "darknet_packets_per_address", kyoto).value(), "2.500");
  EXPECT_EQ(Find(figures, "darknet_seconds_per_packet_per_address", kyoto).value(), "1440.000");
  EXPECT_EQ(Find(figures, "darknet_packets", {{"family", "ipv4"}}).value(), "640");
}

// Of a sensor by its own packets, of all by everyone's.
TEST(DarknetFigures, SayTheRulesOfTheirPackets) {
  const auto by = [](std::string sensor, uint32_t rules, std::vector<v1::DarknetCell> cells) {
    v1::DarknetTally tally = Tally(std::move(sensor), 10 * kSeconds, std::move(cells));
    tally.set_rules(rules);
    tally.set_source_key(7);
    if (tally.cells().empty()) return tally;
    v1::SourceSketch& sketch = *tally.add_sketches();
    sketch.set_family(v1::FAMILY_IPV4);
    sketch.add_few(65);
    return tally;
  };
  std::vector<PointSum> points = {
      Point("east", v1::GROUP_NONE, 360, 360, {}, {by("kyoto", 3, {PortCell(6, 23, 6)})}),
      Point("west", v1::GROUP_NONE, 360, 360, {},
            {by("nara", 3, {PortCell(6, 23, 6)}), by("nara", 2, {})})};  // of 2 nothing came
  int hosts = 0;
  for (const v1::Figure& figure : DarknetFigures(points, kHour)) {
    EXPECT_EQ(figure.darknet_rules(), 3u) << figure.ShortDebugString();
    hosts += figure.id() == "darknet_unique_hosts";
  }
  EXPECT_GT(hosts, 0);
  points.push_back(Point("north", v1::GROUP_NONE, 360, 360, {}, {by("sapporo", 2, {PortCell(6, 23, 6)})}));
  for (const v1::Figure& figure : DarknetFigures(points, kHour)) {
    const auto sensor = figure.labels().find("sensor");
    const uint32_t rules = sensor == figure.labels().end() ? 0 : sensor->second == "sapporo" ? 2 : 3;
    EXPECT_EQ(figure.darknet_rules(), rules) << figure.ShortDebugString();
  }
}

// METRICS 8, V8: the year 2024 as one period, one address-year per address.
TEST(DarknetFigures, AgreeWithTheWhitePaper) {
  constexpr uint64_t kYear = 31'622'400;
  constexpr TimeSteps k2024{1'704'034'800, 1'704'034'800 + kYear, 0};
  const std::vector<PointSum> points = {
      Point("dark", v1::GROUP_NONE, kYear / 10, kYear / 10, {},
            {Tally("nicter", 1'000 * kYear, {PortCell(6, 23, 2'427'977'000)})})};
  const auto figures = DarknetFigures(points, k2024);
  EXPECT_EQ(Find(figures, "darknet_packets_per_address", {}).value(), "2427977.000");
  EXPECT_EQ(Find(figures, "darknet_seconds_per_packet_per_address", {}).value(), "13.024");
}

TEST(DarknetFigures, AddSensorsAndTheirAddresses) {
  const std::vector<PointSum> points = {
      Point("east", v1::GROUP_NONE, 360, 360, {}, {Tally("kyoto", 256 * kSeconds, {PortCell(6, 23, 100)})}),
      Point("west", v1::GROUP_NONE, 360, 360, {}, {Tally("nara", 64 * kSeconds, {PortCell(6, 22, 60)})})};
  const auto figures = DarknetFigures(points, kHour);
  EXPECT_EQ(Find(figures, "darknet_packets", {{"family", "ipv4"}}).value(), "160");
  EXPECT_EQ(Find(figures, "darknet_observed_addresses", {}).value(), "320.0");
  EXPECT_EQ(Find(figures, "darknet_packets_per_address", {}).value(), "0.500");
  EXPECT_EQ(Find(figures, "darknet_packets_per_address", {{"sensor", "nara"}}).value(), "0.938");  // 0.9375
}

// Only one link of a collector states the monitored addresses; the packets may come in through any.
TEST(DarknetFigures, TakeTimeOnlyFromPointsThatStateTheirAddresses) {
  const std::vector<PointSum> points = {
      Point("link-1", v1::GROUP_NONE, 180, 360, {}, {Tally("kyoto", 10 * 1'800, {PortCell(6, 23, 30)})}),
      Point("link-2", v1::GROUP_NONE, 360, 360, {}, {Tally("kyoto", 0, {PortCell(6, 23, 70)})})};
  const auto figures = DarknetFigures(points, kHour);
  EXPECT_EQ(Find(figures, "darknet_observed_addresses", {}).value(), "10.0");
  EXPECT_EQ(Find(figures, "darknet_packets_per_address", {}).value(), "10.000");
  const v1::Figure packets = Find(figures, "darknet_packets", {{"family", "ipv4"}});
  EXPECT_EQ(packets.value(), "100");
  EXPECT_EQ(packets.windows(), 540u);
  EXPECT_EQ(packets.expected_windows(), 720u);
}

TEST(DarknetFigures, CountASensorThatMovedBetweenPointsOnce) {
  PointSum before =
      Point("old", v1::GROUP_NONE, 540, 720, {}, {Tally("kyoto", 10 * 5'400, {PortCell(6, 23, 30)})});
  PointSum after =
      Point("new", v1::GROUP_NONE, 180, 180, {}, {Tally("kyoto", 10 * 1'800, {PortCell(6, 23, 30)})});
  constexpr int64_t kFirst = kHour.start_unix_seconds, kSecond = kFirst + 3'600, kThird = kFirst + 7'200;
  // In the second hour the old point still covers a half, then the new one begins.
  before.watched = {{"kyoto", {{kFirst, 3'600}, {kSecond, 1'800}}}};
  after.watched = {{"kyoto", {{kSecond, 600}, {kThird, 1'200}}}};
  const auto figures = DarknetFigures(std::vector{before, after}, TimeSteps{kFirst, kThird + 3'600, 0});
  EXPECT_EQ(Find(figures, "darknet_observed_addresses", {{"sensor", "kyoto"}}).value(),
            "10.9");  // 72000 / 6600
  EXPECT_EQ(Find(figures, "darknet_observed_addresses", {}).value(), "10.9");
}

TEST(DarknetFigures, KeepIpv6OutOfTheFiguresPerAddress) {
  const std::vector<PointSum> points = {
      Point("dark", v1::GROUP_NONE, 360, 360, {},
            {Tally("kyoto", 10 * kSeconds, {PortCell(6, 23, 20), PortCell(6, 23, 5, v1::FAMILY_IPV6)})})};
  const auto figures = DarknetFigures(points, kHour);
  EXPECT_EQ(Find(figures, "darknet_packets", {{"family", "ipv4"}}).value(), "20");
  EXPECT_EQ(Find(figures, "darknet_packets", {{"family", "ipv6"}}).value(), "5");
  EXPECT_EQ(Find(figures, "darknet_packets_per_address", {}).value(), "2.000");
}

TEST(DarknetFigures, TellPortsOfIpv4) {
  const std::vector<PointSum> points = {
      Point("dark", v1::GROUP_NONE, 360, 360, {},
            {Tally("kyoto", 10 * kSeconds,
                   {PortCell(6, 23, 10), PortCell(1, 0, 30), PortCell(6, 23, 5, v1::FAMILY_IPV6),
                    PortCell(6, 80, 60, v1::FAMILY_IPV6)})})};
  const auto figures = DarknetFigures(points, kHour);
  EXPECT_EQ(Find(figures, "darknet_port_share",
                 {{"population", "all"}, {"rank", "1"}, {"protocol", "tcp"}, {"port", "23"}})
                .value(),
            "0.2500");
  EXPECT_EQ(std::count_if(figures.begin(), figures.end(),
                          [](const v1::Figure& figure) { return figure.id() == "darknet_port_share"; }),
            1);
}

TEST(DarknetFigures, WithholdWhatHasNoAddresses) {
  const auto figures = DarknetFigures(
      std::vector{Point("dark", v1::GROUP_NONE, 360, 360, {}, {Tally("kyoto", 0, {PortCell(6, 23, 20)})})},
      kHour);
  EXPECT_EQ(Find(figures, "darknet_packets", {{"family", "ipv4"}}).value(), "20");
  for (const char* id : {"darknet_observed_addresses", "darknet_packets_per_address",
                         "darknet_seconds_per_packet_per_address"}) {
    const v1::Figure figure = Find(figures, id, {});
    EXPECT_EQ(figure.value(), "");
    EXPECT_EQ(Why(figure), "no_dark_addresses: no IPv4 address was monitored in the period");
  }
}

TEST(DarknetFigures, TellQuietFromSilent) {
  PointSum quiet = Point("quiet", v1::GROUP_NONE, 360, 360, {}, {Tally("kyoto", 10 * kSeconds, {})});
  PointSum silent = Point("silent", v1::GROUP_NONE, 0, 360, {});
  silent.sensors = {"nara"};
  const auto figures = DarknetFigures(std::vector{quiet, silent}, kHour);
  EXPECT_EQ(Find(figures, "darknet_packets", {{"sensor", "kyoto"}, {"family", "ipv4"}}).value(), "0");
  EXPECT_EQ(Why(Find(figures, "darknet_seconds_per_packet_per_address", {{"sensor", "kyoto"}})),
            "nothing_counted: no IPv4 packet arrived in the period");
  EXPECT_EQ(Why(Find(figures, "darknet_packets", {{"sensor", "nara"}})),
            "incomplete: none of the 360 expected windows arrived");
  EXPECT_EQ(Find(figures, "darknet_packets", {{"family", "ipv4"}}).expected_windows(), 720u);
}

TEST(DarknetFigures, WithholdPortSharesWhereEverySensorWasSilent) {
  PointSum silent = Point("silent", v1::GROUP_NONE, 0, 360, {});
  silent.sensors = {"nara"};
  EXPECT_EQ(Why(Find(DarknetFigures(std::vector{silent}, kHour), "darknet_port_share", {})),
            "incomplete: none of the 360 expected windows arrived");
}

TEST(DarknetFigures, RankTenPortsByShareOfAllPackets) {
  std::vector<v1::DarknetCell> cells = {PortCell(1, 0, 1'000), PortCell(6, 23, 2'420), PortCell(17, 53, 500)};
  for (uint32_t port = 1; port <= 11; ++port) cells.push_back(PortCell(6, 1'000 + port, 100));
  cells.push_back(PortCell(47, 0, 4'980));
  const auto figures = DarknetFigures(
      std::vector{Point("dark", v1::GROUP_NONE, 1, 1, {}, {Tally("kyoto", 10, cells)})}, kHour);
  const auto share = [&](const char* rank, const char* protocol, const char* port) {
    return Find(figures, "darknet_port_share",
                {{"rank", rank}, {"protocol", protocol}, {"port", port}, {"population", "all"}})
        .value();
  };
  EXPECT_EQ(share("1", "tcp", "23"), "0.2420");
  EXPECT_EQ(share("2", "udp", "53"), "0.0500");
  EXPECT_EQ(share("3", "tcp", "1001"), "0.0100");
  EXPECT_EQ(share("10", "tcp", "1008"), "0.0100");
  EXPECT_EQ(std::count_if(figures.begin(), figures.end(),
                          [](const v1::Figure& figure) { return figure.id() == "darknet_port_share"; }),
            10);
}

TEST(DarknetFigures, AreAbsentWithoutATelescope) {
  EXPECT_TRUE(DarknetFigures(std::vector{Point("tokyo", v1::GROUP_A1, 360, 360, {})}, kHour).empty());
}

TEST(DarknetFigures, WithholdEverythingWherePacketsWereSampled) {
  PointSum point = Point("tap", v1::GROUP_NONE, 1, 1, {}, {Tally("west", 2'560, {PortCell(6, 23, 5)})});
  point.measurement.add_flags(v1::QUALITY_FLAG_SAMPLED);
  const auto figures = DarknetFigures(std::vector{point}, TimeSteps{0, 10, 0});
  std::vector<std::string> ids;
  for (const v1::Figure& figure : figures) {
    ids.push_back(figure.id());
    EXPECT_EQ(figure.value(), "");
    EXPECT_EQ(Why(figure), "sampled: packets were sampled, and those at dark addresses are not scaled up");
  }
  EXPECT_EQ(ids, (std::vector<std::string>{"darknet_packets", "darknet_packets", "darknet_port_share"}));
}

TEST(DarknetFigures, OfASensorDoNotDependOnTheSamplingOfAnother) {
  PointSum sampled = Point("tap", v1::GROUP_NONE, 1, 1, {}, {Tally("west", 2'560, {PortCell(6, 23, 5)})});
  sampled.measurement.add_flags(v1::QUALITY_FLAG_SAMPLED);
  const PointSum whole =
      Point("dark", v1::GROUP_NONE, 1, 1, {}, {Tally("east", 2'560, {PortCell(6, 23, 7)})});
  const auto figures = DarknetFigures(std::vector{sampled, whole}, TimeSteps{0, 10, 0});
  EXPECT_EQ(Find(figures, "darknet_packets", {{"sensor", "east"}, {"family", "ipv4"}}).value(), "7");
  EXPECT_EQ(Find(figures, "darknet_packets", {{"sensor", "west"}}).value(), "");
  EXPECT_EQ(Find(figures, "darknet_packets", {}).value(), "");
}

}  // namespace
}  // namespace kansoku::aggregator
