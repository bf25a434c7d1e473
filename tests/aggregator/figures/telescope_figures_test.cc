// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/telescope_figures.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/telescope_day.h"
#include "tests/aggregator/figures/figure_literals.h"

namespace kansoku::aggregator {
namespace {

constexpr uint64_t kWindows = 8'640;
constexpr char kOtherWays[] =
    "other_keys: sources were hashed with several keys, judged by several sets of rules, or in part not told "
    "apart";
using Labels = std::map<std::string, std::string>;

// What is shipped.
PortCategories Categories() {
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

std::vector<v1::Figure> FiguresOf(const std::vector<v1::TelescopeDay>& days, const DayPeriod& period) {
  static const PortCategories categories = Categories();
  TelescopePeriod sum{.period = period};
  for (const v1::TelescopeDay& day : days) AddDay(day, sum);
  return TelescopeFigures(sum, &categories);
}

std::string Value(const std::vector<v1::Figure>& figures, const std::string& id, const Labels& labels) {
  return Find(figures, id, labels).value();
}

// METRICS 5.4, the example.
TEST(TelescopeFigures, DivideByAChangingTelescopeInThreeWays) {
  std::vector<v1::TelescopeDay> days;
  const DayPeriod year{absl::CivilDay(2024, 1, 1), absl::CivilDay(2024, 12, 31)};
  for (int i = 0; i < 366; ++i) days.push_back(Day(year.first + i, i < 183 ? 100 : 200, 1'000'000));
  const auto figures = FiguresOf(days, year);
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
  // 30 packets in 60 seconds of 2^32 / 150.
  EXPECT_EQ(Value(figures, "darknet_detectable_flood_rate", {}), "14316558");
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
  const auto figures = FiguresOf(days, year);
  EXPECT_EQ(Value(figures, "darknet_packets", {{"family", "ipv4"}}), "686200000000");
  EXPECT_EQ(Value(figures, "darknet_packets_per_ip", {{"method", "daily"}}), "2427978");
  EXPECT_EQ(Value(figures, "darknet_seconds_per_packet_per_ip", {{"method", "daily"}}), "13");
}

TEST(TelescopeFigures, ScaleForDaysThatAreNotThere) {
  const DayPeriod four{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 4)};
  // One day is missing, on another nothing was monitored.
  const auto figures = FiguresOf(
      std::vector{Day(four.first, 10, 100), Day(four.first + 1, 0, 7), Day(four.last, 20, 100)}, four);
  EXPECT_EQ(Value(figures, "darknet_packets", {{"family", "ipv4"}}), "207");
  EXPECT_EQ(Value(figures, "darknet_addresses", {}), "15.0");
  EXPECT_EQ(Value(figures, "darknet_packets_per_ip", {{"method", "daily"}}), "30");  // (10 + 5) * 4 / 2
  EXPECT_EQ(Value(figures, "darknet_packets_per_ip", {{"method", "mean"}}), "27");   // 400 / 15
  EXPECT_EQ(Value(figures, "darknet_packets_per_ip", {{"method", "lastday"}}), "20");
  EXPECT_EQ(Value(figures, "darknet_seconds_per_packet_per_ip", {{"method", "daily"}}), "11520");
  // The missing day expects as many windows as the one before it.
  const v1::Figure packets = Find(figures, "darknet_packets", {{"family", "ipv4"}});
  EXPECT_EQ(packets.windows(), 3 * kWindows);
  EXPECT_EQ(packets.expected_windows(), 4 * kWindows);
}

// DARKNET 1.
TEST(TelescopeFigures, SayWhichFloodATelescopeOfItsSizeSees) {
  const DayPeriod day{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 1)};
  for (const auto& [addresses, rate] :
       {std::pair(uint64_t{1} << 24, "128"), {uint64_t{1} << 16, "32768"}, {uint64_t{1} << 8, "8388608"}}) {
    EXPECT_EQ(Value(FiguresOf({Day(day.first, addresses, 1)}, day), "darknet_detectable_flood_rate", {}),
              rate);
  }
}

TEST(TelescopeFigures, WithholdWhatCannotBeDivided) {
  const DayPeriod day{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 1)};
  EXPECT_EQ(Why(Find(FiguresOf({}, day), "darknet_packets", {})),
            "incomplete: of none of these days is anything known");
  const auto unwatched = FiguresOf(std::vector{Day(day.first, 0, 7)}, day);
  for (const char* id : {"darknet_packets_per_ip", "darknet_detectable_flood_rate"}) {
    EXPECT_EQ(Why(Find(unwatched, id, {})),
              "no_dark_addresses: no IPv4 address was monitored on any of these days");
  }
  const auto silent = FiguresOf(std::vector{Day(day.first, 5, 0)}, day);
  EXPECT_EQ(Value(silent, "darknet_packets_per_ip", {{"method", "daily"}}), "0");
  EXPECT_EQ(Why(Find(silent, "darknet_seconds_per_packet_per_ip", {{"method", "daily"}})),
            "nothing_counted: no IPv4 packet arrived");
  EXPECT_EQ(Why(Find(silent, "darknet_port_share", {{"population", "all"}})),
            "nothing_counted: no packet remains");
  v1::TelescopeDay sampled = Day(day.first, 5, 7);
  sampled.add_flags(v1::QUALITY_FLAG_SAMPLED);
  EXPECT_EQ(FiguresOf(std::vector{sampled}, day).size(), 1u);
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
      port.set_probe_hosts(port.port() == 8080 ? 9 : 1);
      if (port.port() == 23) port.set_listed_packets(100);
    }
    v1::SourcesDay& sources = *day.mutable_sources();
    sources.set_source_key(7);
    sources.set_judged_in_revision(1);
    sources.set_rules(3);
    sources.set_survey_sources(2);
    sources.set_listed_sources(1);
    sources.set_victims(4);
    sources.set_victim_packets(90);
    sources.set_unjudged_packets(11);
    sources.set_untold_packets(5);
    v1::ToolDay& tool = *sources.add_tools();
    tool.set_tool("zmap");
    tool.set_sources(3);
    tool.set_packets(70);
    v1::SourceSketch& sketch = *sources.add_sketches();
    sketch.set_darknet_class(v1::DARKNET_CLASS_TCP_SYN);
    sketch.set_family(v1::FAMILY_IPV4);
    sketch.set_protocol(6);
    // One host on both days, another on each.
    sketch.add_few(1 * 64 + 1);
    sketch.add_few(static_cast<uint32_t>(days.size() + 1) * 64 + 1);
    sources.set_survey_packets(460);  // ten of them without a port
    sources.set_listed_packets(100);
    v1::ListedDay& list = *sources.add_listed();
    list.mutable_list()->set_name("misp");
    list.mutable_list()->set_version("1");
    list.set_sources(1);
    list.set_packets(100);
    day.mutable_subscribers()->set_reached(6);
    day.mutable_subscribers()->set_scanning(2);
  }
  return days;
}

// 60 + 500 + 460 + ... + 100 = 3360 packets a day.
TEST(TelescopeFigures, RankPortsWithAndWithoutSurveyScans) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  const auto figures = FiguresOf(JudgedDays(), two);
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
  const auto packets = [&](const char* population, const char* rank, const char* port) {
    return Value(figures, "darknet_port_packets",
                 {{"population", population}, {"rank", rank}, {"protocol", "tcp"}, {"port", port}});
  };
  EXPECT_EQ(packets("all", "1", "23"), "1000");
  EXPECT_EQ(packets("non_survey", "1", "23"), "1000");
  EXPECT_EQ(packets("non_listed", "2", "445"), "840");
  EXPECT_EQ(packets("non_listed", "3", "23"), "800");
}

TEST(TelescopeFigures, AddUpPacketsOfSourcesAndNotSources) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  const auto figures = FiguresOf(JudgedDays(), two);
  EXPECT_EQ(Value(figures, "darknet_class_packets", {{"class", "tcp_syn"}, {"family", "ipv4"}}), "6720");
  EXPECT_EQ(Value(figures, "darknet_tool_packets", {{"tool", "zmap"}}), "140");
  EXPECT_EQ(Value(figures, "darknet_victim_packets", {}), "180");
  EXPECT_EQ(Value(figures, "darknet_unjudged_packets", {{"because", "no_room"}}), "22");
  EXPECT_EQ(Value(figures, "darknet_unjudged_packets", {{"because", "untold"}}), "10");
  const v1::Figure hosts =
      Find(figures, "darknet_unique_hosts", {{"family", "ipv4"}, {"class", "tcp_syn"}, {"protocol", "tcp"}});
  EXPECT_EQ(hosts.value(), "3");
  EXPECT_EQ(hosts.standard_error(), "0");
  EXPECT_EQ(Value(figures, "darknet_unique_hosts", {{"family", "ipv4"}}), "3");
  for (const v1::Figure& figure : figures) {
    EXPECT_EQ(figure.darknet_rules(), 3u) << figure.id();
    for (const char* id : {"darknet_port_hosts", "darknet_survey_sources", "darknet_tool_sources",
                           "darknet_victims", "darknet_infected_subscribers"}) {
      EXPECT_NE(figure.id(), id);
    }
  }
}

TEST(TelescopeFigures, TellHowManySourcesOfASingleDay) {
  const DayPeriod one{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 1)};
  const auto figures = FiguresOf({JudgedDays().front()}, one);
  EXPECT_EQ(Value(figures, "darknet_survey_sources", {{"rule", "behaviour"}}), "2");
  EXPECT_EQ(Value(figures, "darknet_survey_sources", {{"rule", "listed"}}), "1");
  EXPECT_EQ(Value(figures, "darknet_survey_sources", {{"rule", "listed"}, {"list", "misp 1"}}), "1");
  EXPECT_EQ(Value(figures, "darknet_tool_sources", {{"tool", "zmap"}}), "3");
  EXPECT_EQ(Value(figures, "darknet_victims", {}), "4");
  EXPECT_EQ(Value(figures, "darknet_infected_subscribers", {{"evidence", "reached"}}), "6");
  EXPECT_EQ(Value(figures, "darknet_infected_subscribers", {{"evidence", "scanning"}}), "2");
  const auto hosts = [&](const char* rank, const char* port) {
    return Value(figures, "darknet_port_hosts", {{"rank", rank}, {"protocol", "tcp"}, {"port", port}});
  };
  EXPECT_EQ(hosts("1", "8080"), "9");
  EXPECT_EQ(hosts("2", "22"), "1");
  EXPECT_EQ(hosts("10", "3389"), "1");  // 5555 is the eleventh
}

// A day whose sources were forgotten before it was judged is no day without survey scanners.
TEST(TelescopeFigures, JudgeByTheDaysThatWereJudged) {
  auto days = JudgedDays();
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  const std::string of_one = Value(FiguresOf({days[0]}, {two.first, two.first}), "darknet_survey_scan_share",
                                   {{"rule", "behaviour"}});
  v1::SourcesDay& forgotten = *days[1].mutable_sources();
  const uint64_t untold = forgotten.survey_packets();
  forgotten.Clear();
  forgotten.set_untold_packets(untold);
  const auto figures = FiguresOf(days, two);
  const v1::Figure share = Find(figures, "darknet_survey_scan_share", {{"rule", "behaviour"}});
  EXPECT_EQ(share.value(), of_one);
  EXPECT_EQ(share.windows(), kWindows);
  EXPECT_EQ(share.expected_windows(), 2 * kWindows);
}

// Days of several keys or rules: neither sources nor what they sent adds up.
TEST(TelescopeFigures, WithholdWhatSeveralKeysOrRulesJudged) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  for (const bool is_key : {true, false}) {
    auto days = JudgedDays();
    is_key ? days[1].mutable_sources()->set_source_key(8) : days[1].mutable_sources()->set_rules(4);
    const auto figures = FiguresOf(days, two);
    for (const char* id : {"darknet_survey_scan_share", "darknet_tool_packets", "darknet_victim_packets",
                           "darknet_unique_hosts"}) {
      EXPECT_EQ(Why(Find(figures, id, {})), kOtherWays);
    }
    for (const char* population : {"non_survey", "non_listed"}) {
      for (const char* id : {"darknet_port_share", "darknet_port_packets", "darknet_category_share"}) {
        EXPECT_EQ(Why(Find(figures, id, {{"population", population}})), kOtherWays);
      }
    }
    EXPECT_EQ(Value(figures, "darknet_packets", {{"family", "ipv4"}}), "6720");
    EXPECT_EQ(Value(figures, "darknet_category_share", {{"population", "all"}, {"category", "iot"}}),
              "0.3810");
    // Classes are judged by rules, not by keys.
    if (is_key) {
      EXPECT_EQ(Value(figures, "darknet_class_packets", {{"class", "tcp_syn"}, {"family", "ipv4"}}), "6720");
    } else {
      EXPECT_EQ(Why(Find(figures, "darknet_class_packets", {})), kOtherWays);
    }
    EXPECT_EQ(Find(figures, "darknet_packets", {{"family", "ipv4"}}).darknet_rules(), is_key ? 3u : 0u);
  }
}

// Classes are told by rules on days whose sources nobody judged, too.
TEST(TelescopeFigures, WithholdClassesByTheRulesOfEveryDay) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  for (const bool is_mixed : {true, false}) {
    auto days = JudgedDays();
    if (is_mixed) {
      days[1].clear_sources();
      days[1].set_sources_withheld_because("sources were told apart in 2 ways");
    } else {
      days[1].mutable_sources()->clear_judged_in_revision();
      days[1].mutable_sources()->set_rules(4);
    }
    const auto figures = FiguresOf(days, two);
    EXPECT_EQ(Why(Find(figures, "darknet_class_packets", {})), kOtherWays);
    EXPECT_EQ(Find(figures, "darknet_packets", {{"family", "ipv4"}}).darknet_rules(), 0u);
    EXPECT_EQ(Find(figures, "darknet_victim_packets", {}).value(), "90");
    EXPECT_EQ(Find(figures, "darknet_victim_packets", {}).darknet_rules(), 3u);
  }
}

TEST(TelescopeFigures, SayOfHowManyWindowsSourcesWereToldApart) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  auto days = JudgedDays();
  days[1].clear_sources();
  const v1::Figure share = Find(FiguresOf(days, two), "darknet_survey_scan_share", {{"rule", "behaviour"}});
  EXPECT_EQ(share.value(), "0.1369");
  EXPECT_EQ(share.windows(), kWindows);
  EXPECT_EQ(share.expected_windows(), 2 * kWindows);
}

// The sketches of a day are there before it is judged, and not where some sensor's sources were not told
// apart.
TEST(TelescopeFigures, CountHostsOfTheDaysThatHaveSketches) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  auto days = JudgedDays();
  days[1].mutable_sources()->clear_judged_in_revision();
  const v1::Figure hosts = Find(FiguresOf(days, two), "darknet_unique_hosts", {{"family", "ipv4"}});
  EXPECT_EQ(hosts.value(), "3");
  EXPECT_EQ(hosts.windows(), 2 * kWindows);
  days[1].mutable_sources()->clear_sketches();
  EXPECT_EQ(Why(Find(FiguresOf(days, two), "darknet_unique_hosts", {})), kOtherWays);
  days[1].clear_sources();
  EXPECT_EQ(Find(FiguresOf(days, two), "darknet_unique_hosts", {{"family", "ipv4"}}).windows(), kWindows);
}

TEST(TelescopeFigures, GiveEachOfTheTenToOneCategory) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  const auto figures = FiguresOf(JudgedDays(), two);
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
  const auto figures = FiguresOf(std::vector{strange}, day);
  EXPECT_EQ(Why(Find(figures, "darknet_category_share", {{"population", "all"}})),
            "port_without_category: 9/udp is among the ten leading ports and in no category on 2024-11-01; "
            "give it a "
            "row in port_categories.csv");
  EXPECT_EQ(Value(figures, "darknet_port_share",
                  {{"population", "all"}, {"rank", "2"}, {"protocol", "udp"}, {"port", "9"}}),
            "0.4444");
}

// Of a day every kind but growth is made, and no other.
TEST(TelescopeFigures, AreOfTheKindsThatAreListed) {
  const DayPeriod one{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 1)};
  std::set<std::string> made = {"darknet_yoy", "darknet_ratio_to_base_year"}, listed;
  for (const v1::Figure& figure : FiguresOf({JudgedDays().front()}, one)) made.insert(figure.id());
  for (const FigureKind* kind : TelescopeFigureKinds()) listed.emplace(kind->id);
  EXPECT_EQ(made, listed);
}

TEST(TelescopeFigures, SayWhatToDoWithoutATableOfCategories) {
  TelescopePeriod sum{.period = {absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 1)}};
  AddDay(JudgedDays().front(), sum);
  EXPECT_EQ(Why(Find(TelescopeFigures(sum, nullptr), "darknet_category_share", {{"population", "all"}})),
            "port_without_category: the aggregator has no table of port categories; name one as "
            "port_categories_path in its configuration");
}

}  // namespace
}  // namespace kansoku::aggregator
