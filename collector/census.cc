// SPDX-License-Identifier: Apache-2.0
#include "collector/census.h"

#include <algorithm>

namespace kansoku::collector {

void Census::AddFrame(const PacketView& packet) {
  const int64_t at = packet.captured_unix_ns;
  if (frames == 0) {
    ts_first_unix_ns = ts_min_unix_ns = ts_max_unix_ns = at;
  } else {
    ts_backwards += at < ts_last_unix_ns;
    ts_min_unix_ns = std::min(ts_min_unix_ns, at);
    ts_max_unix_ns = std::max(ts_max_unix_ns, at);
  }
  ts_last_unix_ns = at;
  ++frames;
  frame_len_sum += packet.wire_octets;
  cap_len_sum += packet.bytes.size();
  snapped += packet.bytes.size() < packet.wire_octets;
}

void Census::AddIp(const DecodedPacket& packet) {
  ++(packet.ip_version == 4 ? ip_outer_v4 : ip_outer_v6);
  ip_bytes_outer += packet.ip_octets;
  frag_outer += packet.is_fragment;
  switch (packet.protocol) {
    case kProtocolTcp:
      ++outer_tcp;
      break;
    case kProtocolUdp:
      ++outer_udp;
      break;
    case kProtocolIcmp:
      ++outer_icmp;
      break;
    case kProtocolIcmpv6:
      ++outer_icmpv6;
      break;
    case kProtocolSctp:
      ++outer_sctp;
      break;
    default:
      ++outer_other;
  }
  if (!packet.has_tcp_flags) return;
  ++tcp_flags_seen;
  syn_no_ack += (packet.tcp_flags & (kTcpSyn | kTcpAck)) == kTcpSyn;
  syn_only_exact += packet.tcp_flags == kTcpSyn;
}

}  // namespace kansoku::collector
