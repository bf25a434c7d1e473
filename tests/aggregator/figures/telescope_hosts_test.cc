// SPDX-License-Identifier: Apache-2.0
//
// Hosts of the leading ports: all, and those that are no survey scanners.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/day_sources.h"
#include "proto/contract/ip_protocol.h"
#include "tests/aggregator/figures/judged_days.h"

namespace kansoku::aggregator {
namespace {

constexpr uint64_t kSources = 60, kWide = 12, kFewestPackets = 100;
constexpr uint32_t kFewestPorts = 30, kPorts = 48;

// Packets by source and port.
using Probes = std::map<uint64_t, std::map<ProtocolPort, uint64_t>>;

// Of one window: some sources come to many ports, and of these some are scanners over the day.
Probes RandomProbes(std::mt19937_64& random) {
  Probes probes;
  for (uint64_t source = 1; source <= kSources; ++source) {
    for (uint64_t i = random() % (source <= kWide ? 20 : 4); i > 0; --i) {
      const ProtocolPort port(random() % 3 == 0 ? 17 : 6, static_cast<uint32_t>(1 + random() % kPorts));
      probes[source][port] += 1 + random() % 5;
    }
  }
  return probes;
}

v1::DarknetSources MessageOf(const Probes& probes) {
  v1::DarknetSources message;
  message.set_source_key(7);
  message.set_rules(1);
  for (const auto& [id, ports] : probes) {
    v1::DarknetSource& source = *message.add_sources();
    source.set_id(id);
    source.set_family(v1::FAMILY_IPV4);
    for (const auto& [port, packets] : ports) {
      source.set_probe_packets(source.probe_packets() + packets);
      v1::PortPackets& of_port = *source.add_ports();
      of_port.set_protocol(port.first);
      of_port.set_port(port.second);
      of_port.set_packets(packets);
    }
  }
  return message;
}

void Add(const Probes& from, Probes& into) {
  for (const auto& [source, ports] : from) {
    for (const auto& [port, packets] : ports) into[source][port] += packets;
  }
}

bool IsScanner(const std::map<ProtocolPort, uint64_t>& ports) {
  uint64_t packets = 0;
  for (const auto& [port, of_port] : ports) packets += of_port;
  return packets >= kFewestPackets && ports.size() >= kFewestPorts;
}

// Each fifth found none.
bool FoundRoom(const ProtocolPort& port) { return port.second % 5 != 0; }

v1::TelescopeDay DayOf(const Probes& probes, const DaySources& sources) {
  std::map<ProtocolPort, uint64_t> packets;
  for (const auto& [source, ports] : probes) {
    for (const auto& [port, of_port] : ports) packets[FoundRoom(port) ? port : ProtocolPort(6, 0)] += of_port;
  }
  std::vector<v1::DarknetCell> cells;
  for (const auto& [port, count] : packets) cells.push_back(PortCell(port.first, port.second, count));
  v1::TelescopeDay day = MakeTelescopeDay(
      "2024-11-01", std::vector{Point("dark", v1::GROUP_NONE, 1, 1, {},
                                      {Tally("kyoto", 100 * kSecondsOfADay, std::move(cells))})});
  sources.Judge({.packets = kFewestPackets, .ports = kFewestPorts}, *day.mutable_sources(),
                *day.mutable_ports());
  day.set_revision(1);
  day.mutable_sources()->set_judged_in_revision(1);
  return day;
}

// "1 tcp 23: 14", by rank.
using Ranked = std::vector<std::string>;

std::string Text(const std::string& rank, const std::string& protocol, const std::string& port,
                 const std::string& hosts) {
  return absl::StrCat(rank, " ", protocol, " ", port, ": ", hosts);
}

Ranked Told(const std::vector<v1::Figure>& figures, const std::string& population) {
  Ranked told;
  for (const v1::Figure& figure : figures) {
    if (figure.id() != "darknet_port_hosts" || figure.labels().at("population") != population) continue;
    told.push_back(figure.value().empty() ? Why(figure)
                                          : Text(figure.labels().at("rank"), figure.labels().at("protocol"),
                                                 figure.labels().at("port"), figure.value()));
  }
  return told;
}

// A second time, host by host.
Ranked Counted(const Probes& probes, bool with_scanners) {
  std::map<ProtocolPort, std::set<uint64_t>> hosts;
  for (const auto& [source, ports] : probes) {
    if (!with_scanners && IsScanner(ports)) continue;
    for (const auto& [port, packets] : ports) {
      if (FoundRoom(port)) hosts[port].insert(source);
    }
  }
  std::vector<std::pair<ProtocolPort, size_t>> ranked;
  for (const auto& [port, of_port] : hosts) ranked.emplace_back(port, of_port.size());
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  ranked.resize(std::min<size_t>(ranked.size(), 10));
  Ranked counted;
  for (const auto& [port, count] : ranked) {
    counted.push_back(Text(absl::StrCat(counted.size() + 1), IpProtocolLabel(port.first),
                           absl::StrCat(port.second), absl::StrCat(count)));
  }
  return counted;
}

const DayPeriod kOne{absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 1)};

class TelescopeHostsProperty : public ::testing::TestWithParam<uint64_t> {};

TEST_P(TelescopeHostsProperty, AreThoseThatAreCountedOneByOne) {
  std::mt19937_64 random(GetParam());
  DaySources sources(1'000);
  Probes all;
  for (int window = 0; window < 4; ++window) {
    const Probes probes = RandomProbes(random);
    ASSERT_TRUE(sources.Add(10 * window, 10, MessageOf(probes)).ok());
    Add(probes, all);
  }
  const v1::TelescopeDay day = DayOf(all, sources);
  const auto scanners = static_cast<uint64_t>(
      std::count_if(all.begin(), all.end(), [](const auto& source) { return IsScanner(source.second); }));
  EXPECT_EQ(day.sources().survey_sources(), scanners);
  ASSERT_GT(scanners, 0u);
  ASSERT_LT(scanners, kWide);
  const auto figures = FiguresOf({day}, kOne);
  EXPECT_EQ(Told(figures, "all"), Counted(all, true));
  EXPECT_EQ(Told(figures, "non_survey"), Counted(all, false));
  EXPECT_NE(Told(figures, "all"), Told(figures, "non_survey"));
}

INSTANTIATE_TEST_SUITE_P(Seeds, TelescopeHostsProperty, ::testing::Range(uint64_t{1}, uint64_t{21}));

// To a reader of the message no number of scanners is 0 of them; but what they sent is there.
TEST(TelescopeHosts, AreNotToldWithoutScannersThatTheDayDidNotCount) {
  v1::TelescopeDay day = JudgedDays().front();
  const Ranked all = Told(FiguresOf({day}, kOne), "all");
  EXPECT_EQ(all.size(), 10u);
  for (v1::PortDay& port : *day.mutable_ports()) port.clear_survey_hosts();
  EXPECT_EQ(Told(FiguresOf({day}, kOne), "all"), all);
  EXPECT_EQ(Told(FiguresOf({day}, kOne), "non_survey"),
            Ranked{"other_keys: when this day was judged nobody counted how many survey scanners probed each "
                   "port"});
  // Where they sent nothing, they are none.
  for (v1::PortDay& port : *day.mutable_ports()) port.clear_survey_packets();
  EXPECT_EQ(Told(FiguresOf({day}, kOne), "non_survey"), all);
}

TEST(TelescopeHosts, AreOfTheDayThatHadTheMostOfEach) {
  TelescopePeriod sum{.period = {absl::CivilDay(2024, 11, 1), absl::CivilDay(2024, 11, 3)}};
  const auto add = [&](const char* date, uint64_t hosts, uint64_t scanners, bool is_judged = true) {
    v1::TelescopeDay day;
    day.set_day(date);
    day.mutable_sources()->set_judged_in_revision(is_judged ? 1 : 0);
    v1::PortDay& port = *day.add_ports();
    port.set_protocol(6);
    port.set_port(23);
    port.set_packets(100);
    port.set_survey_packets(50);
    port.set_probe_hosts(hosts);
    port.set_survey_hosts(scanners);
    AddDay(day, sum);
  };
  const PortSum& port = sum.ports[{6, 23}];
  add("2024-11-01", 12, 9);
  add("2024-11-02", 10, 2);
  EXPECT_EQ(port.probe_hosts, 12u);
  EXPECT_EQ(port.survey_hosts, 9u);
  EXPECT_EQ(port.non_survey_hosts, 8u);
  add("2024-11-03", 40, 0, /*is_judged=*/false);
  EXPECT_EQ(port.non_survey_hosts, 8u);
  EXPECT_FALSE(port.is_survey_uncounted);
  add("2024-11-04", 40, 0);
  EXPECT_EQ(port.probe_hosts, 40u);
  EXPECT_EQ(port.non_survey_hosts, 8u);
  EXPECT_TRUE(port.is_survey_uncounted);
}

}  // namespace
}  // namespace kansoku::aggregator
