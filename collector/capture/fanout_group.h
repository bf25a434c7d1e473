// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>

#include "absl/status/status.h"
#include "collector/capture/ring_counters.h"

namespace kansoku::collector {

// The sockets among which the kernel spreads the packets of one interface, each packet to one of them and
// both directions of a flow to the same (packet(7), PACKET_FANOUT_HASH). A tunnel that the kernel looks into
// (IP in IP, GRE, PPPoE) is spread by the flows inside, any other by its outer addresses and ports; all
// fragments between two addresses go together. A socket whose ring is full drops: packets are not passed on
// to another, which would tear flows apart. Any thread.
class FanoutGroup {
 public:
  // Makes the bound packet socket a member. The group's number is of the kernel's choosing, so that programs
  // do not meet by accident. UNAVAILABLE: sockets of an interface that is gone still hold the number; try
  // again when they are closed.
  absl::Status Join(int socket, int interface_index);

  // Before a member is closed.
  void Leave(int socket);

  // One member's counters since they were last taken.
  RingCounters TakeCounters(int socket);

  // Packets that the kernel offered to all members, since the group began. Read at one moment, as no sum of
  // what the members say each for itself would be.
  uint64_t OfferedPackets();

 private:
  void ReadCounters(int socket, RingCounters& not_taken);

  std::mutex mutex_;
  int interface_index_ = 0;  // of the group; 0: there is none yet
  uint16_t id_ = 0;
  std::map<int, RingCounters> members_;  // by socket: what was read and not yet taken
  uint64_t offered_packets_ = 0;
};

}  // namespace kansoku::collector
