// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/tcp_tracking.h"

#include <algorithm>

namespace kansoku::collector::tcp_tracking {
namespace {

constexpr int64_t kNsPerMicrosecond = 1000;

// The handshake's next state, with the measurement where it is complete.
uint8_t FollowHandshake(const DecodedPacket& packet, bool is_reverse, int64_t first_seen_unix_ns,
                        uint8_t state, TcpEvents& events) {
  const uint8_t kind = packet.tcp_flags & (kTcpSyn | kTcpAck | kTcpRst);
  if (state == 0) {
    const bool is_flows_first = packet.captured_unix_ns == first_seen_unix_ns && !is_reverse;
    return kind == kTcpSyn && is_flows_first ? kAwaitsSynAck : 0;
  }
  if ((state & kAwaitsSynAck) != 0) return is_reverse && kind == (kTcpSyn | kTcpAck) ? kAwaitsAck : 0;
  if ((state & kAwaitsAck) == 0) return 0;
  // The server may already speak while its SYN-ACK is on the way.
  if (is_reverse) return (kind & (kTcpSyn | kTcpRst)) == 0 ? kAwaitsAck : 0;
  if (kind == kTcpAck && packet.captured_unix_ns >= first_seen_unix_ns) {
    events.handshake_microseconds =
        (static_cast<uint64_t>(packet.captured_unix_ns) - static_cast<uint64_t>(first_seen_unix_ns)) /
        kNsPerMicrosecond;
  }
  return 0;
}

void FollowSequence(const DecodedPacket& packet, bool is_followed, uint32_t& next_sequence,
                    TcpEvents& events) {
  const bool is_syn = (packet.tcp_flags & kTcpSyn) != 0;
  const bool is_fin = (packet.tcp_flags & kTcpFin) != 0;
  const uint32_t end = packet.tcp_sequence + packet.tcp_payload_octets + is_syn + is_fin;
  const bool is_beyond = !is_followed || is_syn || IsBeyond(end, next_sequence);
  if (is_beyond) next_sequence = end;
  if (packet.tcp_payload_octets == 0) return;
  events.segments = std::max<uint32_t>(packet.wire_packets, 1);
  if (!is_beyond) events.retransmitted_segments = events.segments;
}

}  // namespace

TcpEvents FollowAny(const DecodedPacket& packet, bool is_reverse, int64_t first_seen_unix_ns,
                    std::array<uint32_t, 2>& next_sequence, uint8_t& state) {
  TcpEvents events;
  if (!packet.has_tcp_flags) return events;
  const uint8_t handshake = FollowHandshake(packet, is_reverse, first_seen_unix_ns, state, events);
  state = (state & ~kHandshake) | handshake;
  // The sequence number of a reset may be any (RFC 9293 3.10.7.1).
  if ((packet.tcp_flags & kTcpRst) != 0) {
    events.is_first_reset = (state & kWasReset) == 0;
    state |= kWasReset;
    return events;
  }
  const uint8_t followed = is_reverse ? kReverseFollowed : kForwardFollowed;
  FollowSequence(packet, (state & followed) != 0, next_sequence[is_reverse], events);
  state |= followed;
  return events;
}

}  // namespace kansoku::collector::tcp_tracking
