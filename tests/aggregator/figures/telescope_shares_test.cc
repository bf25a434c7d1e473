// SPDX-License-Identifier: Apache-2.0
//
// Shares of populations, of days whose ports, and whose sources' ports, found room or did not.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "aggregator/figures/day_sources.h"
#include "aggregator/figures/telescope_day.h"
#include "aggregator/figures/telescope_figures.h"
#include "tests/aggregator/figures/figure_literals.h"

namespace kansoku::aggregator {
namespace {

constexpr uint32_t kPorts = 64;

// Each port is in one.
PortCategories AllCategories() {
  std::string text = "protocol,port,category,also,valid_from,source\n";
  for (uint32_t port = 1; port <= kPorts; ++port) {
    absl::StrAppend(&text, "tcp,", port, ",",
                    port % 3 == 0   ? "iot"
                    : port % 3 == 1 ? "http"
                                    : "windows",
                    ",,2015-01-01,made up\n");
  }
  return *PortCategories::Parse(text, "port_categories.csv");
}

// What a window says of sources, and the packets of its ports: 0 is where a port found no room.
struct Window {
  v1::DarknetSources sources;
  std::map<uint32_t, uint64_t> packets;
};

Window RandomWindow(std::mt19937_64& random) {
  Window window;
  window.sources.set_source_key(7);
  window.sources.set_rules(1);
  window.sources.add_lists()->set_name("misp");
  const uint64_t room = random() % (2 * kPorts);  // for ports: often for all
  for (uint64_t id = 1; id <= 8; ++id) {
    v1::DarknetSource& source = *window.sources.add_sources();
    source.set_id(id);
    source.set_lists(id % 2);
    const auto ports = static_cast<uint32_t>(random() % (id < 4 ? kPorts : 8));
    for (uint32_t port = 1; port <= ports; ++port) {
      const uint64_t packets = 1 + random() % 9;
      source.set_probe_packets(source.probe_packets() + packets);
      window.packets[port <= room ? port : 0] += packets;
      if (random() % 4 == 0) {  // the source had no room for it
        source.set_further_packets(source.further_packets() + packets);
        continue;
      }
      v1::PortPackets& of_port = *source.add_ports();
      of_port.set_protocol(6);
      of_port.set_port(port);
      of_port.set_packets(packets);
    }
    // What is no probe, to ports and without any.
    for (const uint32_t port : {static_cast<uint32_t>(1 + random() % kPorts), 0u}) {
      const uint64_t packets = random() % 200;
      source.set_other_packets(source.other_packets() + packets);
      window.packets[port] += packets;
    }
  }
  return window;
}

// `rest`: packets of ICMP of a sensor that tells no sources apart.
v1::TelescopeDay DayOf(const std::vector<Window>& windows, uint64_t rest) {
  DaySources sources(1'000);
  std::map<uint32_t, uint64_t> packets;
  for (const Window& window : windows) {
    EXPECT_TRUE(sources.Add(0, 10, window.sources).ok());
    for (const auto& [port, count] : window.packets) packets[port] += count;
  }
  std::vector<v1::DarknetCell> cells = {PortCell(1, 0, rest)};
  for (const auto& [port, count] : packets) cells.push_back(PortCell(6, port, count));
  v1::TelescopeDay day = MakeTelescopeDay(
      "2024-11-01", std::vector{Point("dark", v1::GROUP_NONE, 1, 1, {},
                                      {Tally("kyoto", 100 * kSecondsOfADay, std::move(cells))})});
  sources.Judge({.packets = 100, .ports = 30}, *day.mutable_sources(), *day.mutable_ports());
  day.set_revision(1);
  day.mutable_sources()->set_judged_in_revision(1);
  return day;
}

std::vector<v1::Figure> FiguresOf(const v1::TelescopeDay& day) {
  static const PortCategories categories = AllCategories();
  TelescopePeriod sum{.period = {absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 1)}};
  AddDay(day, sum);
  return TelescopeFigures(sum, &categories);
}

// In ten-thousandths, as they are printed.
int64_t Printed(const v1::Figure& figure) {
  double value = -1;
  EXPECT_TRUE(absl::SimpleAtod(figure.value(), &value)) << figure.ShortDebugString();
  return std::llround(value * 10'000);
}

struct Shares {
  std::vector<int64_t> all;
  int64_t categories = 0, ports = 0;
};

std::map<std::string, Shares> SharesOf(const std::vector<v1::Figure>& figures) {
  std::map<std::string, Shares> by_population;
  for (const v1::Figure& figure : figures) {
    const bool is_category = figure.id() == "darknet_category_share";
    if (!is_category && figure.id() != "darknet_port_share") continue;
    Shares& shares = by_population[figure.labels().at("population")];
    (is_category ? shares.categories : shares.ports) += Printed(figure);
    shares.all.push_back(Printed(figure));
  }
  return by_population;
}

TEST(TelescopeShares, AreOfAWholeThatHasThem) {
  std::mt19937_64 random(3);
  int with_portless = 0, with_listed_portless = 0;
  for (int turn = 0; turn < 300; ++turn) {
    std::vector<Window> windows;
    for (uint64_t i = 1 + random() % 3; i > 0; --i) windows.push_back(RandomWindow(random));
    v1::TelescopeDay day = DayOf(windows, random() % 3 * 50);
    with_portless += day.sources().portless_packets() > 0;
    with_listed_portless += day.sources().listed_portless_packets() > 0;
    if (turn % 3 == 0) day.mutable_sources()->clear_listed_portless_packets();  // as those of before
    const auto shares = SharesOf(FiguresOf(day));
    ASSERT_EQ(shares.size(), 3u);
    for (const auto& [population, of] : shares) {
      for (const int64_t share : of.all) {
        EXPECT_GE(share, 0) << turn << " " << population;
        EXPECT_LE(share, 10'000) << turn << " " << population;
      }
      EXPECT_LE(of.ports, 10'000 + 5) << turn << " " << population;  // ten, each rounded by half
      EXPECT_LE(std::abs(of.categories - 10'000), 2) << turn << " " << population;  // four
    }
  }
  EXPECT_GT(with_portless, 200);
  EXPECT_GT(with_listed_portless, 200);
}

// Of 10,000 packets nothing is rounded.
TEST(TelescopeShares, AddUpToOneBeforeTheyAreRounded) {
  std::mt19937_64 random(4);
  for (int turn = 0; turn < 100; ++turn) {
    const std::vector<Window> windows = {RandomWindow(random)};
    const v1::SourcesDay sources = DayOf(windows, 0).sources();
    const uint64_t packets = PacketsOf(DayOf(windows, 0));
    for (const auto& [population, without] :
         {std::pair("non_survey", sources.survey_packets() - sources.portless_packets()),
          {"non_listed", sources.listed_packets() - sources.listed_portless_packets()},
          {"all", uint64_t{0}}}) {
      ASSERT_LT(packets, 10'000u);
      const auto shares = SharesOf(FiguresOf(DayOf(windows, 10'000 - (packets - without))));
      EXPECT_EQ(shares.at(population).categories, 10'000) << turn << " " << population;
    }
  }
}

}  // namespace
}  // namespace kansoku::aggregator
