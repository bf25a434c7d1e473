// SPDX-License-Identifier: Apache-2.0
//
// Which flows are alive. It answers two questions of each packet: is this a new flow, and is it the flow's
// first packet in this window? Nothing else depends on it, so a table that is too small blurs flow counts
// alone.
//
// A flow has both directions (RFC 5103) of one five-tuple in one family and carrier. The table is
// set-associative: a hash picks a set of eight entries, and a full set forgets the flow it saw least
// recently.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "collector/decode/decoded_packet.h"
#include "proto/contract/traffic_class.h"

namespace kansoku::collector {

// What one packet meant to its flow.
struct FlowTouch {
  bool is_new_flow = false;
  bool is_first_in_window = false;
  TrafficClass traffic_class;  // of the flow's first packet
};

// One thread. All memory, 72 octets for each flow, is taken and touched by the constructor.
class FlowTable {
 public:
  // `entries` > 0 is rounded up to whole sets (of 8, or of `entries` where that is less). A flow that was
  // idle for longer than the timeout has ended; its next packet begins a new one. The seed keeps strangers
  // from choosing addresses that share a set; equal seeds and packets give equal results.
  FlowTable(uint32_t entries, int64_t idle_timeout_ns, uint64_t hash_seed);

  // Time is the packet's own; one from the past neither ages nor renews its flow. Windows are told apart by
  // their starts. Later fragments have no ports and are a flow of their own.
  FlowTouch Touch(const DecodedPacket& packet, TrafficClass traffic_class, int64_t window_start_unix_seconds);

  // Living flows that were forgotten for want of room, since construction.
  uint64_t evicted_flows() const { return evicted_flows_; }

 private:
  static constexpr size_t kMaxWays = 8;

  // Both directions of a flow have the same key: the lower end comes first.
  struct Key {
    IpAddress low, high;
    uint16_t low_port = 0, high_port = 0;
    uint8_t protocol = 0, ip_version = 0;
    Encapsulation encapsulation = Encapsulation::kNative;
    bool is_later_fragment = false;
    friend bool operator==(const Key&, const Key&) = default;
  };
  // One cache line.
  struct alignas(64) Entry {
    Key key;
    int64_t last_seen_unix_ns = 0;
    int64_t window_start_unix_seconds = 0;
    TrafficClass traffic_class;
  };
  // One cache line: what a search needs to know of the set's entries before it reads one.
  struct alignas(64) Set {
    std::array<uint32_t, kMaxWays> tags{};  // bits of the hash; 0: unused
    // Time of the last packet in units of 2^27 ns (about 0.13 s), modulo 2^32 (18 years).
    std::array<uint32_t, kMaxWays> last_seen{};
  };
  static_assert(sizeof(Entry) == 64 && sizeof(Set) == 64);

  static Key KeyOf(const DecodedPacket& packet);
  uint64_t Hash(const Key& key) const;
  size_t SetOf(uint64_t hash) const { return static_cast<size_t>((hash >> 32) * sets_.size() >> 32); }
  bool IsIdle(const Entry& entry, int64_t now_unix_ns) const;
  size_t WayToReplace(const Set& set, const Entry* entries) const;

  size_t ways_;
  int64_t idle_timeout_ns_;
  std::array<uint64_t, 6> secrets_;
  std::vector<Set> sets_;
  std::vector<Entry> entries_;  // ways_ for each set
  uint32_t newest_seen_ = 0;    // in the unit of Set::last_seen
  int64_t newest_unix_ns_;
  uint64_t evicted_flows_ = 0;
};

}  // namespace kansoku::collector
