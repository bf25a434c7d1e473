// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/ip_packet.h"

#include <algorithm>

namespace kansoku::generator {
namespace {

constexpr uint32_t kIpv4HeaderOctets = 20, kIpv6HeaderOctets = 40;
constexpr uint8_t kNextHopByHop = 0, kNextRouting = 43, kNextFragment = 44, kNextDestinationOptions = 60;
constexpr uint32_t kOptionsHeaderOctets = 8, kRoutingHeaderOctets = 24, kFragmentHeaderOctets = 8;

uint32_t TransportHeaderOctets(const IpPacket& packet) {
  if (!packet.has_transport_header) return 0;
  switch (packet.protocol) {
    case kProtocolTcp:
      return 20u + packet.tcp_option_octets;
    case kProtocolUdp:
    case kProtocolIcmp:
    case kProtocolIcmpv6:
    case kProtocolEsp:
      return 8;
    case kProtocolSctp:
      return 12;
    default:
      return 0;
  }
}

void WriteTransport(const IpPacket& packet, Frame& frame) {
  if (!packet.has_transport_header) return;
  switch (packet.protocol) {
    case kProtocolTcp:
      frame.Put16(packet.source_port);
      frame.Put16(packet.destination_port);
      frame.Put32(packet.tcp_sequence);
      frame.Put32(packet.tcp_acknowledgement);
      frame.Put8((5u + packet.tcp_option_octets / 4u) << 4);
      frame.Put8(packet.tcp_flags);
      frame.Put16(packet.tcp_window);
      frame.Put32(0);
      frame.PutRepeated(1, packet.tcp_option_octets);  // no-operation
      break;
    case kProtocolUdp:
      frame.Put16(packet.source_port);
      frame.Put16(packet.destination_port);
      frame.Put16(8u + packet.payload_octets);
      frame.Put16(0);
      if (packet.payload_word != 0) frame.Put32(packet.payload_word);
      break;
    case kProtocolIcmp:
    case kProtocolIcmpv6:
      frame.Put8(packet.icmp_type);
      frame.Put8(packet.icmp_code);
      frame.Put16(0);
      frame.Put32(packet.identification);
      break;
    case kProtocolSctp:
      frame.Put16(packet.source_port);
      frame.Put16(packet.destination_port);
      frame.Put64(packet.identification);
      break;
    case kProtocolEsp:
      frame.Put64(packet.identification);
      break;
    default:
      break;
  }
}

void WriteIpv4(const IpPacket& packet, Frame& frame) {
  const uint32_t header_octets = kIpv4HeaderOctets + packet.ipv4_option_octets;
  const uint32_t at = frame.size();
  frame.Put8(0x40 | header_octets / 4);
  frame.Put8(0);
  frame.Put16(IpOctets(packet));
  frame.Put16(packet.identification);
  frame.Put16((packet.fragment.more ? 0x2000u : 0u) | packet.fragment.offset_octets / 8u);
  frame.Put8(packet.hop_limit);
  frame.Put8(packet.protocol);
  frame.Put16(0);
  frame.PutAddress(packet.source);
  frame.PutAddress(packet.destination);
  frame.PutRepeated(1, packet.ipv4_option_octets);  // no-operation
  uint32_t sum = 0;
  for (uint32_t i = 0; i < header_octets; i += 2) sum += frame.Get16(at + i);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  frame.Set16(at + 10, ~sum);
}

uint32_t ExtensionOctets(const IpPacket& packet) {
  return ((packet.extensions & kHopByHop) ? kOptionsHeaderOctets : 0) +
         ((packet.extensions & kDestinationOptions) ? kOptionsHeaderOctets : 0) +
         ((packet.extensions & kRouting) ? kRoutingHeaderOctets : 0) +
         (packet.fragment.present ? kFragmentHeaderOctets : 0);
}

// Each header names the one after it, so they are written back to front in `chain` order.
void WriteIpv6Chain(const IpPacket& packet, Frame& frame) {
  std::array<uint8_t, 5> chain{};
  size_t links = 0;
  if (packet.extensions & kHopByHop) chain[links++] = kNextHopByHop;
  if (packet.extensions & kDestinationOptions) chain[links++] = kNextDestinationOptions;
  if (packet.extensions & kRouting) chain[links++] = kNextRouting;
  if (packet.fragment.present) chain[links++] = kNextFragment;
  chain[links] = packet.protocol;

  frame.Put8(chain[0]);
  frame.Put8(packet.hop_limit);
  frame.PutAddress(packet.source);
  frame.PutAddress(packet.destination);
  for (size_t i = 0; i < links; ++i) {
    frame.Put8(chain[i + 1]);
    switch (chain[i]) {
      case kNextFragment:
        frame.Put8(0);
        frame.Put16(packet.fragment.offset_octets | (packet.fragment.more ? 1u : 0u));
        frame.Put32(packet.identification);
        break;
      case kNextRouting:  // a segment routing header with one segment, already visited (RFC 8754 2)
        frame.Put8(kRoutingHeaderOctets / 8 - 1);
        frame.Put16(0x0400);
        frame.Put32(0);
        frame.PutAddress(packet.destination);
        break;
      default:
        frame.Put8(kOptionsHeaderOctets / 8 - 1);
        frame.Put16(0x0104);  // PadN
        frame.Put32(0);
    }
  }
}

void WriteIpv6(const IpPacket& packet, Frame& frame) {
  frame.Put32(0x60000000);
  frame.Put16(IpOctets(packet) - kIpv6HeaderOctets);
  WriteIpv6Chain(packet, frame);
}

}  // namespace

uint32_t IpOctets(const IpPacket& packet) {
  const uint32_t header_octets = packet.source.family == Family::kIpv6
                                     ? kIpv6HeaderOctets + ExtensionOctets(packet)
                                     : kIpv4HeaderOctets + packet.ipv4_option_octets;
  return header_octets + TransportHeaderOctets(packet) + packet.payload_octets;
}

void WriteIp(const IpPacket& packet, Frame& frame) {
  if (packet.source.family == Family::kIpv6)
    WriteIpv6(packet, frame);
  else
    WriteIpv4(packet, frame);
  WriteTransport(packet, frame);
}

Transport TransportOf(const IpPacket& packet) {
  switch (packet.protocol) {
    case kProtocolTcp:
      return Transport::kTcp;
    case kProtocolUdp:
      return packet.payload_word == kWireguardData ? Transport::kWireguard : Transport::kUdp;
    case kProtocolIcmp:
    case kProtocolIcmpv6:
      return Transport::kIcmp;
    case kProtocolSctp:
      return Transport::kSctp;
    case kProtocolEsp:
      return Transport::kEsp;
    default:
      return Transport::kOther;
  }
}

}  // namespace kansoku::generator
