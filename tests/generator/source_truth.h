// SPDX-License-Identifier: Apache-2.0
//
// What one source of dark packets sent. Marks are those that its packets were given when they were made.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "tests/generator/ip_packet.h"
#include "tests/generator/traffic_key.h"

namespace kansoku::generator {

// What a scanning tool left in a SYN.
enum class Mark : uint8_t { kNone, kMirai, kZmap, kMasscan, kNmap, kUnicornscan };
inline constexpr std::array<std::string_view, 6> kMarkLabels = {"none",    "mirai", "zmap",
                                                                "masscan", "nmap",  "unicornscan"};

struct SourceKey {
  uint8_t sensor = 0;
  Address address;
  friend auto operator<=>(const SourceKey&, const SourceKey&) = default;
};

// Of one sensor and window. Nmap and Unicornscan mark pairs: IPv4 SYNs that follow each other here with
// different sequence numbers.
struct SourceTruth {
  uint64_t packets = 0;
  std::map<DarkClass, uint64_t> classes;
  std::map<std::pair<uint8_t, uint16_t>, uint64_t> ports;  // of SYNs and UDP probes, by protocol and port
  std::map<Mark, uint64_t> marks;
  uint64_t pairs = 0;
  std::set<Address> addresses;  // dark ones

  void Count(const IpPacket& packet, DarkClass dark_class, Mark mark);

 private:
  Mark last_mark_ = Mark::kNone;
  uint32_t last_sequence_ = 0;  // with last_mark_
};

}  // namespace kansoku::generator
