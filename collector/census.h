// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "collector/capture/packet_view.h"
#include "collector/decode/decoded_packet.h"

namespace kansoku::collector {

// Plain counts over the packets of one capture, by the names that packet analysers give them, so that they
// can be compared with anybody's. Outer means: of the outermost IP header. A value.
struct Census {
  uint64_t frames = 0;
  uint64_t frame_len_sum = 0;  // octets on the wire
  uint64_t cap_len_sum = 0;    // octets kept
  uint64_t snapped = 0;        // frames of which less was kept than was on the wire
  uint64_t no_ip = 0;
  uint64_t ip_outer_v4 = 0;
  uint64_t ip_outer_v6 = 0;
  uint64_t ip_bytes_outer = 0;
  uint64_t frag_outer = 0;
  uint64_t outer_tcp = 0;
  uint64_t outer_udp = 0;
  uint64_t outer_icmp = 0;
  uint64_t outer_icmpv6 = 0;
  uint64_t outer_sctp = 0;
  uint64_t outer_other = 0;
  uint64_t tcp_flags_seen = 0;
  uint64_t syn_no_ack = 0;
  uint64_t syn_only_exact = 0;  // no other flag, ECE and CWR included
  uint64_t ts_backwards = 0;    // frames earlier than the frame before them
  int64_t ts_first_unix_ns = 0;
  int64_t ts_last_unix_ns = 0;
  int64_t ts_min_unix_ns = 0;
  int64_t ts_max_unix_ns = 0;

  void AddFrame(const PacketView& packet);  // every frame
  void AddIp(const DecodedPacket& packet);  // and then, one of these
  void AddOther() { ++no_ip; }
};

}  // namespace kansoku::collector
