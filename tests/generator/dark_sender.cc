// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/dark_sender.h"

#include "tests/generator/plan.h"

namespace kansoku::generator {
namespace {

constexpr std::array<uint16_t, 8> kScannedPorts = {80, 443, 22, 8080, 445, 3389, 8728, 5555};
constexpr std::array<uint16_t, 6> kProbedUdpPorts = {5060, 123, 161, 1900, 53, 389};
constexpr std::array<uint16_t, 6> kReflectorPorts = {53, 123, 161, 389, 1900, 11211};
constexpr std::array<uint16_t, 3> kAttackedPorts = {80, 443, 25565};

// Some sender to some dark address of the family; the rest is to be filled in.
DarkPacket Begin(Random& random, Family family, uint8_t protocol, DarkClass dark_class) {
  const DarkRange& range = family == Family::kIpv6 ? kDarkRanges[2] : kDarkRanges[random.Below(2)];
  const Prefix& senders = family == Family::kIpv6 ? kServersIpv6 : kServersIpv4;
  DarkPacket dark;
  dark.packet.source = senders.At(random.HeavyTailed(1, 60'000));
  dark.packet.destination = range.prefix.At(random.Next32());
  dark.packet.protocol = protocol;
  dark.packet.identification = static_cast<uint16_t>(random.Next32());
  dark.packet.source_port = static_cast<uint16_t>(random.Between(40'000, 60'999));
  dark.key = {range.sensor, dark_class, family, protocol, 0};
  return dark;
}

void SetPort(DarkPacket& dark, uint16_t port) { dark.packet.destination_port = dark.key.port = port; }

DarkPacket Tcp(Random& random, Family family, DarkClass dark_class, uint8_t flags, uint16_t port) {
  DarkPacket dark = Begin(random, family, kProtocolTcp, dark_class);
  dark.packet.tcp_flags = flags;
  dark.packet.tcp_sequence = random.Next32();
  SetPort(dark, port);
  return dark;
}

// ZMap before 4.1: identification 54321 and the largest window.
DarkPacket ZmapProbe(Random& random) {
  DarkPacket dark = Tcp(random, Family::kIpv4, DarkClass::kTcpSyn, kSyn, random.Pick(kScannedPorts));
  dark.mark = Mark::kZmap;
  dark.packet.identification = 54321;
  dark.packet.tcp_window = 65535;
  dark.packet.hop_limit = 245;
  return dark;
}

// Masscan: identification = the low half of destination ^ port ^ sequence.
DarkPacket MasscanProbe(Random& random) {
  DarkPacket dark = Tcp(random, Family::kIpv4, DarkClass::kTcpSyn, kSyn, random.Pick(kScannedPorts));
  dark.mark = Mark::kMasscan;
  dark.packet.identification =
      static_cast<uint16_t>(dark.packet.destination.low ^ dark.key.port ^ dark.packet.tcp_sequence);
  dark.packet.tcp_window = 1024;
  dark.packet.hop_limit = 238;
  return dark;
}

// One of few survey hosts, over many ports.
DarkPacket SurveyProbe(Random& random, Family family) {
  DarkPacket dark =
      Tcp(random, family, DarkClass::kTcpSyn, kSyn, static_cast<uint16_t>(1 + 37 * random.Below(1000)));
  const Prefix& senders = family == Family::kIpv6 ? kServersIpv6 : kServersIpv4;
  dark.packet.source = senders.At(64'000 + random.Below(8));
  return dark;
}

// Mirai: the sequence is the destination; ports 23 and 2323 nine to one.
DarkPacket WormProbe(Random& random) {
  DarkPacket dark = Tcp(random, Family::kIpv4, DarkClass::kTcpSyn, kSyn, random.OneIn(10) ? 2323 : 23);
  dark.mark = Mark::kMirai;
  dark.packet.source = kServersIpv4.At(random.Next32());
  dark.packet.tcp_sequence = static_cast<uint32_t>(dark.packet.destination.low);
  dark.packet.tcp_window = static_cast<uint16_t>(random.Next32());
  return dark;
}

DarkPacket CongestionMarkedSyn(Random& random) {
  return Tcp(random, Family::kIpv4, DarkClass::kTcpSyn, kSyn | kEce | kCwr, 443);
}

// A victim answers addresses that an attacker made up.
DarkPacket TcpBackscatter(Random& random, Family family) {
  const bool reset = random.OneIn(3);
  DarkPacket dark = Tcp(random, family, reset ? DarkClass::kBackscatterRst : DarkClass::kBackscatterSynAck,
                        reset ? kRst | kAck : kSyn | kAck, static_cast<uint16_t>(random.Between(1024, 1087)));
  dark.packet.source_port = random.Pick(kAttackedPorts);
  return dark;
}

DarkPacket Icmp(Random& random, Family family, DarkClass dark_class, uint8_t type, uint16_t payload_octets) {
  DarkPacket dark =
      Begin(random, family, family == Family::kIpv6 ? kProtocolIcmpv6 : kProtocolIcmp, dark_class);
  dark.packet.icmp_type = type;
  dark.packet.payload_octets = payload_octets;
  return dark;
}

DarkPacket IcmpBackscatter(Random& random, Family family) {
  constexpr uint8_t kUnreachable = 3, kTimeExceeded = 11, kUnreachableV6 = 1, kTimeExceededV6 = 3;
  const bool unreachable = random.OneIn(2);
  return family == Family::kIpv6 ? Icmp(random, family, DarkClass::kBackscatterIcmp,
                                        unreachable ? kUnreachableV6 : kTimeExceededV6, 60)
                                 : Icmp(random, family, DarkClass::kBackscatterIcmp,
                                        unreachable ? kUnreachable : kTimeExceeded, 28);
}

DarkPacket UdpProbe(Random& random, Family family) {
  DarkPacket dark = Begin(random, family, kProtocolUdp, DarkClass::kUdpProbe);
  SetPort(dark, random.Pick(kProbedUdpPorts));
  dark.packet.payload_octets = static_cast<uint16_t>(random.Between(8, 400));
  return dark;
}

DarkPacket UdpResponse(Random& random) {
  DarkPacket dark = Begin(random, Family::kIpv4, kProtocolUdp, DarkClass::kUdpResponse);
  dark.packet.source_port = random.Pick(kReflectorPorts);
  SetPort(dark, static_cast<uint16_t>(random.Between(2048, 2111)));
  dark.packet.payload_octets = static_cast<uint16_t>(random.Between(200, 1400));
  return dark;
}

DarkPacket LaterFragment(Random& random) {
  DarkPacket dark = Begin(random, Family::kIpv4, kProtocolUdp, DarkClass::kFragment);
  dark.packet.fragment = {true, false, 1480};
  dark.packet.has_transport_header = false;
  dark.packet.payload_octets = static_cast<uint16_t>(random.Between(64, 800));
  return dark;
}

// The packet ends after two octets of its TCP header.
DarkPacket CutTcp(Random& random) {
  DarkPacket dark = Begin(random, Family::kIpv4, kProtocolTcp, DarkClass::kMalformed);
  dark.packet.has_transport_header = false;
  dark.packet.payload_octets = 2;
  return dark;
}

DarkPacket Rarity(Random& random) {
  constexpr uint8_t kEchoRequest = 8, kRouterAdvertisement = 9;
  const uint16_t port = random.Pick(kScannedPorts);
  switch (random.Below(10)) {
    case 0:
      return Tcp(random, Family::kIpv4, DarkClass::kTcpAck, kAck, port);
    case 1:
      return Tcp(random, Family::kIpv4, DarkClass::kTcpFin, kFin, port);
    case 2:
      return Tcp(random, Family::kIpv4, DarkClass::kTcpNull, 0, port);
    case 3:
      return Tcp(random, Family::kIpv4, DarkClass::kTcpXmas, kFin | kPsh | kUrg, port);
    case 4:
      return Tcp(random, Family::kIpv4, DarkClass::kTcpOther, kPsh | kAck, port);
    case 5:
      return Icmp(random, Family::kIpv4, DarkClass::kIcmpRequest, kEchoRequest, 56);
    case 6:
      return Icmp(random, Family::kIpv4, DarkClass::kIcmpOther, kRouterAdvertisement, 8);
    case 7:
      return LaterFragment(random);
    case 8:
      return CutTcp(random);
    default: {
      DarkPacket dark = Begin(random, Family::kIpv4, kProtocolEsp, DarkClass::kProtocolOther);
      dark.packet.payload_octets = 64;
      return dark;
    }
  }
}

}  // namespace

DarkPacket NextDarkPacket(Random& random) {
  const Family family = random.OneIn(20) ? Family::kIpv6 : Family::kIpv4;
  const uint32_t lot = random.Below(100);
  if (lot < 30) return WormProbe(random);
  if (lot < 45) return ZmapProbe(random);
  if (lot < 57) return MasscanProbe(random);
  if (lot < 70) return SurveyProbe(random, family);
  if (lot < 72) return CongestionMarkedSyn(random);
  if (lot < 82) return TcpBackscatter(random, family);
  if (lot < 85) return IcmpBackscatter(random, family);
  if (lot < 91) return UdpProbe(random, family);
  if (lot < 95) return UdpResponse(random);
  return Rarity(random);
}

}  // namespace kansoku::generator
