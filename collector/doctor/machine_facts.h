// SPDX-License-Identifier: Apache-2.0
//
// What the kernel and the drivers say of a machine, as far as it bears on what is measured. Plain data.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace kansoku::collector {

struct InterfaceFacts {
  std::string name;
  bool exists = false;
  bool is_running = false;               // up, with a carrier
  bool is_stacked = false;               // lies on others, whose packets it sees later: a bridge, a VLAN, PPP
  bool has_link_header = true;           // of Ethernet's kind: others are not told of merged packets
  bool has_xdp = false;                  // a program takes packets before any capture
  std::map<std::string, bool> features;  // by ethtool's name of it: on or off; empty: the driver says none
  uint64_t megabits_per_second = 0;      // 0: it does not say
  uint32_t ring_packets = 0;             // of each received queue; 0: the driver does not say
  uint32_t most_ring_packets = 0;
  uint32_t queues = 0;  // that receive; 0: the driver does not say
  uint32_t most_queues = 0;
  uint64_t received_packets = 0;  // since it was made
  uint64_t dropped_packets = 0;   // of them, for want of room in the card or its driver

  bool IsOn(const std::string& feature) const {
    const auto found = features.find(feature);
    return found != features.end() && found->second;
  }
};

// As adjtimex(2) tells.
struct ClockFacts {
  bool is_synchronised = false;
  uint64_t most_error_microseconds = 0;
};

// A short way that the kernel, or the hardware, takes for packets of flows it knows (nftables).
struct Flowtable {
  std::string name;  // "inet fw4 ft"
  std::set<std::string> devices;
  bool is_in_hardware = false;
};

}  // namespace kansoku::collector
