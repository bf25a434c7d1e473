// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/tunnels.h"

#include <utility>

#include "collector/decode/ip_packet.h"
#include "collector/decode/link_headers.h"
#include "collector/decode/link_layer.h"
#include "collector/decode/seal.h"
#include "collector/decode/tunnel_headers.h"

namespace kansoku::collector {
namespace {

constexpr uint8_t kMaxIpHeaders = 6;

// IP directly behind IP.
Encapsulation IpBehind(const DecodedPacket& header) {
  if (header.segment_routed) return Encapsulation::kSrv6;
  if (header.protocol == kProtocolIpv4)
    return header.ip_version == 4 ? Encapsulation::kIpip : Encapsulation::k4in6;
  return header.ip_version == 4 ? Encapsulation::k6in4 : Encapsulation::k6in6;
}

// The datagram's port suggests a tunnel. Its header decides. Tunnels without answers to a port of their own
// are known by the destination, as MayCarry says.
NextHeader EnterDatagram(const DecodedPacket& header, const DecodeOptions& options, WireCursor& in,
                         Encapsulation& tunnel) {
  const auto to = [&](uint16_t port) { return header.destination_port == port; };
  const auto on = [&](uint16_t port) { return header.source_port == port || to(port); };
  if (!in.Skip(kUdpOctets)) return MissingFirst(in, kUdpOctets);
  if (to(options.ports.gtpu)) {
    tunnel = Encapsulation::kGtpu;
    return ReadGtpu(in);
  }
  if (to(options.ports.vxlan)) {
    tunnel = Encapsulation::kVxlan;
    return ReadVxlan(in);
  }
  if (to(kVxlanGpePort)) {
    tunnel = Encapsulation::kVxlan;
    return ReadVxlanGpe(in);
  }
  if (on(options.ports.l2tp)) {
    tunnel = Encapsulation::kL2tp;
    return ReadL2tp(in);
  }
  if (to(options.ports.geneve)) {
    tunnel = Encapsulation::kGeneve;
    return ReadGeneve(in);
  }
  if (on(options.ports.teredo)) {
    tunnel = Encapsulation::kTeredo;
    return ReadTeredo(in);
  }
  if (to(options.ports.mpls)) {
    tunnel = Encapsulation::kMpls;
    return ReadMpls(in);
  }
  return NotIp();
}

// Reads what is between `header` and the next link or IP header. Refuses with kNotIp where there is no
// tunnel.
NextHeader EnterTunnel(const DecodedPacket& header, const DecodeOptions& options, WireCursor& in,
                       Encapsulation& tunnel) {
  switch (header.protocol) {
    case kProtocolIpv4:
      tunnel = IpBehind(header);
      return EtherType(kTypeIpv4);
    case kProtocolIpv6:
      tunnel = IpBehind(header);
      return EtherType(kTypeIpv6);
    case kProtocolEthernet:
      // RFC 8986 section 9. Behind one segment the routing header may be left out (section 5.2).
      tunnel = Encapsulation::kSrv6;
      return header.ip_version == 6 ? EtherType(kTypeEthernet) : NotIp();
    case kProtocolMpls:
      tunnel = Encapsulation::kMpls;
      return ReadMpls(in);
    case kProtocolGre:
      return ReadGre(in, tunnel);
    case kProtocolUdp:
      return EnterDatagram(header, options, in, tunnel);
    default:
      return NotIp();
  }
}

uint16_t RemarkOf(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNone:
    case Refusal::kNotIp:
    case Refusal::kLinkUnsupported:
      return 0;
    case Refusal::kLinkShort:
    case Refusal::kNetworkShort:
      return kRemarkTunnelShort;
    case Refusal::kLinkMalformed:
    case Refusal::kNetworkMalformed:
      return kRemarkTunnelMalformed;
    case Refusal::kLinkTooDeep:
      return kRemarkTunnelTooDeep;
  }
  return 0;
}

// Whether the kernel and network cards merge by the TCP or UDP header behind this tunnel, not before it.
bool IsMergedInside(Encapsulation tunnel) {
  switch (tunnel) {
    case Encapsulation::kIpip:
    case Encapsulation::k6in4:
    case Encapsulation::k4in6:
    case Encapsulation::k6in6:
    case Encapsulation::kGre:
    case Encapsulation::kVxlan:
    case Encapsulation::kGeneve:
      return true;
    default:
      return false;
  }
}

// Crosses one tunnel, and what is around the next IP header besides, which begins at `header_at`. On a
// refusal `header` stays as it is.
Refusal CrossTunnel(std::span<const uint8_t> frame, WireCursor& in, const DecodeOptions& options,
                    size_t& header_at, DecodedPacket& header) {
  Encapsulation tunnel = Encapsulation::kNative;
  NextHeader next = EnterTunnel(header, options, in, tunnel);
  if (tunnel != Encapsulation::kNative && (options.opaque >> static_cast<unsigned>(tunnel) & 1) != 0)
    return Refusal::kNotIp;
  Encapsulation around = tunnel;
  next = FindIpBehind(next, in, around);
  if (next.refusal != Refusal::kNone) return next.refusal;
  if (header.ip_headers == kMaxIpHeaders) return Refusal::kLinkTooDeep;

  const size_t next_at = in.OffsetIn(frame);
  const uint16_t outer_header_octets = std::exchange(header.header_octets, uint16_t{0});
  const Refusal refusal = ReadIpPacket(next.type, frame, in, header);
  if (refusal != Refusal::kNone || (outer_header_octets != 0 && !IsMergedInside(tunnel)))
    header.header_octets = outer_header_octets;
  if (refusal != Refusal::kNone) return refusal;
  header_at = next_at;
  header.encapsulation = around;
  ++header.ip_headers;
  return Refusal::kNone;
}

// From `header`, at `header_at`, to the innermost one that can be read. Returns the remark of what ended the
// way.
uint16_t GoInside(std::span<const uint8_t> frame, WireCursor& in, const DecodeOptions& options,
                  size_t& header_at, DecodedPacket& header) {
  Refusal refusal = Refusal::kNone;
  while (refusal == Refusal::kNone && header.sealed == Sealed::kNo && MayCarry(header, options) &&
         (header.remarks & kPayloadOutOfReach) == 0) {
    refusal = CrossTunnel(frame, in, options, header_at, header);
    if (refusal == Refusal::kNone) header.sealed = SealOf(header, in, options);
  }
  header.inner_ip_octets = header.ip_octets;
  return RemarkOf(refusal);
}

}  // namespace

size_t CrossTunnels(std::span<const uint8_t> frame, WireCursor& in, const DecodeOptions& options,
                    size_t outermost_at, DecodedPacket& out) {
  size_t innermost_at = outermost_at;
  out.sealed = SealOf(out, in, options);
  if (options.layer == Layer::kInner) {
    out.remarks |= GoInside(frame, in, options, innermost_at, out);
    return innermost_at;
  }
  DecodedPacket inside = out;
  out.remarks |= GoInside(frame, in, options, innermost_at, inside);
  out.inner_ip_octets = inside.inner_ip_octets;
  out.header_octets = inside.header_octets;
  out.ip_headers = inside.ip_headers;
  return innermost_at;
}

}  // namespace kansoku::collector
