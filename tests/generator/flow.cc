// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/flow.h"

namespace kansoku::generator {
namespace {

constexpr uint32_t kClosingPackets = 3;
constexpr uint16_t kFragmentOctets = 1400;  // a multiple of 8
constexpr uint8_t kEchoRequest = 8, kEchoReply = 0, kEchoRequestV6 = 128, kEchoReplyV6 = 129;

// Most octets that fit behind the transport header, with room for every link and extension used here.
uint16_t LargestPayload(const Flow& flow) {
  return flow.client.address.family == Family::kIpv6 ? 1380 : 1400;
}

// Two humps: full packets, and anything below.
uint16_t BulkPayload(const Flow& flow, Random& random) {
  const uint16_t largest = LargestPayload(flow);
  return random.OneIn(6) ? static_cast<uint16_t>(random.Between(1, largest)) : largest;
}

IpPacket Between(const Flow& flow, bool from_client) {
  IpPacket packet;
  packet.source = from_client ? flow.client.address : flow.server.address;
  packet.destination = from_client ? flow.server.address : flow.client.address;
  packet.source_port = from_client ? flow.client_port : flow.server_port;
  packet.destination_port = from_client ? flow.server_port : flow.client_port;
  packet.identification = static_cast<uint16_t>(flow.packets_sent);
  packet.ipv4_option_octets = flow.ipv4_option_octets;
  packet.extensions = flow.ipv6_extensions;
  return packet;
}

IpPacket TcpSegment(Flow& flow, bool from_client, uint8_t flags, uint16_t payload_octets) {
  IpPacket packet = Between(flow, from_client);
  uint32_t& sequence = from_client ? flow.client_sequence : flow.server_sequence;
  packet.protocol = kProtocolTcp;
  packet.tcp_flags = flags;
  packet.tcp_option_octets = (flags & kSyn) ? 20 : 12;
  packet.tcp_sequence = sequence;
  if (flags & kAck) packet.tcp_acknowledgement = from_client ? flow.server_sequence : flow.client_sequence;
  packet.payload_octets = payload_octets;
  sequence += payload_octets + ((flags & (kSyn | kFin)) ? 1u : 0u);
  return packet;
}

IpPacket NextTcp(Flow& flow, Random& random) {
  const uint32_t step = flow.packets_sent, left = flow.packets_in_all - step;
  if (step == 0) return TcpSegment(flow, true, kSyn, 0);
  if (step == 1) return TcpSegment(flow, false, left == 1 ? kRst | kAck : kSyn | kAck, 0);
  if (step == 2) return TcpSegment(flow, true, kAck, 0);
  if (step == 3) return TcpSegment(flow, true, kPsh | kAck, static_cast<uint16_t>(random.Between(80, 600)));
  if (left <= kClosingPackets) return TcpSegment(flow, left == 2, left == 1 ? kAck : kFin | kAck, 0);
  const bool bulk = step % 3 != 0;
  return TcpSegment(flow, bulk == flow.client_sends_bulk, kAck, bulk ? BulkPayload(flow, random) : 0);
}

IpPacket NextUdp(Flow& flow, Random& random) {
  if (flow.script == Script::kDns) {
    IpPacket packet = Between(flow, flow.packets_sent == 0);
    packet.payload_octets =
        static_cast<uint16_t>(flow.packets_sent == 0 ? random.Between(28, 60) : random.Between(44, 480));
    return packet;
  }
  if (flow.packets_sent < 2) {  // QUIC's first packets fill the datagram (RFC 9000 14.1)
    IpPacket packet = Between(flow, flow.packets_sent == 0);
    packet.payload_octets = 1200;
    return packet;
  }
  const bool bulk = flow.packets_sent % 4 != 0;
  IpPacket packet = Between(flow, bulk == flow.client_sends_bulk);
  packet.payload_octets = bulk ? BulkPayload(flow, random) : static_cast<uint16_t>(random.Between(25, 60));
  return packet;
}

IpPacket NextDatagram(Flow& flow) {
  const uint32_t phase = flow.packets_sent % 4;  // a question, then an answer in three fragments
  IpPacket packet = Between(flow, phase == 0);
  if (phase == 0) {
    packet.payload_octets = 120;
    return packet;
  }
  packet.identification = static_cast<uint16_t>(flow.packets_sent / 4);
  packet.fragment = {true, phase != 3, static_cast<uint16_t>((phase - 1) * kFragmentOctets)};
  packet.has_transport_header = phase == 1;
  packet.payload_octets = phase == 1 ? kFragmentOctets - 8 : phase == 2 ? kFragmentOctets : 333;
  return packet;
}

IpPacket NextPing(Flow& flow) {
  const bool request = flow.packets_sent % 2 == 0;
  const bool ipv6 = flow.client.address.family == Family::kIpv6;
  IpPacket packet = Between(flow, request);
  packet.protocol = ipv6 ? kProtocolIcmpv6 : kProtocolIcmp;
  packet.icmp_type = ipv6 ? (request ? kEchoRequestV6 : kEchoReplyV6) : (request ? kEchoRequest : kEchoReply);
  packet.payload_octets = 56;
  return packet;
}

bool IsFromClient(const Flow& flow, const IpPacket& packet) { return packet.source == flow.client.address; }

}  // namespace

IpPacket NextPacket(Flow& flow, Random& random) {
  IpPacket packet;
  switch (flow.script) {
    case Script::kTcp:
      packet = NextTcp(flow, random);
      break;
    case Script::kQuic:
    case Script::kDns:
      packet = NextUdp(flow, random);
      packet.protocol = kProtocolUdp;
      break;
    case Script::kDatagrams:
      packet = NextDatagram(flow);
      packet.protocol = kProtocolUdp;
      break;
    case Script::kPing:
      packet = NextPing(flow);
      break;
    case Script::kSctp:
      packet = Between(flow, flow.packets_sent % 2 == 0);
      packet.protocol = kProtocolSctp;
      packet.payload_octets = static_cast<uint16_t>(4 * random.Between(4, 60));
      break;
    case Script::kEsp:
      packet = Between(flow, flow.packets_sent % 4 == 0);
      packet.protocol = kProtocolEsp;
      packet.payload_octets = flow.packets_sent % 4 == 0 ? 64 : BulkPayload(flow, random);
      break;
    case Script::kWireguard:
      packet = Between(flow, flow.packets_sent % 4 == 0);
      packet.protocol = kProtocolUdp;
      packet.payload_word = kWireguardData;
      packet.payload_octets = flow.packets_sent % 4 == 0 ? 32 : LargestPayload(flow);
      break;
  }
  ++flow.packets_sent;
  return packet;
}

Encapsulation LinkOf(const Flow& flow, const IpPacket& packet) {
  Encapsulation link = flow.link;
  link.tunnel.towards_far_end = IsFromClient(flow, packet);
  return link;
}

TrafficKey KeyOf(const Flow& flow, const IpPacket& packet) {
  const bool from_client = IsFromClient(flow, packet);
  const Host& sender = from_client ? flow.client : flow.server;
  const Host& receiver = from_client ? flow.server : flow.client;
  const Host& counted = receiver.is_subscriber ? receiver : sender;
  TrafficKey key;
  key.direction = sender.is_subscriber
                      ? (receiver.is_subscriber ? Direction::kInternal : Direction::kUpload)
                      : (receiver.is_subscriber ? Direction::kDownload : Direction::kTransit);
  if (counted.is_subscriber) {
    key.access = counted.access;
    key.technology = counted.technology;
  }
  key.family = packet.source.family;
  key.carrier = CarrierOf(flow.link);
  key.transport = TransportOf(packet);
  return key;
}

}  // namespace kansoku::generator
