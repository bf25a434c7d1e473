// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace kansoku::collector {

// What the kernel counts for one packet ring.
struct RingCounters {
  uint64_t offered_packets = 0;  // that passed the filter; dropped ones among them
  uint64_t dropped_packets = 0;
  uint64_t freezes = 0;

  RingCounters& operator+=(const RingCounters& other) {
    offered_packets += other.offered_packets;
    dropped_packets += other.dropped_packets;
    freezes += other.freezes;
    return *this;
  }
};

// Since they were last taken: the kernel starts over. The socket's version is TPACKET_V3. Any thread.
RingCounters TakeRingCounters(int socket);

}  // namespace kansoku::collector
