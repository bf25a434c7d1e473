// SPDX-License-Identifier: Apache-2.0
#include "collector/census.h"

#include <algorithm>

namespace kansoku::collector {
namespace {

constexpr uint8_t kProtocolAh = 51;
constexpr uint16_t kTransportUnread = kRemarkTransportShort | kRemarkTransportMalformed;
constexpr uint16_t kHeadersUnread =
    kRemarkExtensionsShort | kRemarkExtensionsMalformed | kRemarkTunnelShort | kRemarkTunnelMalformed;

bool IsIrregular(const DecodedPacket& packet) {
  if (packet.remarks & kHeadersUnread) return true;
  return (packet.remarks & kTransportUnread) && packet.source_port == 0 && packet.destination_port == 0;
}

}  // namespace

void TimeCensus::Add(int64_t captured_unix_ns) {
  if (!has_frames) {
    has_frames = true;
    ts_first_unix_ns = ts_last_unix_ns = ts_min_unix_ns = ts_max_unix_ns = captured_unix_ns;
  }
  ts_backwards += captured_unix_ns < ts_last_unix_ns ? 1 : 0;
  ts_min_unix_ns = std::min(ts_min_unix_ns, captured_unix_ns);
  ts_max_unix_ns = std::max(ts_max_unix_ns, captured_unix_ns);
  ts_last_unix_ns = captured_unix_ns;
}

void HeaderCensus::Add(const DecodedPacket& packet) {
  ++(packet.ip_version == 4 ? v4 : v6);
  ip_bytes += packet.ip_octets;
  fragments += packet.is_fragment;
  switch (packet.protocol) {
    case kProtocolTcp:
      ++tcp;
      break;
    case kProtocolUdp:
      ++udp;
      break;
    case kProtocolIcmp:
      ++icmp;
      break;
    case kProtocolIcmpv6:
      ++icmpv6;
      break;
    case kProtocolSctp:
      ++sctp;
      break;
    default:
      ++other;
  }
}

void PacketCensus::Add(const DecodedPacket& outermost, const DecodedPacket& innermost) {
  outer.Add(outermost);
  inner.Add(innermost);
  tunnelled += innermost.ip_headers > 1;
  ip_depth_max = std::max<uint64_t>(ip_depth_max, innermost.ip_headers);
  ah_frames += outermost.protocol == kProtocolAh || innermost.protocol == kProtocolAh;
  irregular += IsIrregular(outermost) || IsIrregular(innermost);
  if (!innermost.has_tcp_flags) return;
  ++tcp_flags_seen;
  syn_no_ack += (innermost.tcp_flags & (kTcpSyn | kTcpAck)) == kTcpSyn;
  syn_only_exact += innermost.tcp_flags == kTcpSyn;
}

void PacketCensus::Refuse(Refusal refusal) {
  ++no_ip;
  irregular += refusal == Refusal::kNetworkShort || refusal == Refusal::kNetworkMalformed;
}

}  // namespace kansoku::collector
