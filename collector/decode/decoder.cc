// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/decoder.h"

#include "collector/decode/ethernet.h"
#include "collector/decode/ip_packet.h"
#include "collector/decode/link_layer.h"
#include "collector/decode/merged_octets.h"
#include "collector/decode/tunnels.h"

namespace kansoku::collector {

Refusal Decode(const PacketView& packet, DecodedPacket& out, const DecodeOptions& options) {
  out.captured_unix_ns = packet.captured_unix_ns;
  out.wire_octets = packet.wire_octets;
  out.wire_packets = packet.wire_packets;
  out.header_octets = 0;
  out.encapsulation = Encapsulation::kNative;
  out.side = packet.side;
  out.ip_headers = 1;

  WireCursor in(packet.bytes, packet.wire_octets);
  NextHeader next;
  if (packet.link_type == LinkType::kEthernet) [[likely]] {
    next = ReadEthernet(in);
  } else {
    WireCursor behind = in;  // a copy, so that `in` can stay in registers
    next = ReadOtherLink(packet.link_type, behind, out.side);
    in = behind;
  }
  next = FindIp(next, in, out.encapsulation);
  if (next.refusal != Refusal::kNone) return next.refusal;
  const size_t outermost_at = in.OffsetIn(packet.bytes);
  size_t innermost_at = outermost_at;
  if (const Refusal refusal = ReadIpPacket(next.type, packet.bytes, in, out); refusal != Refusal::kNone)
    return refusal;
  out.outer_ip_octets = out.inner_ip_octets = out.ip_octets;
  if (MayCarry(out, options)) [[unlikely]] {
    WireCursor behind = in;
    innermost_at = CrossTunnels(packet.bytes, behind, options, outermost_at, out);
  }
  if (packet.wire_packets > 1) [[unlikely]]
    SumMergedOctets(outermost_at, innermost_at, options.layer, out);
  return Refusal::kNone;
}

}  // namespace kansoku::collector
