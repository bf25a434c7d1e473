// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/lesson.h"

#include "tests/generator/oddity.h"
#include "tests/generator/plan.h"

namespace kansoku::generator {
namespace {

constexpr uint32_t kFrames = 10;
constexpr uint16_t kFragmentOctets = 1480;  // a multiple of 8

IpPacket Between(const Prefix& source, const Prefix& destination, uint8_t protocol) {
  IpPacket packet;
  packet.source = source.At(1);
  packet.destination = destination.At(2);
  packet.protocol = protocol;
  packet.source_port = 443;
  packet.destination_port = 40'000;
  return packet;
}

// From a server to a host; `ip_octets` long.
IpPacket Packet(Family family, uint8_t protocol, uint32_t ip_octets) {
  IpPacket packet = family == Family::kIpv4 ? Between(kServersIpv4, kSubscriberPools[0].ipv4, protocol)
                                            : Between(kServersIpv6, kSubscriberPools[0].ipv6, protocol);
  if (protocol == kProtocolTcp) packet.tcp_flags = kAck;
  packet.payload_octets = static_cast<uint16_t>(ip_octets - IpOctets(packet));
  return packet;
}

IpPacket FragmentOf(IpPacket packet, uint16_t offset_octets, bool more, uint16_t payload_octets) {
  packet.identification = 7;
  packet.fragment = {true, more, offset_octets};
  packet.has_transport_header = offset_octets == 0;
  packet.payload_octets = payload_octets;
  return packet;
}

Encapsulation Tags(uint8_t vlan_tags) {
  Encapsulation link;
  link.vlan_tags = vlan_tags;
  return link;
}

Encapsulation In(Carrier tunnel, const Prefix& near_end, const Prefix& far_end) {
  Encapsulation link;
  link.is_tunnelled = true;
  link.tunnel.carrier = tunnel;
  link.tunnel.near_end = near_end.At(1);
  link.tunnel.far_end = far_end.At(1);
  link.tunnel.towards_far_end = false;
  return link;
}

void Write(Recorder& recorder, const IpPacket& packet, const Encapsulation& link) {
  TrafficKey key;
  key.family = packet.source.family;
  key.carrier = CarrierOf(link);
  key.transport = TransportOf(packet);
  recorder.Traffic(packet, link, key);
}

}  // namespace

CaptureOptions LessonOptions() {
  CaptureOptions options;
  options.packets = kFrames;
  options.seconds = 1;
  options.snap_octets = 2'000;
  return options;
}

void WriteLesson(Recorder& recorder) {
  const IpPacket full = Packet(Family::kIpv4, kProtocolTcp, 1'500);
  const IpPacket udp = Packet(Family::kIpv4, kProtocolUdp, 1'500);
  Encapsulation pppoe;
  pppoe.carrier = Carrier::kPppoe;
  Write(recorder, Packet(Family::kIpv4, kProtocolTcp, 40), Encapsulation{});
  Write(recorder, full, Encapsulation{});
  Write(recorder, full, Tags(1));
  Write(recorder, full, Tags(2));
  Write(recorder, Packet(Family::kIpv6, kProtocolUdp, 1'492), pppoe);
  Write(recorder, Packet(Family::kIpv4, kProtocolTcp, 1'400),
        In(Carrier::kGtpu, kNearRoutersIpv4, kFarRoutersIpv4));
  Write(recorder, Packet(Family::kIpv4, kProtocolTcp, 1'400),
        In(Carrier::k4in6, kNearRoutersIpv6, kFarRoutersIpv6));
  Write(recorder, FragmentOf(udp, 0, true, kFragmentOctets - 8), Encapsulation{});
  Write(recorder, FragmentOf(udp, kFragmentOctets, false, 480), Encapsulation{});
  WriteArp(recorder);
}

}  // namespace kansoku::generator
