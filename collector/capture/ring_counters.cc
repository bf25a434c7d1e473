// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/ring_counters.h"

#include <linux/if_packet.h>
#include <sys/socket.h>

namespace kansoku::collector {

RingCounters TakeRingCounters(int socket) {
  tpacket_stats_v3 now{};
  socklen_t length = sizeof now;
  if (getsockopt(socket, SOL_PACKET, PACKET_STATISTICS, &now, &length) != 0) return {};
  return {.offered_packets = now.tp_packets, .dropped_packets = now.tp_drops, .freezes = now.tp_freeze_q_cnt};
}

}  // namespace kansoku::collector
