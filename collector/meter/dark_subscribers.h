// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "collector/decode/decoded_packet.h"
#include "collector/meter/dark_reach.h"
#include "kansoku/v1/telescope.pb.h"

namespace kansoku::collector {

// So many subscribers of one link are told apart, in a window and in a day.
inline constexpr size_t kMostDarkSubscribers = 65'536;

// The subscribers of a link who sent probes to dark addresses in one window, as far as there was room. None
// is known by more than a hash, whose key nobody has outside of this process and which never leaves it. A
// value; 25 octets for each place of the map.
struct DarkSubscribers {
  struct Seen {
    DarkReach reach;
    uint64_t packets = 0;
  };
  absl::flat_hash_map<uint64_t, Seen> by_hash;
  uint64_t further_packets = 0;  // of subscribers that found no room

  void Count(uint64_t subscriber, DarkReach reach, uint64_t packets);
  void Add(const DarkSubscribers& other);
  size_t octets() const { return by_hash.capacity() * (sizeof(*by_hash.begin()) + 1); }
};

// Tells subscribers apart by hashes: an IPv4 address is one, and the first 64 bits of an IPv6 address, as one
// household has. Workers of a link have the same seed, so that they know the same subscriber by the same
// hash. Constant; any thread.
class DarkSubscriberHash {
 public:
  explicit DarkSubscriberHash(uint64_t seed);

  uint64_t OfSubscriber(const DecodedPacket& packet) const;
  // Where its packet of this class, a probe, reached.
  DarkReach ReachOf(v1::DarknetClass darknet_class, const DecodedPacket& packet) const;

 private:
  uint64_t Of(const IpAddress& address, size_t secret) const;

  std::array<uint64_t, 6> secrets_;
};

}  // namespace kansoku::collector
