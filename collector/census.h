// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "collector/capture/packet_view.h"
#include "collector/decode/decoded_packet.h"
#include "collector/decode/refusal.h"

namespace kansoku::collector {

// Plain counts over the frames of one capture, by the names that packet analysers give them, so that they can
// be compared with anybody's. A value.
struct FrameCensus {
  uint64_t frames = 0;
  uint64_t frame_len_sum = 0;    // octets on the wire
  uint64_t cap_len_sum = 0;      // octets kept
  uint64_t snapped = 0;          // frames of which less was kept than was on the wire
  uint64_t ethernet_frames = 0;  // frames that had a check sequence of four octets on the wire

  void Add(const PacketView& packet) {
    ++frames;
    frame_len_sum += packet.wire_octets;
    cap_len_sum += packet.bytes.size();
    snapped += packet.bytes.size() < packet.wire_octets ? 1 : 0;
    ethernet_frames += packet.link_type == LinkType::kEthernet ? 1 : 0;
  }
};

// The same of their times.
struct TimeCensus {
  bool has_frames = false;
  uint64_t ts_backwards = 0;  // frames earlier than the frame before them
  int64_t ts_first_unix_ns = 0;
  int64_t ts_last_unix_ns = 0;
  int64_t ts_min_unix_ns = 0;
  int64_t ts_max_unix_ns = 0;

  void Add(int64_t captured_unix_ns);
};

// The same over one IP header of each packet.
struct HeaderCensus {
  uint64_t v4 = 0;
  uint64_t v6 = 0;
  uint64_t ip_bytes = 0;
  uint64_t fragments = 0;
  uint64_t tcp = 0;
  uint64_t udp = 0;
  uint64_t icmp = 0;
  uint64_t icmpv6 = 0;
  uint64_t sctp = 0;
  uint64_t other = 0;

  void Add(const DecodedPacket& packet);
};

// The same over packets: their outermost and their innermost IP header. Every frame is one call of Add or of
// Refuse.
struct PacketCensus {
  HeaderCensus outer;
  HeaderCensus inner;
  uint64_t no_ip = 0;
  uint64_t tunnelled = 0;     // packets with two or more IP headers
  uint64_t ip_depth_max = 0;  // the most IP headers in a packet
  uint64_t ah_frames = 0;     // with an authentication header (RFC 4302) behind either header
  uint64_t irregular = 0;     // an IP or transport header could not be read, ports included
  // Of the innermost header.
  uint64_t tcp_flags_seen = 0;
  uint64_t syn_no_ack = 0;
  uint64_t syn_only_exact = 0;  // no other flag, ECE and CWR included

  void Add(const DecodedPacket& outermost, const DecodedPacket& innermost);
  void Refuse(Refusal refusal);
};

}  // namespace kansoku::collector
