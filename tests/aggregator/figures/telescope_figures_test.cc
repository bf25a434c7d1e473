// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/telescope_figures.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/telescope_day.h"
#include "tests/aggregator/figures/figure_literals.h"

namespace kansoku::aggregator {
namespace {

constexpr uint64_t kWindows = 8'640;
using Labels = std::map<std::string, std::string>;

PortCategories Shipped() {
  std::ostringstream text;
  text << std::ifstream(KANSOKU_SOURCE_DIR "/deploy/telescope/port_categories.csv").rdbuf();
  const auto categories = PortCategories::Parse(text.str(), "port_categories.csv");
  EXPECT_TRUE(categories.ok()) << categories.status();
  return categories.ok() ? *categories : PortCategories();
}

v1::TelescopeDay Day(absl::CivilDay day, uint64_t addresses, uint64_t packets) {
  return MakeTelescopeDay(
      absl::FormatCivilTime(day),
      std::vector{Point("dark", v1::GROUP_NONE, kWindows, kWindows, {},
                        {Tally("kyoto", addresses * kSecondsOfADay, {PortCell(6, 23, packets)})})});
}

std::string Value(const std::vector<v1::Figure>& figures, const std::string& id, const Labels& labels) {
  return Find(figures, id, labels).value();
}

// METRICS 5.4, the example.
TEST(TelescopeFigures, DivideByAChangingTelescopeInThreeWays) {
  std::vector<v1::TelescopeDay> days;
  const DayPeriod year{absl::CivilDay(2024, 1, 1), absl::CivilDay(2024, 12, 31)};
  for (int i = 0; i < 366; ++i) days.push_back(Day(year.first + i, i < 183 ? 100 : 200, 1'000'000));
  const auto figures = TelescopeFigures(days, year, Shipped());
  EXPECT_EQ(Value(figures, "darknet_packets", {{"family", "ipv4"}}), "366000000");
  EXPECT_EQ(Value(figures, "darknet_addresses", {}), "150.0");
  EXPECT_EQ(Value(figures, "darknet_packets_per_ip", {{"method", "daily"}}), "2745000");
  EXPECT_EQ(Value(figures, "darknet_packets_per_ip", {{"method", "mean"}}), "2440000");
  EXPECT_EQ(Value(figures, "darknet_packets_per_ip", {{"method", "lastday"}}), "1830000");
  EXPECT_EQ(Value(figures, "darknet_seconds_per_packet_per_ip", {{"method", "daily"}}), "12");  // 11.52
  const v1::Figure packets = Find(figures, "darknet_packets", {{"family", "ipv4"}});
  EXPECT_EQ(packets.period().start_unix_seconds(), 1'704'034'800);  // 2024-01-01 in Japan
  EXPECT_EQ(packets.period().end_unix_seconds(), 1'735'657'200);
  EXPECT_EQ(packets.windows(), 366 * kWindows);
}

// METRICS 5.4 and 5.5 of 2024: the days are made up, their sums are the published ones.
TEST(TelescopeFigures, ReproduceTheWhitePapersThirteenSeconds) {
  constexpr uint64_t kPackets = 686'200'000'000, kAddresses = 282'622;
  std::vector<v1::TelescopeDay> days;
  const DayPeriod year{absl::CivilDay(2024, 1, 1), absl::CivilDay(2024, 12, 31)};
  for (int i = 0; i < 366; ++i) {
    days.push_back(
        Day(year.first + i, kAddresses, kPackets / 366 + (i < static_cast<int>(kPackets % 366) ? 1 : 0)));
  }
  const auto figures = TelescopeFigures(days, year, Shipped());
  EXPECT_EQ(Value(figures, "darknet_packets", {{"family", "ipv4"}}), "686200000000");
  EXPECT_EQ(Value(figures, "darknet_packets_per_ip", {{"method", "daily"}}), "2427978");
  EXPECT_EQ(Value(figures, "darknet_seconds_per_packet_per_ip", {{"method", "daily"}}), "13");
}

TEST(TelescopeFigures, ScaleForDaysThatAreNotThere) {
  const DayPeriod four{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 4)};
  // One day is missing, on another nothing was monitored.
  const auto figures = TelescopeFigures(
      std::vector{Day(four.first, 10, 100), Day(four.first + 1, 0, 7), Day(four.last, 20, 100)}, four,
      Shipped());
  EXPECT_EQ(Value(figures, "darknet_packets", {{"family", "ipv4"}}), "207");
  EXPECT_EQ(Value(figures, "darknet_addresses", {}), "15.0");
  EXPECT_EQ(Value(figures, "darknet_packets_per_ip", {{"method", "daily"}}), "30");  // (10 + 5) * 4 / 2
  EXPECT_EQ(Value(figures, "darknet_packets_per_ip", {{"method", "mean"}}), "27");   // 400 / 15
  EXPECT_EQ(Value(figures, "darknet_packets_per_ip", {{"method", "lastday"}}), "20");
  EXPECT_EQ(Value(figures, "darknet_seconds_per_packet_per_ip", {{"method", "daily"}}), "11520");
}

TEST(TelescopeFigures, WithholdWhatCannotBeDivided) {
  const DayPeriod day{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 1)};
  EXPECT_EQ(Why(Find(TelescopeFigures({}, day, Shipped()), "darknet_packets", {})),
            "incomplete: of none of these days is anything known");
  const auto unwatched = TelescopeFigures(std::vector{Day(day.first, 0, 7)}, day, Shipped());
  EXPECT_EQ(Why(Find(unwatched, "darknet_packets_per_ip", {})),
            "no_dark_addresses: no IPv4 address was monitored on any of these days");
  const auto silent = TelescopeFigures(std::vector{Day(day.first, 5, 0)}, day, Shipped());
  EXPECT_EQ(Value(silent, "darknet_packets_per_ip", {{"method", "daily"}}), "0");
  EXPECT_EQ(Why(Find(silent, "darknet_seconds_per_packet_per_ip", {{"method", "daily"}})),
            "nothing_counted: no IPv4 packet arrived");
  EXPECT_EQ(Why(Find(silent, "darknet_port_share", {{"population", "all"}})),
            "nothing_counted: no packet remains");
  v1::TelescopeDay sampled = Day(day.first, 5, 7);
  sampled.add_flags(v1::QUALITY_FLAG_SAMPLED);
  EXPECT_EQ(TelescopeFigures(std::vector{sampled}, day, Shipped()).size(), 1u);
}

// Two days with eleven ports, a survey scanner at three of them, another on a list.
std::vector<v1::TelescopeDay> JudgedDays() {
  std::vector<v1::TelescopeDay> days;
  for (const char* date : {"2024-11-01", "2024-11-02"}) {
    std::vector<v1::DarknetCell> cells = {PortCell(1, 0, 60)};
    uint64_t packets = 500;
    for (const uint32_t port : {23, 80, 445, 22, 443, 8080, 3389, 2323, 5555, 81, 1433}) {
      cells.push_back(PortCell(6, port, packets));
      packets -= 40;
    }
    v1::TelescopeDay& day = days.emplace_back(
        MakeTelescopeDay(date, std::vector{Point("dark", v1::GROUP_NONE, kWindows, kWindows, {},
                                                 {Tally("kyoto", 100 * kSecondsOfADay, std::move(cells))})}));
    for (v1::PortDay& port : *day.mutable_ports()) {
      if (port.port() == 80) port.set_survey_packets(450);
      if (port.port() == 23) port.set_listed_packets(100);
    }
    v1::SourcesDay& sources = *day.mutable_sources();
    sources.set_survey_packets(460);  // ten of them without a port
    sources.set_listed_packets(100);
    v1::ListedDay& list = *sources.add_listed();
    list.mutable_list()->set_name("misp");
    list.mutable_list()->set_version("1");
    list.set_packets(100);
  }
  return days;
}

// 60 + 500 + 460 + ... + 100 = 3360 packets a day.
TEST(TelescopeFigures, RankPortsWithAndWithoutSurveyScans) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  const auto figures = TelescopeFigures(JudgedDays(), two, Shipped());
  EXPECT_EQ(Value(figures, "darknet_survey_scan_share", {{"rule", "behaviour"}}), "0.1369");  // 460 / 3360
  EXPECT_EQ(Value(figures, "darknet_survey_scan_share", {{"rule", "listed"}}), "0.0298");
  EXPECT_EQ(Value(figures, "darknet_survey_scan_share", {{"rule", "listed"}, {"list", "misp 1"}}), "0.0298");
  const auto share = [&](const char* population, const char* rank, const char* port) {
    return Value(figures, "darknet_port_share",
                 {{"population", population}, {"rank", rank}, {"protocol", "tcp"}, {"port", port}});
  };
  EXPECT_EQ(share("all", "1", "23"), "0.1488");         // 500 / 3360
  EXPECT_EQ(share("all", "2", "80"), "0.1369");         // 460 / 3360
  EXPECT_EQ(share("non_survey", "1", "23"), "0.1724");  // 500 / 2900
  EXPECT_EQ(share("non_survey", "2", "445"), "0.1448");
  EXPECT_EQ(share("non_listed", "1", "80"), "0.1411");  // 460 / 3260
}

TEST(TelescopeFigures, GiveEachOfTheTenToOneCategory) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  const auto figures = TelescopeFigures(JudgedDays(), two, Shipped());
  const auto share = [&](const char* population, const char* category) {
    return Value(figures, "darknet_category_share", {{"population", population}, {"category", category}});
  };
  // 23, 22, 2323, 5555: 500 + 380 + 220 + 180; 80, 443, 8080, 81: 460 + 340 + 300 + 140; 445, 3389: 420 +
  // 260.
  EXPECT_EQ(share("all", "iot"), "0.3810");
  EXPECT_EQ(share("all", "http"), "0.3690");
  EXPECT_EQ(share("all", "windows"), "0.2024");
  EXPECT_EQ(share("all", "other"), "0.0476");  // 60 without a port, 100 at the eleventh
  // Port 80 has ten left and gives its place to 1433.
  EXPECT_EQ(share("non_survey", "windows"), "0.2690");  // 780 / 2900
}

TEST(TelescopeFigures, RefuseALeadingPortWithoutACategory) {
  const DayPeriod day{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 1)};
  const v1::TelescopeDay strange = MakeTelescopeDay(
      "2024-11-01",
      std::vector{Point("dark", v1::GROUP_NONE, kWindows, kWindows, {},
                        {Tally("kyoto", kSecondsOfADay, {PortCell(6, 23, 5), PortCell(17, 9, 4)})})});
  const auto figures = TelescopeFigures(std::vector{strange}, day, Shipped());
  EXPECT_EQ(Why(Find(figures, "darknet_category_share", {{"population", "all"}})),
            "port_without_category: 9/udp is among the ten leading ports and in no category on 2024-11-01; "
            "give it a "
            "row in port_categories.csv");
  EXPECT_EQ(Value(figures, "darknet_port_share",
                  {{"population", "all"}, {"rank", "2"}, {"protocol", "udp"}, {"port", "9"}}),
            "0.4444");
}

}  // namespace
}  // namespace kansoku::aggregator
