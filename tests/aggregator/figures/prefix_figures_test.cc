// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/prefix_figures.h"

#include <gtest/gtest.h>

#include "aggregator/figures/darknet_figures.h"
#include "aggregator/figures/figure_labels.h"
#include "tests/aggregator/figures/judged_days.h"

namespace kansoku::aggregator {
namespace {

constexpr char kId[] = "darknet_prefix_address_seconds";
constexpr char kByNoPrefix[] =
    "incomplete: a collector does not say which prefixes some of the time was of: it is older, or watches "
    "more "
    "than 4096";
constexpr uint32_t kTestNet = 0xc0000200;  // 192.0.2.0

v1::DarkPrefix Prefix(uint32_t address, uint32_t length, uint64_t address_seconds) {
  v1::DarkPrefix prefix;
  prefix.set_address(address);
  prefix.set_length(length);
  prefix.set_address_seconds(address_seconds);
  return prefix;
}

v1::DarknetTally ByPrefix(const std::string& sensor, const std::vector<v1::DarkPrefix>& prefixes) {
  v1::DarknetTally tally = Tally(sensor, 0, {PortCell(6, 23, 1)});
  for (const v1::DarkPrefix& prefix : prefixes) {
    *tally.add_prefixes() = prefix;
    tally.set_address_seconds(tally.address_seconds() + prefix.address_seconds());
  }
  return tally;
}

// "kyoto 192.0.2.0/24: 2560", or why it is withheld.
std::vector<std::string> Told(const std::vector<v1::Figure>& figures) {
  std::vector<std::string> told;
  for (const v1::Figure& figure : figures) {
    if (figure.id() != kId) continue;
    told.push_back(LabelOf(figure, "sensor") + " " + LabelOf(figure, "prefix") + ": " +
                   (figure.value().empty() ? Why(figure) : figure.value()));
  }
  return told;
}

v1::TelescopeDay DayOf(const std::string& date, const std::vector<v1::DarknetTally>& tallies) {
  return MakeTelescopeDay(date, std::vector{Point("dark", v1::GROUP_NONE, kWindows, kWindows, {}, tallies)});
}

TEST(PrefixFigures, OfARangeAreOfEachSensorsPrefixes) {
  constexpr TimeSteps kHour{1'730'386'800, 1'730'390'400, 0};
  const std::vector<PointSum> points = {
      Point("east", v1::GROUP_NONE, 360, 360, {},
            {ByPrefix("kyoto", {Prefix(0, 8, 5), Prefix(kTestNet, 24, 921'600)})}),
      Point("west", v1::GROUP_NONE, 360, 360, {},
            {ByPrefix("kyoto", {Prefix(kTestNet, 24, 400), Prefix(kTestNet, 25, 3)}),
             ByPrefix("nara", {Prefix(0xffffffff, 32, 3'600)}), ByPrefix("ipv6", {})})};
  const auto figures = DarknetFigures(points, kHour);
  EXPECT_EQ(Told(figures),
            (std::vector<std::string>{"kyoto 0.0.0.0/8: 5", "kyoto 192.0.2.0/24: 922000",
                                      "kyoto 192.0.2.0/25: 3", "nara 255.255.255.255/32: 3600"}));
  const v1::Figure nara = Find(figures, kId, {{"sensor", "nara"}, {"prefix", "255.255.255.255/32"}});
  EXPECT_EQ(nara.unit(), "address-seconds");
  EXPECT_EQ(nara.windows(), 360u);
}

TEST(PrefixFigures, OfDaysAddThemUp) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  const std::vector<v1::TelescopeDay> days = {
      DayOf("2024-11-01", {ByPrefix("kyoto", {Prefix(kTestNet, 24, 256 * 86'400)})}),
      // From noon on half of it, and another.
      DayOf("2024-11-02",
            {ByPrefix("kyoto", {Prefix(kTestNet, 24, 256 * 43'200), Prefix(kTestNet, 25, 128 * 43'200),
                                Prefix(0xc6336400, 24, 256 * 43'200)})})};
  const auto figures = FiguresOf(days, two);
  EXPECT_EQ(Told(figures),
            (std::vector<std::string>{"kyoto 192.0.2.0/24: 33177600", "kyoto 192.0.2.0/25: 5529600",
                                      "kyoto 198.51.100.0/24: 11059200"}));
  // 256, and 256 with half of 384.
  EXPECT_EQ(Value(figures, "darknet_addresses", {}), "288.0");
}

TEST(PrefixFigures, AreWithheldWhereAPartSaysNone) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  const v1::TelescopeDay told = DayOf(
      "2024-11-01", {ByPrefix("kyoto", {Prefix(kTestNet, 24, 5)}), ByPrefix("nara", {Prefix(0, 8, 7)})});
  const v1::TelescopeDay older = DayOf("2024-11-02", {Tally("kyoto", 5, {})});
  EXPECT_EQ(Told(FiguresOf({told, older}, two)),
            (std::vector<std::string>{std::string("kyoto : ") + kByNoPrefix, "nara 0.0.0.0/8: 7"}));
  EXPECT_EQ(Told(FiguresOf({told}, two)).size(), 2u);
  // Of one day, by two points.
  const v1::TelescopeDay mixed = MakeTelescopeDay(
      "2024-11-01",
      std::vector{Point("east", v1::GROUP_NONE, 1, 1, {}, {ByPrefix("kyoto", {Prefix(kTestNet, 24, 5)})}),
                  Point("west", v1::GROUP_NONE, 1, 1, {}, {Tally("kyoto", 6, {})})});
  ASSERT_EQ(mixed.sensors_size(), 1);
  EXPECT_EQ(mixed.sensors(0).address_seconds(), 11u);
  EXPECT_EQ(mixed.sensors(0).prefixes_size(), 0);
}

TEST(PrefixFigures, TellTheRestTogether) {
  std::vector<WatchedSensor> sensors(2);
  for (const char* name : {"kyoto", "nara"}) {
    WatchedSensor& sensor = sensors[name == std::string("nara")];
    (*sensor.frame.mutable_labels())["sensor"] = name;
    for (uint32_t i = 0; i < kMostPrefixes; ++i) {
      *sensor.seconds.add_prefixes() = Prefix(i, 32, i < kMostPrefixes / 2 ? 1 : 10);
    }
    sensor.seconds.set_address_seconds(kMostPrefixes / 2 * 11);
  }
  *sensors[1].seconds.mutable_prefixes(0) = Prefix(0, 32, 11);
  sensors[1].seconds.set_address_seconds(kMostPrefixes / 2 * 11 + 10);
  std::vector<v1::Figure> figures;
  AppendPrefixFigures(sensors, figures);
  const auto told = Told(figures);
  // One more has more than the last of those with ten.
  EXPECT_EQ(told.size(), kMostPrefixes + 2);
  EXPECT_EQ(told[kMostPrefixes / 2], "kyoto other: 512");
  EXPECT_EQ(told[kMostPrefixes / 2 + 1], "nara 0.0.0.0/32: 11");
  EXPECT_EQ(told.back(), "nara other: 521");
}

}  // namespace
}  // namespace kansoku::aggregator
