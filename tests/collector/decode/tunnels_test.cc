// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/tunnels.h"

#include <gtest/gtest.h>

#include <tuple>

#include "tests/collector/decode/decoding.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;

constexpr size_t kPayloadOctets = 5;

// Each tunnel with IPv4 and IPv6 outside and inside.
class Tunnels : public ::testing::TestWithParam<std::tuple<int, int>> {
 protected:
  static int Outer() { return std::get<0>(GetParam()); }
  static int Inner() { return std::get<1>(GetParam()); }
  static size_t IpOctets(int version) { return version == 4 ? 20 : 40; }

  static PacketBuilder Ip() { return WithIp(PacketBuilder().Ethernet(), Outer()); }
  static PacketBuilder Datagram(uint16_t port) { return Ip().Udp(50000, port); }

  static void ExpectCrossed(const PacketBuilder& tunnel, Encapsulation encapsulation) {
    const auto packet = WithInnerIp(tunnel, Inner()).Tcp(40000, 443, kTcpAck).Payload(kPayloadOctets).Build();
    const Decoding decoding = DecodeWithPrefixes(packet);
    ASSERT_EQ(decoding.refusal, Refusal::kNone);
    EXPECT_EQ(decoding.packet.remarks, 0);
    EXPECT_EQ(decoding.packet.ip_headers, 2);
    EXPECT_EQ(decoding.packet.encapsulation, encapsulation);
    EXPECT_EQ(decoding.packet.ip_version, Inner());
    EXPECT_EQ(decoding.packet.source,
              Inner() == 4 ? IpAddress::Ipv4(0xcb007101) : (IpAddress{0x20010db8'00010000, 1}));
    EXPECT_EQ(decoding.packet.destination,
              Inner() == 4 ? IpAddress::Ipv4(0xcb007102) : (IpAddress{0x20010db8'00010000, 2}));
    EXPECT_EQ(decoding.packet.protocol, kProtocolTcp);
    EXPECT_EQ(decoding.packet.source_port, 40000);
    EXPECT_EQ(decoding.packet.destination_port, 443);
    EXPECT_EQ(decoding.packet.tcp_flags, kTcpAck);
    EXPECT_EQ(decoding.packet.tcp_payload_octets, kPayloadOctets);
    EXPECT_EQ(decoding.packet.ip_octets, IpOctets(Inner()) + 20 + kPayloadOctets);
    EXPECT_EQ(decoding.packet.inner_ip_octets, decoding.packet.ip_octets);
    EXPECT_EQ(decoding.packet.outer_ip_octets, packet.size() - 14);
    EXPECT_EQ(decoding.packet.sealed, Sealed::kNo);
  }
};

std::string VersionNames(const ::testing::TestParamInfo<std::tuple<int, int>>& versions) {
  return "Ipv" + std::to_string(std::get<1>(versions.param)) + "InIpv" +
         std::to_string(std::get<0>(versions.param));
}
INSTANTIATE_TEST_SUITE_P(Ip, Tunnels, ::testing::Combine(::testing::Values(4, 6), ::testing::Values(4, 6)),
                         VersionNames);

TEST_P(Tunnels, CrossIpInIp) {
  const Encapsulation name = Outer() == 4   ? Inner() == 4 ? Encapsulation::kIpip : Encapsulation::k6in4
                             : Inner() == 4 ? Encapsulation::k4in6
                                            : Encapsulation::k6in6;
  ExpectCrossed(Ip(), name);
}

TEST_P(Tunnels, CrossGre) {
  ExpectCrossed(Ip().Gre(), Encapsulation::kGre);
  for (const bool checksum : {false, true}) {
    for (const bool key : {false, true}) {
      for (const bool sequence : {false, true}) {
        ExpectCrossed(Ip().Gre({.checksum = checksum, .key = key, .sequence = sequence}),
                      Encapsulation::kGre);
      }
    }
  }
}

TEST_P(Tunnels, CrossGreWithEthernet) {
  ExpectCrossed(Ip().Gre({.key = true}).Ethernet(), Encapsulation::kGre);
  ExpectCrossed(Ip().Gre().Ethernet().Vlan(7, 0x88a8).Vlan(8), Encapsulation::kGre);
  ExpectCrossed(Ip().Gre().Ethernet().Pppoe(), Encapsulation::kPppoe);
}

TEST_P(Tunnels, CrossGreWithMplsPppAndMetaData) {
  ExpectCrossed(Ip().Gre().Mpls(16).Mpls(17), Encapsulation::kMpls);
  ExpectCrossed(Ip().Gre().Ppp(), Encapsulation::kGre);
  const uint8_t high = Inner() == 4 ? 0x08 : 0x86, low = Inner() == 4 ? 0x00 : 0xdd;
  ExpectCrossed(Ip().Gre({.key = true}).Next(0x8909).Raw({high, low, 1, 1, 0, 1, 0, 0}), Encapsulation::kGre);
}

TEST_P(Tunnels, CrossPptp) {
  ExpectCrossed(Ip().Pptp().Ppp(), Encapsulation::kPptp);
  ExpectCrossed(Ip().Pptp(true).Ppp(), Encapsulation::kPptp);
}

TEST_P(Tunnels, CrossErspan) {
  ExpectCrossed(Ip().Gre().Next(0x88be).Ethernet(), Encapsulation::kErspan);
  ExpectCrossed(Ip().Gre({.sequence = true}).ErspanV2().Ethernet().Vlan(7), Encapsulation::kErspan);
  ExpectCrossed(Ip().Gre({.sequence = true}).ErspanV3().Ethernet(), Encapsulation::kErspan);
  ExpectCrossed(Ip().Gre({.sequence = true}).ErspanV3(true).Ethernet(), Encapsulation::kErspan);
  ExpectCrossed(Ip().Gre({.sequence = true}).ErspanV3().Overwrite(10, {0x08}), Encapsulation::kErspan);
}

TEST_P(Tunnels, CrossL2tp) {
  for (const bool length : {false, true}) {
    for (const bool sequence : {false, true}) {
      for (const size_t offset : {0, 2, 9}) {
        ExpectCrossed(
            Datagram(1701).L2tp({.length = length, .sequence = sequence, .offset_octets = offset}).Ppp(),
            Encapsulation::kL2tp);
      }
    }
  }
  // PPP with its protocol and framing compressed.
  ExpectCrossed(Datagram(1701).L2tp().Raw({static_cast<uint8_t>(Inner() == 4 ? 0x21 : 0x57)}),
                Encapsulation::kL2tp);
}

TEST_P(Tunnels, CrossGtpu) {
  ExpectCrossed(Datagram(2152).Gtpu(), Encapsulation::kGtpu);
  ExpectCrossed(Datagram(2152).Gtpu({}, true), Encapsulation::kGtpu);
  ExpectCrossed(Datagram(2152).Gtpu({0x85}), Encapsulation::kGtpu);
  ExpectCrossed(Datagram(2152).Gtpu({0xc0, 0x85, 0x40}, true), Encapsulation::kGtpu);
}

TEST_P(Tunnels, CrossVxlan) {
  ExpectCrossed(Datagram(4789).Vxlan().Ethernet(), Encapsulation::kVxlan);
  ExpectCrossed(Datagram(4789).Vxlan().Ethernet().Vlan(7), Encapsulation::kVxlan);
  ExpectCrossed(Datagram(4789).Vxlan().Ethernet().Mpls(16), Encapsulation::kMpls);
}

TEST_P(Tunnels, CrossVxlanGpe) {
  const uint8_t ip = Inner() == 4 ? 1 : 2;
  ExpectCrossed(Datagram(4790).Vxlan().Ethernet(), Encapsulation::kVxlan);
  ExpectCrossed(Datagram(4790).Vxlan().Overwrite(0, {0x0c, 0, 0, 3}).Ethernet(), Encapsulation::kVxlan);
  ExpectCrossed(Datagram(4790).Vxlan().Overwrite(0, {0x0c, 0, 0, ip}), Encapsulation::kVxlan);
}

TEST_P(Tunnels, CrossGeneve) {
  ExpectCrossed(Datagram(6081).Geneve().Ethernet(), Encapsulation::kGeneve);
  ExpectCrossed(Datagram(6081).Geneve(), Encapsulation::kGeneve);
  ExpectCrossed(Datagram(6081).Geneve(252).Ethernet(), Encapsulation::kGeneve);
}

TEST_P(Tunnels, CrossTeredo) {
  if (Inner() == 4) return;  // RFC 4380 carries IPv6 only
  ExpectCrossed(Datagram(3544), Encapsulation::kTeredo);
  ExpectCrossed(Datagram(3544).TeredoOrigin(), Encapsulation::kTeredo);
  ExpectCrossed(Datagram(3544).TeredoAuthentication(), Encapsulation::kTeredo);
  ExpectCrossed(Datagram(3544).TeredoAuthentication().TeredoOrigin(), Encapsulation::kTeredo);
}

TEST_P(Tunnels, CrossMplsInIpAndUdp) {
  ExpectCrossed(Ip().Mpls(16).Mpls(17), Encapsulation::kMpls);
  ExpectCrossed(Datagram(6635).Mpls(16), Encapsulation::kMpls);
  ExpectCrossed(Datagram(6635).Mpls(16).Raw({0, 0, 0, 0}).Ethernet(), Encapsulation::kMpls);
}

TEST_P(Tunnels, CrossSegmentRouting) {
  if (Outer() == 4) return;  // an IPv6 extension header
  ExpectCrossed(Ip().SegmentRouting(), Encapsulation::kSrv6);
  ExpectCrossed(Ip().HopByHop().SegmentRouting().Ethernet(), Encapsulation::kSrv6);
  ExpectCrossed(Ip().Ethernet(), Encapsulation::kSrv6);  // reduced: one segment needs no routing header
  ExpectCrossed(Ip().Routing(), Inner() == 4 ? Encapsulation::k4in6 : Encapsulation::k6in6);
}

TEST_P(Tunnels, WhoseEndsAnswerAreRecognisedByTheSourcePortToo) {
  ExpectCrossed(Ip().Udp(1701, 50000).L2tp().Ppp(), Encapsulation::kL2tp);
  if (Inner() == 6) ExpectCrossed(Ip().Udp(3544, 50000), Encapsulation::kTeredo);
}

TEST_P(Tunnels, OfAnySourcePortAreRecognisedByTheDestinationAlone) {
  for (const PacketBuilder& datagram :
       {Ip().Udp(2152, 50000).Gtpu(), Ip().Udp(4789, 50000).Vxlan().Ethernet(),
        Ip().Udp(6081, 50000).Geneve().Ethernet(), Ip().Udp(6635, 50000).Mpls(16)}) {
    const Decoding decoding = DecodeWithPrefixes(WithInnerIp(datagram, Inner()).Udp(7, 8).Build());
    EXPECT_EQ(decoding.packet.ip_headers, 1);
    EXPECT_EQ(decoding.packet.destination_port, 50000);
    EXPECT_EQ(decoding.packet.remarks, 0);
  }
  // The port of one tunnel as another's source.
  ExpectCrossed(Ip().Udp(2152, 4789).Vxlan().Ethernet(), Encapsulation::kVxlan);
}

TEST_P(Tunnels, HaveConfiguredPorts) {
  const auto packet =
      WithInnerIp(Datagram(8472).Vxlan().Ethernet(), Inner()).Tcp(40000, 443, kTcpAck).Build();
  EXPECT_EQ(DecodeWithPrefixes(packet).packet.ip_headers, 1);
  const Decoding configured = DecodeWithPrefixes(packet, LinkType::kEthernet, {.ports = {.vxlan = 8472}});
  EXPECT_EQ(configured.packet.ip_headers, 2);
  EXPECT_EQ(configured.packet.encapsulation, Encapsulation::kVxlan);
}

TEST_P(Tunnels, AreCrossedBehindEveryLink) {
  const auto packet =
      WithInnerIp(WithIp(PacketBuilder().Ethernet().Vlan(7).Pppoe(), Outer()).Udp(1, 2152).Gtpu(), Inner())
          .Icmp(8, 0)
          .Build();
  const Decoding decoding = DecodeWithPrefixes(packet);
  EXPECT_EQ(decoding.packet.encapsulation, Encapsulation::kGtpu);
  EXPECT_TRUE(decoding.packet.has_icmp);
  EXPECT_EQ(decoding.packet.source_port, 0);
}

}  // namespace
}  // namespace kansoku::collector
