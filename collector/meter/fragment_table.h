// SPDX-License-Identifier: Apache-2.0
//
// Which flow a later fragment belongs to: its own bytes do not tell, as the ports stand in the first
// fragment. Flow counts alone depend on the answer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "collector/decode/decoded_packet.h"
#include "collector/meter/split_mix.h"

namespace kansoku::collector {

// Remembers the ports of first fragments. A fragment is known by its addresses, its identification and its
// protocol (RFC 791 2.3, RFC 8200 4.5), within one kind of tunnel. The table is set-associative: a hash picks
// a set of four, and a full set forgets its oldest. Fragments that come before their first stay without
// ports. One thread.
class FragmentTable {
 public:
  // Receivers wait 60 s (RFC 8200 4.5) to 120 s (RFC 1122 3.3.2) for the rest of a datagram, Linux 30 s. The
  // shortest is best here: fragments follow each other within milliseconds, and the 16 bits of an IPv4
  // identification come round again within seconds on a fast path (RFC 4963), then with other ports.
  static constexpr int64_t kLifetimeNs = 30'000'000'000;

  // `entries` > 0 is rounded up to whole sets; 64 octets each, taken and touched here. The seed keeps
  // strangers from choosing fragments that share a set.
  FragmentTable(uint32_t entries, uint64_t hash_seed);

  // To be called with packets that have is_fragment set. Remembers a first fragment. Gives a later one, whose
  // first was seen, the ports of that, and returns true: the packet then belongs to the same flow. Time is
  // the packet's own.
  bool Join(DecodedPacket& packet);

 private:
  static constexpr size_t kWays = 4;

  struct Key {
    IpAddress source, destination;
    uint32_t fragment_id = 0;
    uint8_t protocol = 0;
    uint8_t ip_version = 0;  // 0: the entry is unused
    Encapsulation encapsulation = Encapsulation::kNative;
    friend bool operator==(const Key&, const Key&) = default;
  };
  // One cache line.
  struct alignas(64) Entry {
    Key key;
    uint16_t source_port = 0;
    uint16_t destination_port = 0;
    int64_t seen_unix_ns = 0;
  };
  static_assert(sizeof(Entry) == 64);
  using Set = std::array<Entry, kWays>;

  static Key KeyOf(const DecodedPacket& packet);
  Set& SetOf(const Key& key);
  void Remember(const Key& key, const DecodedPacket& first);

  std::array<uint64_t, 5> secrets_;
  std::vector<Set> sets_;
};

}  // namespace kansoku::collector
