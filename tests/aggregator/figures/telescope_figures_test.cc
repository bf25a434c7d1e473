// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/telescope_figures.h"

#include <gtest/gtest.h>

#include <set>

#include "aggregator/figures/figure_catalog.h"
#include "tests/aggregator/figures/judged_days.h"

namespace kansoku::aggregator {
namespace {

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

// Of 460 packets of survey scanners 40 are in what 445 has, and of the 100 of listed ones 15 in what 22 has.
TEST(TelescopeFigures, KeepProbesInAPopulationWhosePortFoundNoRoom) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  auto days = JudgedDays();
  for (v1::TelescopeDay& day : days) {
    day.mutable_sources()->set_portless_packets(40);
    day.mutable_sources()->set_listed_portless_packets(15);
  }
  const auto figures = FiguresOf(days, two);
  const auto share = [&](const char* population, const char* rank, const char* port) {
    return Value(figures, "darknet_port_share",
                 {{"population", population}, {"rank", rank}, {"protocol", "tcp"}, {"port", port}});
  };
  EXPECT_EQ(share("all", "1", "23"), "0.1488");
  EXPECT_EQ(share("non_survey", "1", "23"), "0.1701");  // 500 / 2940
  EXPECT_EQ(share("non_listed", "1", "80"), "0.1405");  // 460 / 3275
  EXPECT_EQ(Value(figures, "darknet_category_share", {{"population", "non_survey"}, {"category", "windows"}}),
            "0.2653");  // 780 / 2940
  EXPECT_EQ(Value(figures, "darknet_unjudged_packets", {{"because", "no_port"}}), "80");
}

TEST(TelescopeFigures, AddUpPacketsOfSourcesAndNotSources) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  const auto figures = FiguresOf(JudgedDays(), two);
  EXPECT_EQ(Value(figures, "darknet_class_packets", {{"class", "tcp_syn"}, {"family", "ipv4"}}), "6720");
  EXPECT_EQ(Value(figures, "darknet_tool_packets", {{"tool", "zmap"}}), "140");
  EXPECT_EQ(Value(figures, "darknet_victim_packets", {}), "180");
  EXPECT_EQ(Value(figures, "darknet_unjudged_packets", {{"because", "no_room"}}), "22");
  EXPECT_EQ(Value(figures, "darknet_unjudged_packets", {{"because", "untold"}}), "10");
  EXPECT_EQ(Value(figures, "darknet_unjudged_packets", {{"because", "no_port"}}), "0");
  const v1::Figure hosts =
      Find(figures, "darknet_unique_hosts", {{"family", "ipv4"}, {"class", "tcp_syn"}, {"protocol", "tcp"}});
  EXPECT_EQ(hosts.value(), "3");
  EXPECT_EQ(hosts.standard_error(), "0");
  EXPECT_EQ(Value(figures, "darknet_unique_hosts", {{"family", "ipv4"}}), "3");
  EXPECT_EQ(Value(figures, "darknet_non_survey_hosts", {{"family", "ipv4"}}), "3");
  for (const v1::Figure& figure : figures) {
    EXPECT_EQ(figure.darknet_rules(), 3u) << figure.id();
    for (const char* id : {"darknet_port_hosts", "darknet_survey_sources", "darknet_tool_sources",
                           "darknet_victims", "darknet_backscatter_sources", "darknet_most_unjudged_of_one",
                           "darknet_infected_subscribers", "darknet_unjudged_subscriber_packets"}) {
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
  EXPECT_EQ(Value(figures, "darknet_backscatter_sources", {}), "12");
  EXPECT_EQ(Value(figures, "darknet_most_unjudged_of_one", {}), "4");
  EXPECT_EQ(Value(figures, "darknet_unjudged_subscriber_packets", {}), "8");
  EXPECT_EQ(Value(figures, "darknet_infected_subscribers", {{"evidence", "reached"}}), "6");
  EXPECT_EQ(Value(figures, "darknet_infected_subscribers", {{"evidence", "scanning"}}), "2");
  const auto hosts = [&](const char* population, const char* rank, const char* port) {
    return Value(figures, "darknet_port_hosts",
                 {{"population", population}, {"rank", rank}, {"protocol", "tcp"}, {"port", port}});
  };
  for (const char* population : {"all", "non_survey"}) {
    EXPECT_EQ(hosts(population, "1", "8080"), "9");
    EXPECT_EQ(hosts(population, "2", "22"), "1");
  }
  EXPECT_EQ(hosts("all", "4", "80"), "1");
  EXPECT_EQ(hosts("all", "10", "3389"), "1");  // 5555 is the eleventh, and the tenth where 80 has none left
  EXPECT_EQ(hosts("non_survey", "4", "81"), "1");
  EXPECT_EQ(hosts("non_survey", "10", "5555"), "1");
}

TEST(TelescopeFigures, TellWhichPacketsLookOddBesideHowManyWereExamined) {
  const DayPeriod two{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 2)};
  auto days = JudgedDays();
  const auto flagged = [&] {
    std::map<std::string, std::string> values;
    for (const v1::Figure& figure : FiguresOf(days, two)) {
      if (figure.id() == "darknet_flagged_packets") values[figure.labels().at("flag")] = figure.value();
    }
    return values;
  };
  const std::map<std::string, std::string> both = {
      {"examined", "6600"}, {"high_ttl", "1800"}, {"network_source", "40"}, {"own_source", "6"},
      {"port_zero", "120"}, {"any", "1900"},      {"foreign_quote", "14"}};
  EXPECT_EQ(flagged(), both);
  days[0].mutable_sensors(0)->clear_soft_flags();
  EXPECT_EQ(flagged()["examined"], "3300");
  SetRules({4}, days[1]);
  EXPECT_EQ(Why(Find(FiguresOf(days, two), "darknet_flagged_packets", {})),
            "other_keys: packets were examined by several versions of the rules");
  days[1].mutable_sensors(0)->clear_soft_flags();
  EXPECT_TRUE(flagged().empty()) << "nobody looked";
}

// Days that were judged before they were counted say 0, as do those on which nobody answered.
TEST(TelescopeFigures, TellNoSourcesOfBackscatterThatNobodyCounted) {
  const DayPeriod one{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 1)};
  v1::TelescopeDay day = JudgedDays().front();
  const auto told = [&] {
    std::vector<std::string> values;
    for (const v1::Figure& figure : FiguresOf({day}, one)) {
      if (figure.id() == "darknet_backscatter_sources") values.push_back(figure.value());
    }
    return values;
  };
  day.mutable_sources()->set_backscatter_sources(0);
  EXPECT_EQ(told(), std::vector<std::string>{"0"});
  v1::ClassDay& answers = *day.mutable_sensors(0)->add_classes();
  answers.set_family(v1::FAMILY_IPV4);
  for (const v1::DarknetClass of : {v1::DARKNET_CLASS_BACKSCATTER_SYN_ACK, v1::DARKNET_CLASS_BACKSCATTER_RST,
                                    v1::DARKNET_CLASS_BACKSCATTER_ICMP}) {
    answers.set_darknet_class(of);
    answers.set_packets(0);
    EXPECT_EQ(told(), std::vector<std::string>{"0"});
    answers.set_packets(1);
    EXPECT_EQ(told(), std::vector<std::string>{});
  }
  day.mutable_sources()->set_backscatter_sources(1);
  EXPECT_EQ(told(), std::vector<std::string>{"1"});
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
