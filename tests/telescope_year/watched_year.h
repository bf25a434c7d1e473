// SPDX-License-Identifier: Apache-2.0
//
// A year of dark packets, made up and known one by one: what is asked of its figures is counted here a second
// time, from the packets as they were made. Nothing in it was measured.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "tests/generator/ip_packet.h"

namespace kansoku::telescope_year {

inline const absl::CivilDay kFirstDay(2024, 1, 1), kLastDay(2024, 12, 31);
// The longest windows there are.
inline constexpr uint32_t kWindowSeconds = 300;

int64_t StartOf(absl::CivilDay day);  // in Japan

// One collector's sensor. Its range is dark on the days [first, until), and on those of its outage nothing is
// seen of it.
struct Sensor {
  std::string isp, name, prefix;
  uint32_t base;  // the first address
  uint32_t addresses;
  absl::CivilDay first, until, outage_first, outage_until;

  bool IsDark(absl::CivilDay day) const { return day >= first && day < until; }
  bool IsSeen(absl::CivilDay day) const {
    return IsDark(day) && !(day >= outage_first && day < outage_until);
  }
};
// Of three ISPs; two ranges are of the same one, so that its telescope grows and shrinks.
const std::vector<Sensor>& Sensors();

// A list of survey scanners has these hosts.
inline constexpr std::array<std::string_view, 2> kListed = {"198.18.0.2", "198.18.0.4"};

struct TimedPacket {
  int64_t unix_ns;
  size_t sensor;  // that it is for
  generator::IpPacket packet;
};
// What is sent to the sensors' ranges while they are dark, by time.
std::vector<TimedPacket> PacketsOf(absl::CivilDay day);

// Protocol and port.
using Port = std::pair<uint32_t, uint32_t>;
// What was seen over a day, or over several.
struct Seen {
  uint64_t days = 0;
  uint64_t packets = 0;
  uint64_t address_days = 0;
  std::map<std::pair<std::string, std::string>, uint64_t> prefix_days;  // the same, by sensor and prefix
  std::map<std::string, uint64_t> classes;                              // by label
  std::map<Port, uint64_t> ports;
  uint64_t survey_packets = 0, listed_packets = 0;
  std::map<Port, uint64_t> survey_ports, listed_ports;
  std::map<Port, uint64_t> port_hosts, survey_port_hosts;  // sources of probes, of a single day alone
  uint64_t survey_sources = 0;                             // of each day
  uint64_t listed_sources = 0;                             // of each day
  std::map<std::string, uint64_t> flags;                   // packets by flag
  std::map<std::string, uint64_t> tools;                   // sources of each day
  std::map<std::string, uint64_t> tool_packets;
  uint64_t victims = 0, victim_packets = 0;  // of each day
  uint64_t backscatter_sources = 0;          // of each day
  std::set<uint32_t> sources;
  std::set<uint32_t> non_survey_sources;                                         // on some day
  std::map<std::pair<std::string, uint32_t>, std::set<uint32_t>> class_sources;  // by class and protocol
  long double packets_per_address = 0;                                           // sum over the days
  uint64_t last_day_addresses = 0;

  void Add(const Seen& other);
};
// By one ISP's sensors; by everyone's where it is empty.
Seen SeenOn(absl::CivilDay day, const std::string& isp = "");

}  // namespace kansoku::telescope_year
