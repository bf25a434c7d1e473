// SPDX-License-Identifier: Apache-2.0
//
// What the TCP headers of one flow tell about its path: how long the handshake took, what was sent twice,
// whether it was reset. Nine octets of memory for each flow, which the caller keeps in the flow's entry.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "collector/decode/decoded_packet.h"

namespace kansoku::collector {

// What one packet adds to v1::FlowStatistics.
struct TcpEvents {
  uint32_t segments = 0;                // with payload; several where an offload merged them
  uint32_t retransmitted_segments = 0;  // of those
  bool is_first_reset = false;          // of the flow
  std::optional<uint64_t> handshake_microseconds;
};

// Takes the flow's next packet in the order of capture; `next_sequence` and `state` are 0 before its first.
// `is_reverse` is against the direction of the flow's first packet, which came at `first_seen_unix_ns`.
// Packets without readable TCP flags change nothing. Any thread, for flows of its own.
//
// A segment is retransmitted if it ends at or before the highest sequence number that its direction has had
// (RFC 9293 3.4): so are segments that arrive out of order and keep-alives with an octet of payload. The
// first packet of a direction, and each SYN, set that number: a new connection may reuse the ports.
//
// The handshake lasts from the flow's first packet, a SYN, to the first answer of its sender to the SYN-ACK:
// one round trip seen from the sender, whatever lies between. A repeated SYN or SYN-ACK makes it ambiguous
// which one was answered, so there is no measurement then (Karn's algorithm, RFC 6298 section 3).
inline TcpEvents FollowTcp(const DecodedPacket& packet, bool is_reverse, int64_t first_seen_unix_ns,
                           std::array<uint32_t, 2>& next_sequence, uint8_t& state);

namespace tcp_tracking {

// Bits of the state. All clear: no packet yet.
inline constexpr uint8_t kForwardFollowed = 1 << 0;  // next_sequence is set
inline constexpr uint8_t kReverseFollowed = 1 << 1;
inline constexpr uint8_t kWasReset = 1 << 2;
// Where the handshake stands; neither: not measured, or not any more.
inline constexpr uint8_t kAwaitsSynAck = 1 << 3;
inline constexpr uint8_t kAwaitsAck = 1 << 4;
inline constexpr uint8_t kHandshake = kAwaitsSynAck | kAwaitsAck;

// The numbers wrap around: RFC 9293 3.4.
constexpr bool IsBeyond(uint32_t sequence, uint32_t mark) {
  return static_cast<int32_t>(sequence - mark) > 0;
}

// Any segment, also of connections that begin or end.
TcpEvents FollowAny(const DecodedPacket& packet, bool is_reverse, int64_t first_seen_unix_ns,
                    std::array<uint32_t, 2>& next_sequence, uint8_t& state);

}  // namespace tcp_tracking

// Most segments belong to a connection that goes on, and other packets have nothing to follow. Both pass
// without a branch on what they hold.
inline TcpEvents FollowTcp(const DecodedPacket& packet, bool is_reverse, int64_t first_seen_unix_ns,
                           std::array<uint32_t, 2>& next_sequence, uint8_t& state) {
  using namespace tcp_tracking;
  const auto followed = static_cast<uint8_t>(kForwardFollowed << (is_reverse ? 1 : 0));
  const int begins_or_ends = packet.tcp_flags & (kTcpSyn | kTcpFin | kTcpRst);
  const int unsettled = (state & (followed | kHandshake)) ^ followed;
  if (packet.has_tcp_flags & ((begins_or_ends | unsettled) != 0)) [[unlikely]] {
    return FollowAny(packet, is_reverse, first_seen_unix_ns, next_sequence, state);
  }
  uint32_t& mark = next_sequence[is_reverse];
  const uint32_t end = packet.tcp_sequence + packet.tcp_payload_octets;
  const uint32_t is_beyond = packet.has_tcp_flags & IsBeyond(end, mark) ? 1 : 0;
  mark += (end - mark) * is_beyond;
  const uint32_t has_payload = packet.has_tcp_flags & (packet.tcp_payload_octets != 0) ? 1 : 0;
  TcpEvents events;
  events.segments = has_payload * std::max<uint32_t>(packet.wire_packets, 1);
  events.retransmitted_segments = events.segments * (1 - is_beyond);
  return events;
}
static_assert(tcp_tracking::kReverseFollowed == tcp_tracking::kForwardFollowed << 1);

}  // namespace kansoku::collector
