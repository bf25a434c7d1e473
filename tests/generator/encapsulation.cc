// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/encapsulation.h"

#include <algorithm>

namespace kansoku::generator {
namespace {

constexpr uint8_t kProtocolIpv4 = 4, kProtocolIpv6 = 41, kProtocolGre = 47;
constexpr uint16_t kGtpuPort = 2152, kL2tpPort = 1701, kVxlanPort = 4789, kFirstEntropyPort = 49152;
constexpr uint32_t kEthernetOctets = 14, kVlanTagOctets = 4;

uint32_t EtherType(Family family) { return family == Family::kIpv6 ? 0x86dd : 0x0800; }
uint32_t PppProtocol(Family family) { return family == Family::kIpv6 ? 0x0057 : 0x0021; }

void WriteMpls(const Encapsulation& link, Frame& frame) {
  for (uint32_t i = 1; i <= link.mpls_labels; ++i) {
    const uint32_t bottom_of_stack = i == link.mpls_labels ? 0x100 : 0;
    frame.Put32((16u + link.session + i) << 12 | bottom_of_stack | 64);
  }
}

// `ip_octets` of the packet that follows.
void WriteLink(const Encapsulation& link, Family family, uint32_t ip_octets, Frame& frame) {
  WriteStations(frame);
  for (uint32_t tag = 0; tag < link.vlan_tags; ++tag) {
    frame.Put16(tag + 1 < link.vlan_tags ? 0x88a8 : 0x8100);
    frame.Put16(1 + link.session % 4094);
  }
  switch (link.carrier) {
    case Carrier::kPppoe:  // RFC 2516 4
      frame.Put16(0x8864);
      frame.Put16(0x1100);
      frame.Put16(link.session);
      frame.Put16(ip_octets + 2);
      frame.Put16(PppProtocol(family));
      break;
    case Carrier::kMpls:
      frame.Put16(0x8847);
      WriteMpls(link, frame);
      break;
    default:
      frame.Put16(EtherType(family));
  }
}

// Of the header between the outer transport and the inner IP header.
uint32_t TunnelHeaderOctets(const Tunnel& tunnel) {
  switch (tunnel.carrier) {
    case Carrier::kL2tp:
      return tunnel.with_options ? 12 : 8;
    case Carrier::kGtpu:
      return tunnel.with_options ? 16 : 8;
    case Carrier::kGre:
      return tunnel.with_options ? 8 + kEthernetOctets : 4;
    case Carrier::kVxlan:
      return 8 + kEthernetOctets + (tunnel.with_options ? kVlanTagOctets : 0);
    default:
      return 0;
  }
}

void WriteL2tp(const Tunnel& tunnel, Family inner, uint32_t octets, Frame& frame) {  // RFC 2661 3.1
  frame.Put16(tunnel.with_options ? 0x4002 : 0x0002);
  if (tunnel.with_options) frame.Put16(octets);
  frame.Put16(1);
  frame.Put16(tunnel.number);
  if (tunnel.with_options) frame.Put16(0xff03);
  frame.Put16(PppProtocol(inner));
}

void WriteGtpu(const Tunnel& tunnel, uint32_t octets, Frame& frame) {  // 3GPP TS 29.281 5.1
  frame.Put16(tunnel.with_options ? 0x34ff : 0x30ff);
  frame.Put16(octets - 8);
  frame.Put32(tunnel.number);
  if (!tunnel.with_options) return;
  frame.Put32(0x00000085);                                        // a PDU session container follows
  frame.Put32(tunnel.towards_far_end ? 0x01100900 : 0x01000900);  // TS 38.415 5.5.2, QoS flow 9
}

void WriteGre(const Tunnel& tunnel, Family inner, Frame& frame) {  // RFC 2784, RFC 2890
  frame.Put16(tunnel.with_options ? 0x2000 : 0);
  frame.Put16(tunnel.with_options ? 0x6558 : EtherType(inner));
  if (!tunnel.with_options) return;
  frame.Put32(tunnel.number);
  WriteStations(frame);
  frame.Put16(EtherType(inner));
}

void WriteVxlan(const Tunnel& tunnel, Family inner, Frame& frame) {  // RFC 7348 5
  frame.Put32(0x08000000);
  frame.Put32(static_cast<uint32_t>(tunnel.number) << 8);
  WriteStations(frame);
  if (tunnel.with_options) {
    frame.Put16(0x8100);
    frame.Put16(1 + tunnel.number % 4094);
  }
  frame.Put16(EtherType(inner));
}

// The packet between the routers, up to where the tunnel's own header begins.
IpPacket OuterPacket(const Tunnel& tunnel, const IpPacket& inner) {
  IpPacket outer;
  outer.source = tunnel.towards_far_end ? tunnel.near_end : tunnel.far_end;
  outer.destination = tunnel.towards_far_end ? tunnel.far_end : tunnel.near_end;
  outer.payload_octets = static_cast<uint16_t>(TunnelHeaderOctets(tunnel) + IpOctets(inner));
  outer.protocol = kProtocolUdp;
  switch (tunnel.carrier) {
    case Carrier::kL2tp:
      outer.source_port = outer.destination_port = kL2tpPort;
      break;
    case Carrier::kGtpu:
      outer.source_port = outer.destination_port = kGtpuPort;
      break;
    case Carrier::kVxlan:
      outer.source_port = static_cast<uint16_t>(kFirstEntropyPort + tunnel.number % 1024);
      outer.destination_port = kVxlanPort;
      break;
    default:
      outer.has_transport_header = false;
      outer.protocol = tunnel.carrier == Carrier::kGre        ? kProtocolGre
                       : inner.source.family == Family::kIpv6 ? kProtocolIpv6
                                                              : kProtocolIpv4;
  }
  return outer;
}

void WriteTunnel(const Tunnel& tunnel, const IpPacket& inner, Frame& frame) {
  const Family family = inner.source.family;
  const uint32_t octets = TunnelHeaderOctets(tunnel) + IpOctets(inner);
  switch (tunnel.carrier) {
    case Carrier::kL2tp:
      return WriteL2tp(tunnel, family, octets, frame);
    case Carrier::kGtpu:
      return WriteGtpu(tunnel, octets, frame);
    case Carrier::kGre:
      return WriteGre(tunnel, family, frame);
    case Carrier::kVxlan:
      return WriteVxlan(tunnel, family, frame);
    default:
      return;
  }
}

}  // namespace

Carrier CarrierOf(const Encapsulation& link) {
  return link.is_tunnelled ? link.tunnel.carrier : link.carrier;
}

Carrier IpInIp(Family inner, Family outer) {
  if (outer == Family::kIpv4) return inner == Family::kIpv4 ? Carrier::kIpip : Carrier::k6in4;
  return inner == Family::kIpv4 ? Carrier::k4in6 : Carrier::k6in6;
}

void WriteStations(Frame& frame) {
  frame.Put16(0x0200);  // locally administered
  frame.Put32(2);
  frame.Put16(0x0200);
  frame.Put32(1);
}

uint32_t WriteFrame(const IpPacket& packet, const Encapsulation& link, Frame& frame) {
  const IpPacket outer = link.is_tunnelled ? OuterPacket(link.tunnel, packet) : packet;
  const uint32_t outer_octets = IpOctets(outer);
  frame.Clear();
  WriteLink(link, outer.source.family, outer_octets, frame);
  const uint32_t link_octets = frame.size();
  WriteIp(outer, frame);
  if (link.is_tunnelled) {
    WriteTunnel(link.tunnel, packet, frame);
    WriteIp(packet, frame);
  }
  frame.set_wire_octets(std::max(link_octets + outer_octets, Frame::kShortestEthernetOctets));
  return outer_octets;
}

}  // namespace kansoku::generator
