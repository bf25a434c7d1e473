// SPDX-License-Identifier: Apache-2.0
//
// Days of a telescope, made up, and the figures of them.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "aggregator/figures/telescope_day.h"
#include "aggregator/figures/telescope_figures.h"
#include "tests/aggregator/figures/figure_literals.h"

namespace kansoku::aggregator {

inline constexpr uint64_t kWindows = 8'640;
inline constexpr char kOtherWays[] =
    "other_keys: sources were hashed with several keys, judged by several sets of rules, or in part not told "
    "apart";
inline constexpr char kOtherRules[] = "other_keys: classes were told by several versions of the rules";
using Labels = std::map<std::string, std::string>;

// What is shipped.
inline PortCategories Categories() {
  std::ostringstream text;
  text << std::ifstream(KANSOKU_SOURCE_DIR "/deploy/telescope/port_categories.csv").rdbuf();
  const auto categories = PortCategories::Parse(text.str(), "port_categories.csv");
  EXPECT_TRUE(categories.ok()) << categories.status();
  return categories.ok() ? *categories : PortCategories();
}

inline v1::TelescopeDay Day(absl::CivilDay day, uint64_t addresses, uint64_t packets) {
  return MakeTelescopeDay(
      absl::FormatCivilTime(day),
      std::vector{Point("dark", v1::GROUP_NONE, kWindows, kWindows, {},
                        {Tally("kyoto", addresses * kSecondsOfADay, {PortCell(6, 23, packets)})})});
}

inline std::vector<v1::Figure> FiguresOf(const std::vector<v1::TelescopeDay>& days, const DayPeriod& period) {
  static const PortCategories categories = Categories();
  TelescopePeriod sum{.period = period};
  for (const v1::TelescopeDay& day : days) AddDay(day, sum);
  return TelescopeFigures(sum, &categories);
}

inline std::string Value(const std::vector<v1::Figure>& figures, const std::string& id,
                         const Labels& labels) {
  return Find(figures, id, labels).value();
}

inline void SetRules(const std::vector<uint32_t>& rules, v1::TelescopeDay& day) {
  day.mutable_rules()->Assign(rules.begin(), rules.end());
}

// Two days with eleven ports, a survey scanner at three of them, another on a list.
inline std::vector<v1::TelescopeDay> JudgedDays() {
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
      if (port.port() == 80) {
        port.set_survey_packets(450);
        port.set_survey_hosts(1);
      }
      port.set_probe_hosts(port.port() == 8080 ? 9 : 1);
      if (port.port() == 23) port.set_listed_packets(100);
    }
    SetRules({3}, day);
    day.set_revision(static_cast<uint32_t>(days.size()));
    day.set_computed_unix_seconds(1'730'500'000 + 86'400 * static_cast<int64_t>(days.size()));
    v1::SourcesDay& sources = *day.mutable_sources();
    sources.set_source_key(7);
    sources.set_judged_in_revision(1);
    sources.set_rules(3);
    sources.set_survey_sources(2);
    sources.set_listed_sources(1);
    sources.set_victims(4);
    sources.set_backscatter_sources(12);
    sources.set_victim_packets(90);
    sources.set_unjudged_packets(11);
    sources.set_untold_packets(5);
    sources.set_most_unjudged_of_one(4);
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
    v1::SourceSketch& non_survey = *sources.add_non_survey_sketches();
    non_survey.set_family(v1::FAMILY_IPV4);
    *non_survey.mutable_few() = sketch.few();
    sources.set_survey_packets(460);  // ten of them without a port
    sources.set_listed_packets(100);
    v1::ListedDay& list = *sources.add_listed();
    list.mutable_list()->set_name("misp");
    list.mutable_list()->set_version("1");
    list.set_sources(1);
    list.set_packets(100);
    v1::SoftFlags& flags = *day.mutable_sensors(0)->mutable_soft_flags();
    flags.set_examined(3'300);
    flags.set_high_ttl(900);
    flags.set_network_source(20);
    flags.set_own_source(3);
    flags.set_port_zero(60);
    flags.set_any(950);
    flags.set_foreign_quote(7);
    day.mutable_subscribers()->set_reached(6);
    day.mutable_subscribers()->set_scanning(2);
    day.mutable_subscribers()->set_further_packets(8);
  }
  return days;
}

}  // namespace kansoku::aggregator
