// SPDX-License-Identifier: Apache-2.0
//
// What a site of open data is told of a single ISP's telescope: nothing of fewer than ten sources.
#include "aggregator/serve/few_sources.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "aggregator/serve/withheld_telescope.h"
#include "tests/aggregator/serve/sample_telescope.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

constexpr char kDay[] = "2024-11-01", kNextDay[] = "2024-11-02";
constexpr char kFew[] = "fewer than 10 sources are behind it, or behind what it would tell by subtraction";

struct Port {
  uint32_t port;
  uint64_t packets;
  uint64_t hosts;  // that probed it
  uint64_t survey_packets = 0;
  uint64_t survey_hosts = 0;  // none: as of days that did not count them
};

// Each port is in a category, so that none is withheld for want of one.
PortCategories CategoriesOf(const std::vector<Port>& ports) {
  std::string table = "protocol,port,category,also,valid_from,source\n";
  for (const Port& of : ports) absl::StrAppend(&table, "tcp,", of.port, ",iot,,2015-01-01,made up\n");
  return *PortCategories::Parse(table, "port_categories.csv");
}

class FewSourcesTest : public ::testing::Test {
 protected:
  void Keep(const std::vector<Port>& ports, bool is_judged = true, const std::string& day = kDay) {
    v1::TelescopeDay made = SampleDay(day, 0, ++revisions_[day]);
    made.clear_ports();
    if (!is_judged) made.clear_sources();
    uint64_t packets = 0, survey_packets = 0;
    for (const Port& of : ports) {
      v1::PortDay& port = *made.add_ports();
      port.set_protocol(6);
      port.set_port(of.port);
      port.set_packets(of.packets);
      port.set_survey_packets(of.survey_packets);
      port.set_probe_hosts(of.hosts);
      port.set_survey_hosts(of.survey_hosts);
      packets += of.packets;
      survey_packets += of.survey_packets;
    }
    made.mutable_sensors(0)->mutable_classes(0)->set_packets(packets);
    if (is_judged) {
      made.mutable_sources()->set_survey_sources(scanners_);
      made.mutable_sources()->set_portless_packets(portless_);
      made.mutable_sources()->set_survey_packets(survey_packets);
      made.mutable_sources()->set_undecided_sources(undecided_);
      made.mutable_sources()->set_undecided_packets(100 * undecided_);
      *made.mutable_sources()->mutable_non_survey_sketches(0) = SampleSketch(others_);
    }
    const absl::Status added = store_->AddTelescopeDay(made);
    ASSERT_TRUE(added.ok()) << added;
    categories_ = CategoriesOf(ports);
  }

  // Values, or why they are withheld, by id and labels: "darknet_port_packets all 23 tcp 1".
  std::map<std::string, std::string> Told(const std::string& last_day = kDay) {
    v1::TelescopeSelection asked;
    asked.set_first_day(kDay);
    asked.set_last_day(last_day);
    asked.set_as_public(true);
    const auto answer = ReadTelescope(*store_, asked, &categories_, /*fewest=*/1, remembered_);
    EXPECT_TRUE(answer.ok()) << answer.status();
    std::map<std::string, std::string> told;
    if (!answer.ok()) return told;
    for (const v1::Figure& figure : answer->figures()) {
      std::string name = figure.id();
      const std::map<std::string, std::string> labels(figure.labels().begin(), figure.labels().end());
      for (const auto& [label, value] : labels) absl::StrAppend(&name, " ", value);
      told[name] = figure.value().empty() ? figure.withheld_because() : figure.value();
    }
    return told;
  }

  // Of the population `all`: packets by rank and port, "1 23".
  static std::map<std::string, std::string> Ports(const std::map<std::string, std::string>& told) {
    std::map<std::string, std::string> ports;
    const std::string start = "darknet_port_packets all";
    for (const auto& [name, value] : told) {
      if (name.starts_with(start)) ports[name.substr(start.size())] = value;
    }
    return ports;
  }

  // Numbers that are told of a figure and population: "darknet_port_hosts all".
  static std::map<uint32_t, uint64_t> ByPort(const std::map<std::string, std::string>& told,
                                             const std::string& of) {
    std::map<uint32_t, uint64_t> numbers;
    for (const auto& [name, value] : told) {
      const std::vector<std::string> words = absl::StrSplit(name, ' ');
      if (!name.starts_with(of) || words.size() < 3) continue;
      numbers[static_cast<uint32_t>(std::stoul(words[2]))] = std::stoull(value);
    }
    return numbers;
  }

  ServedStore store_;
  std::map<std::string, uint32_t> revisions_;
  RememberedHours remembered_;
  uint64_t others_ = 10;  // hosts that are no survey scanners
  uint64_t scanners_ = 10;
  uint64_t portless_ = 0;
  uint64_t undecided_ = 0;  // of these, hosts that may be some all the same
  PortCategories categories_ = SampleCategories();
};

using Packets = std::map<std::string, std::string>;

TEST_F(FewSourcesTest, APortThatTenHostsProbedIsTold) {
  Keep({{23, 300, 10}, {80, 100, 10}});
  auto told = Told();
  EXPECT_EQ(Ports(told), (Packets{{" 23 tcp 1", "300"}, {" 80 tcp 2", "100"}}));
  EXPECT_EQ(told["darknet_port_share all 23 tcp 1"], "0.7500");
  EXPECT_EQ(told["darknet_category_share iot all"], "1.0000");
  EXPECT_EQ(told["darknet_category_share iot non_survey"], "1.0000");
}

TEST_F(FewSourcesTest, WhatNineSentThatMayBeSurveyScannersIsNotTold) {
  for (const auto& [undecided, said] : {std::pair(0u, "0"), {9u, kFew}, {10u, "1000"}}) {
    undecided_ = undecided;
    Keep({{23, 3'000, 10}});
    EXPECT_EQ(Told()["darknet_unjudged_packets undecided"], said);
  }
}

TEST_F(FewSourcesTest, WhatNineSurveyScannersSentToNoPortIsNotTold) {
  for (const auto& [scanners, said] : {std::pair(0u, "0"), {9u, kFew}, {10u, "70"}}) {
    scanners_ = scanners;
    portless_ = 7 * scanners;
    Keep({{23, 3'000, 10}});
    EXPECT_EQ(Told()["darknet_unjudged_packets no_port"], said);
  }
}

// Neither its packets, nor which it is, nor between which others it stands; nor does a sum tell it.
TEST_F(FewSourcesTest, APortOfNineIsNotToldNorThatItLeads) {
  std::vector<Port> ports;
  for (uint32_t port = 1; port <= 12; ++port) ports.push_back({port, 1'300 - 100 * port, 10});
  ports[2].hosts = 9;
  Keep(ports);
  const auto told = Told();
  EXPECT_EQ(Ports(told), (Packets{{" 1 tcp 1", "1200"},
                                  {" 2 tcp 2", "1100"},
                                  {" 4 tcp 3", "900"},
                                  {" 5 tcp 4", "800"},
                                  {" 6 tcp 5", "700"},
                                  {" 7 tcp 6", "600"},
                                  {" 8 tcp 7", "500"},
                                  {" 9 tcp 8", "400"},
                                  {" 10 tcp 9", "300"},
                                  {"", kFew}}));
  int categories = 0;
  for (const auto& [name, value] : told) {
    if (!name.starts_with("darknet_category_share")) continue;
    ++categories;
    EXPECT_EQ(value, kFew) << name;
  }
  EXPECT_EQ(categories, 4 * 3);  // of three populations
  for (const auto& [name, value] : told) EXPECT_EQ(name.find(" 3 tcp"), std::string::npos) << name;
}

// 23 of few is all packets less the told ones, unless 80 is not told either.
TEST_F(FewSourcesTest, WhatAllPortsLeaveOverIsOfTenToo) {
  Keep({{443, 300, 20}, {80, 200, 20}, {23, 100, 3}});
  EXPECT_EQ(Ports(Told()), (Packets{{" 443 tcp 1", "300"}, {"", kFew}}));
  // It does not lead, and the share of other ports would tell it.
  std::vector<Port> ports;
  for (uint32_t port = 1; port <= 11; ++port) ports.push_back({port, 1'300 - 100 * port, 10});
  ports[10].hosts = 9;
  Keep(ports);
  auto told = Told();
  EXPECT_EQ(Ports(told).size(), 10u);
  EXPECT_EQ(told["darknet_port_packets all 9 tcp 9"], "400");
  EXPECT_EQ(told["darknet_port_packets all"], kFew);
  EXPECT_EQ(told["darknet_category_share other all"], kFew);
  ports[10].hosts = 10;
  Keep(ports);
  told = Told();
  EXPECT_EQ(told["darknet_port_packets all 10 tcp 10"], "300");
  EXPECT_EQ(told["darknet_category_share other all"], "0.0260");  // 200 / 7700
}

TEST_F(FewSourcesTest, OfSeveralDaysTheOneWithTheMostHostsDecides) {
  Keep({{23, 300, 9}});
  Keep({{23, 300, 9}}, true, kNextDay);
  EXPECT_EQ(Ports(Told(kNextDay)), (Packets{{"", kFew}}));
  Keep({{23, 300, 10}}, true, kNextDay);
  EXPECT_EQ(Ports(Told(kNextDay)), (Packets{{" 23 tcp 1", "600"}}));
  EXPECT_EQ(Ports(Told()), (Packets{{"", kFew}}));
}

// Nobody knows how many they were, but not more than their packets.
TEST_F(FewSourcesTest, PacketsBoundWhoeverWasNotToldApart) {
  for (const bool is_judged : {false, true}) {  // not at all; or as whoever answers and does not probe
    Keep({{23, 9, 0}}, is_judged);
    EXPECT_EQ(Ports(Told()), (Packets{{"", kFew}})) << is_judged;
    Keep({{23, 10, 0}}, is_judged);
    EXPECT_EQ(Ports(Told()), (Packets{{" 23 tcp 1", "10"}})) << is_judged;
  }
  // On one day they were told apart, on the other not.
  Keep({{23, 300, 9}});
  Keep({{23, 9, 0}}, false, kNextDay);
  EXPECT_EQ(Ports(Told(kNextDay)), (Packets{{"", kFew}}));
  Keep({{23, 10, 0}}, false, kNextDay);
  EXPECT_EQ(Ports(Told(kNextDay)), (Packets{{" 23 tcp 1", "310"}}));
}

// Who probed a port are survey scanners and others; days of before do not say how many of either.
TEST_F(FewSourcesTest, WithoutSurveyScannersPacketsBoundBothParts) {
  const auto told_of = [&](uint64_t survey_packets) {
    Keep({{23, 100, 20, survey_packets}});
    auto told = Told();
    EXPECT_EQ(Ports(told), (Packets{{" 23 tcp 1", "100"}}));
    return told;
  };
  EXPECT_EQ(told_of(9)["darknet_port_packets non_survey"], kFew);
  EXPECT_EQ(told_of(10)["darknet_port_packets non_survey 23 tcp 1"], "90");
  EXPECT_EQ(told_of(90)["darknet_port_packets non_survey 23 tcp 1"], "10");
  EXPECT_EQ(told_of(91)["darknet_port_packets non_survey"], kFew);
  EXPECT_EQ(told_of(0)["darknet_port_packets non_survey 23 tcp 1"], "100");
  others_ = 9;
  EXPECT_EQ(told_of(10)["darknet_port_packets non_survey"], kFew);
}

// All less those that are left are scanners: neither their packets nor their number is told by the others.
TEST_F(FewSourcesTest, WithoutSurveyScannersThoseAndOthersAreTenEach) {
  const auto told_of = [&](uint64_t hosts, uint64_t scanners) {
    Keep({{23, 100, hosts, 50, scanners}});
    auto told = Told();
    EXPECT_EQ(told["darknet_port_packets all 23 tcp 1"], "100");
    EXPECT_EQ(told["darknet_port_hosts all 23 tcp 1"], absl::StrCat(hosts));
    return told;
  };
  for (const auto& [hosts, scanners] : {std::pair(20, 9), std::pair(20, 11), std::pair(30, 29)}) {
    auto told = told_of(static_cast<uint64_t>(hosts), static_cast<uint64_t>(scanners));
    EXPECT_EQ(told["darknet_port_packets non_survey"], kFew) << hosts << " " << scanners;
    EXPECT_EQ(told["darknet_category_share iot non_survey"], kFew) << hosts << " " << scanners;
    EXPECT_EQ(told["darknet_port_hosts non_survey"], kFew) << hosts << " " << scanners;
  }
  auto told = told_of(21, 11);
  EXPECT_EQ(told["darknet_port_packets non_survey 23 tcp 1"], "50");
  EXPECT_EQ(told["darknet_port_hosts non_survey 23 tcp 1"], "10");
  told = told_of(20, 10);
  EXPECT_EQ(told["darknet_port_packets non_survey 23 tcp 1"], "50");
  EXPECT_EQ(told["darknet_port_hosts non_survey 23 tcp 1"], "10");
  // None is no secret: whoever was no scanner answered, or found no room.
  told = told_of(20, 20);
  EXPECT_EQ(told["darknet_port_packets non_survey 23 tcp 1"], "50");
  EXPECT_FALSE(told.contains("darknet_port_hosts non_survey"));
  // Nor is a number that none is taken from.
  Keep({{23, 100, 20}});
  told = Told();
  EXPECT_EQ(told["darknet_port_packets non_survey 23 tcp 1"], "100");
  EXPECT_EQ(told["darknet_port_hosts non_survey 23 tcp 1"], "20");
}

TEST_F(FewSourcesTest, WhatIsToldWithoutSurveyScannersIsLessByTenOfThemOrNone) {
  std::mt19937_64 random(1);
  std::map<std::string, int> told_of, of_fewer_than_all;
  for (int turn = 0; turn < 60; ++turn) {
    std::vector<Port> ports;
    for (uint32_t port = 1; port <= 12; ++port) {
      const uint64_t scanners = random() % 3 == 0 ? 0 : random() % 40, others = random() % 40;
      const uint64_t survey_packets = scanners + (scanners == 0 ? 0 : random() % 20);
      ports.push_back(
          {port, survey_packets + others + random() % 20, scanners + others, survey_packets, scanners});
    }
    Keep(ports);
    const auto told = Told();
    for (const std::string id : {"darknet_port_packets", "darknet_port_hosts"}) {
      for (const auto& [port, number] : ByPort(told, id + " non_survey")) {
        const Port& of = ports[port - 1];
        const uint64_t others = of.hosts - of.survey_hosts;
        EXPECT_TRUE(of.survey_hosts == 0 || of.survey_hosts >= 10) << id << " " << of.survey_hosts;
        EXPECT_TRUE(others == 0 || others >= 10) << id << " " << others;
        EXPECT_EQ(number, id == "darknet_port_hosts" ? others : of.packets - of.survey_packets);
        ++told_of[id];
        of_fewer_than_all[id] += of.survey_hosts > 0;
      }
      EXPECT_FALSE(ByPort(told, id + " all").empty());
    }
  }
  for (const auto& [id, figures] : told_of) {
    EXPECT_GT(figures, 60) << id;
    EXPECT_GT(of_fewer_than_all[id], 60) << id;
  }
  EXPECT_EQ(told_of.size(), 2u);
}

TEST_F(FewSourcesTest, OfSeveralDaysTheOneWithTheMostScannersDecides) {
  Keep({{23, 100, 40, 50, 9}});
  const auto told_of = [&](const Port& port, bool is_judged = true) {
    Keep({port}, is_judged, kNextDay);
    return Told(kNextDay);
  };
  EXPECT_EQ(told_of({23, 100, 40, 50, 9})["darknet_port_packets non_survey"], kFew);
  EXPECT_EQ(told_of({23, 100, 40, 50, 10})["darknet_port_packets non_survey 23 tcp 1"], "100");
  // Of a day that did not count them their packets bound them, as those of a day without any judgement.
  EXPECT_EQ(told_of({23, 100, 40, 50})["darknet_port_packets non_survey 23 tcp 1"], "100");
  EXPECT_EQ(told_of({23, 9, 0}, false)["darknet_port_packets non_survey"], kFew);
  EXPECT_EQ(told_of({23, 10, 0}, false)["darknet_port_packets non_survey 23 tcp 1"], "50");
}

// What is left of a population is told by the shares of the others: of 23 nine packets are survey scanners'.
TEST_F(FewSourcesTest, WhatAPopulationLeavesOverIsJudgedAsPortsAre) {
  Keep({{80, 300, 20, 100}, {23, 100, 20, 9}});
  auto told = Told();
  EXPECT_EQ(told["darknet_port_packets non_survey"], kFew);
  EXPECT_FALSE(told.contains("darknet_port_packets non_survey 80 tcp 1"));
  EXPECT_EQ(told["darknet_port_packets all 23 tcp 2"], "100");
}

// Three ISPs, whose subscribers the hours tell as the day does.
TEST_F(FewSourcesTest, FewSubscribersAreNotToldNorByWhatOthersTheyAreOf) {
  constexpr int64_t kDayStart = kSampleStart - 9 * 3'600;  // in Japan
  for (const std::string name : {"a", "b", "c"}) store_.Welcome(name, v1::GROUP_A1, "isp-" + name);
  uint64_t windows = 0;
  v1::DarknetSubscribers held;
  const auto told_of = [&](uint64_t reached, uint64_t scanning) {
    for (const std::string name : {"a", "b", "c"}) {
      v1::Measurement measurement = SampleMeasurement(1, 0, /*darknet=*/false);
      v1::DarknetTally& tally = *measurement.add_darknet();
      tally.set_sensor("dark-" + name);
      tally.set_source_key(7);
      v1::DarknetCell& cell = *tally.add_cells();
      cell.set_darknet_class(v1::DARKNET_CLASS_TCP_SYN);
      cell.set_family(v1::FAMILY_IPV4);
      cell.set_protocol(6);
      cell.set_destination_port(23);
      cell.set_packets(10);
      measurement.mutable_darknet_subscribers()->set_reached(reached);
      measurement.mutable_darknet_subscribers()->set_scanning(scanning);
      held.set_reached(held.reached() + reached);
      held.set_scanning(held.scanning() + scanning);
      store_.Add(name, kDayStart + 10 * static_cast<int64_t>(windows++), measurement);
    }
    v1::TelescopeDay day = SampleDay(kDay, 10 * windows, ++revisions_[kDay]);
    *day.mutable_subscribers() = held;
    const absl::Status added = store_->AddTelescopeDay(day);
    EXPECT_TRUE(added.ok()) << added;
    v1::TelescopeSelection asked;
    asked.set_first_day(kDay);
    asked.set_last_day(kDay);
    asked.add_ids("darknet_infected_subscribers");
    const auto answer = ReadTelescope(*store_, asked, &categories_, /*fewest=*/3, remembered_);
    EXPECT_TRUE(answer.ok()) << answer.status();
    std::vector<std::string> told;
    for (const v1::Figure& figure : answer->figures()) {
      told.push_back(figure.value().empty() ? figure.withheld_because() : figure.value());
    }
    return told;  // reached, scanning
  };
  EXPECT_EQ(told_of(3, 3), (std::vector<std::string>{kFew, kFew}));  // 9 and 9
  EXPECT_EQ(told_of(1, 1), (std::vector<std::string>{"12", "12"}));  // and all of them scan
  EXPECT_EQ(told_of(3, 0), (std::vector<std::string>{"21", kFew}));  // 21 less 12
  EXPECT_EQ(told_of(1, 0), (std::vector<std::string>{"24", "12"}));  // 24 less 12
}

}  // namespace
}  // namespace kansoku::aggregator
