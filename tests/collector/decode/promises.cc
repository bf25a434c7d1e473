// SPDX-License-Identifier: Apache-2.0
#include "tests/collector/decode/promises.h"

namespace kansoku::collector {
namespace {

constexpr uint16_t kShortRemarks = kRemarkTransportShort | kRemarkExtensionsShort | kRemarkTunnelShort;

bool HasPorts(uint8_t protocol) {
  return protocol == kProtocolTcp || protocol == kProtocolUdp || protocol == kProtocolUdpLite ||
         protocol == kProtocolSctp;
}

// Of the packet at one layer.
std::string BrokenBy(const PacketView& packet, const DecodedPacket& out) {
  if (out.ip_version != 4 && out.ip_version != 6) return "the IP version is 4 or 6";
  if (out.ip_headers == 0) return "at least one IP header was read";
  if (out.wire_octets != packet.wire_octets) return "the octets on the wire are the packet's";
  if (out.captured_unix_ns != packet.captured_unix_ns) return "the time is the packet's";
  if (packet.side != Side::kUnknown && out.side != packet.side) return "a side that the source knows is kept";
  if (out.wire_packets != packet.wire_packets) return "merged packets are the packet's";
  if (out.header_octets > packet.wire_octets) return "the headers lie within the frame";
  if ((out.source_port != 0 || out.destination_port != 0) && !HasPorts(out.protocol)) {
    return "only protocols with ports have ports";
  }
  if (out.has_tcp_flags && out.protocol != kProtocolTcp) return "only TCP has TCP's flags";
  if (out.has_tcp_flags && out.tcp_payload_octets > out.ip_octets) return "a payload lies within its packet";
  if (out.has_icmp && out.protocol != kProtocolIcmp && out.protocol != kProtocolIcmpv6) {
    return "only ICMP has ICMP's type";
  }
  if ((out.remarks & kRemarkLaterFragment) && (!out.is_fragment || out.source_port != 0)) {
    return "a later fragment is a fragment and has no ports";
  }
  if (out.identification != 0 && !out.is_fragment && out.ip_version != 4) {
    return "only IPv4 and fragments have an identification";
  }
  if (!out.has_tcp_flags && (out.tcp_header_octets != 0 || out.tcp_window != 0)) {
    return "only TCP has TCP's window and header";
  }
  if (out.has_tcp_flags && out.tcp_header_octets < 20) return "no TCP header is shorter than its fixed part";
  const bool is_whole = packet.bytes.size() >= packet.wire_octets;
  if (is_whole && (out.remarks & kShortRemarks)) return "only a packet that was cut ends too early";
  return "";
}

bool IsShort(Refusal refusal) { return refusal == Refusal::kLinkShort || refusal == Refusal::kNetworkShort; }

}  // namespace

std::string BrokenPromise(const PacketView& packet, DecodeOptions options) {
  DecodedPacket inner, outer;
  options.layer = Layer::kInner;
  const Refusal inner_refusal = Decode(packet, inner, options);
  options.layer = Layer::kOuter;
  const Refusal outer_refusal = Decode(packet, outer, options);
  if (inner_refusal != outer_refusal) return "both layers are refused alike";
  if (IsShort(inner_refusal) && packet.bytes.size() >= packet.wire_octets) {
    return "only a packet that was cut is refused as short";
  }
  if (inner_refusal != Refusal::kNone) return "";
  if (std::string broken = BrokenBy(packet, inner); !broken.empty()) return "inner: " + broken;
  if (std::string broken = BrokenBy(packet, outer); !broken.empty()) return "outer: " + broken;
  if (inner.ip_headers != outer.ip_headers) return "both layers count the same headers";
  if (inner.inner_ip_octets != outer.inner_ip_octets || inner.outer_ip_octets != outer.outer_ip_octets) {
    return "both layers know the other's octets";
  }
  if (inner.ip_octets != inner.inner_ip_octets) return "the inner layer's octets are the innermost header's";
  if (outer.ip_octets != outer.outer_ip_octets) return "the outer layer's octets are the outermost header's";
  if (inner.ip_headers == 1 && (inner.source != outer.source || inner.destination != outer.destination)) {
    return "without a tunnel the layers are the same";
  }
  return "";
}

}  // namespace kansoku::collector
