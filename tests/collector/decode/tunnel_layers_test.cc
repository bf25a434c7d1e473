// SPDX-License-Identifier: Apache-2.0
//
// Several tunnels in one packet: how deep the walk goes, and which header counts.
#include <gtest/gtest.h>

#include "collector/decode/tunnels.h"
#include "tests/collector/decode/decoding.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;

class TunnelLayers : public ::testing::TestWithParam<int> {
 protected:
  static uint32_t IpOctets() { return GetParam() == 4 ? 20 : 40; }
  static PacketBuilder Ip() { return WithIp(PacketBuilder().Ethernet(), GetParam()); }
  static PacketBuilder Inner(const PacketBuilder& outside) { return WithInnerIp(outside, GetParam()); }
  static std::vector<uint8_t> Vxlan() {
    return Inner(Ip().Udp(50000, 4789).Vxlan().Ethernet()).Tcp(40000, 443, kTcpSyn).Payload(100).Build();
  }
};
INSTANTIATE_TEST_SUITE_P(Ip, TunnelLayers, ::testing::Values(4, 6), IpVersionName);

TEST_P(TunnelLayers, CountTheOuterHeaderWhereDeclared) {
  const Decoding decoding = DecodeWithPrefixes(Vxlan(), LinkType::kEthernet, {.layer = Layer::kOuter});
  EXPECT_EQ(decoding.packet.protocol, kProtocolUdp);
  EXPECT_EQ(decoding.packet.source_port, 50000);
  EXPECT_EQ(decoding.packet.destination_port, 4789);
  EXPECT_FALSE(decoding.packet.has_tcp_flags);
  EXPECT_EQ(decoding.packet.encapsulation, Encapsulation::kNative);
  EXPECT_EQ(decoding.packet.ip_octets, IpOctets() + 8 + 8 + 14 + IpOctets() + 20 + 100);
  EXPECT_EQ(decoding.packet.outer_ip_octets, decoding.packet.ip_octets);
  EXPECT_EQ(decoding.packet.inner_ip_octets, IpOctets() + 20 + 100);
  EXPECT_EQ(decoding.packet.ip_headers, 2);
  EXPECT_EQ(decoding.packet.remarks, 0);
}

TEST_P(TunnelLayers, StopAtOpaqueTunnels) {
  const uint32_t opaque = 1u << static_cast<unsigned>(Encapsulation::kVxlan);
  const Decoding decoding = DecodeWithPrefixes(Vxlan(), LinkType::kEthernet, {.opaque = opaque});
  EXPECT_EQ(decoding.packet.destination_port, 4789);
  EXPECT_EQ(decoding.packet.ip_headers, 1);
  EXPECT_EQ(decoding.packet.remarks, 0);
  EXPECT_EQ(decoding.packet.inner_ip_octets, decoding.packet.outer_ip_octets);
  EXPECT_EQ(DecodeWithPrefixes(Vxlan(), LinkType::kEthernet, {.opaque = ~opaque}).packet.ip_headers, 2);
}

TEST_P(TunnelLayers, NameTheInnermostTunnel) {
  const Decoding decoding = DecodeWithPrefixes(
      Inner(Inner(Ip().Gre({.sequence = true}).ErspanV2().Ethernet()).Udp(1, 2152).Gtpu()).Udp(7, 8).Build());
  EXPECT_EQ(decoding.packet.ip_headers, 3);
  EXPECT_EQ(decoding.packet.encapsulation, Encapsulation::kGtpu);
  EXPECT_EQ(decoding.packet.source_port, 7);
}

TEST_P(TunnelLayers, GoSixIpHeadersDeep) {
  PacketBuilder builder = Ip();
  for (int headers = 2; headers <= 6; ++headers) builder = Inner(builder);
  const Decoding six = DecodeWithPrefixes(PacketBuilder(builder).Udp(1000, 2000).Build());
  EXPECT_EQ(six.packet.ip_headers, 6);
  EXPECT_EQ(six.packet.source_port, 1000);
  EXPECT_EQ(six.packet.remarks, 0);

  const Decoding seven = DecodeWithPrefixes(Inner(builder).Udp(1000, 2000).Build());
  EXPECT_EQ(seven.packet.ip_headers, 6);
  EXPECT_EQ(seven.packet.ip_octets, 2 * IpOctets() + 8);
  EXPECT_EQ(seven.packet.source_port, 0);
  EXPECT_EQ(seven.packet.remarks, kRemarkTunnelTooDeep);
}

TEST_P(TunnelLayers, SurviveABombOfNestedHeaders) {
  PacketBuilder ip = Ip(), vxlan = Ip(), gre = Ip();
  for (int i = 0; i < 100; ++i) {
    ip = Inner(ip);
    vxlan = Inner(vxlan.Udp(4789, 4789).Vxlan().Ethernet());
    gre = Inner(gre.Gre().Mpls(16));
  }
  for (const PacketBuilder& bomb : {ip, vxlan, gre}) {
    const auto packet = bomb.Build();
    DecodedPacket decoded;
    ASSERT_EQ(Decode(testing::ViewOf(packet), decoded), Refusal::kNone);
    EXPECT_EQ(decoded.ip_headers, 6);
    EXPECT_EQ(decoded.remarks, kRemarkTunnelTooDeep);
    EXPECT_EQ(decoded.outer_ip_octets, packet.size() - 14);
  }
  PacketBuilder tags = Ip().Udp(1, 4789).Vxlan().Ethernet();
  for (uint16_t i = 0; i < 100; ++i) tags.Vlan(i);
  const Decoding tagged = DecodeWithPrefixes(Inner(tags).Udp(1, 2).Build());
  EXPECT_EQ(tagged.packet.ip_headers, 1);
  EXPECT_EQ(tagged.packet.remarks, kRemarkTunnelTooDeep);
}

TEST_P(TunnelLayers, HaveTheHeadersThatOffloadsMergeBy) {
  const auto merged = [](const std::vector<uint8_t>& packet) {
    return size_t{DecodeWithPrefixes(packet).packet.header_octets};
  };
  constexpr size_t kPayload = 300;
  const auto tcp = [](PacketBuilder builder) { return builder.Tcp(1, 2, kTcpAck).Payload(kPayload).Build(); };

  const auto plain = tcp(Ip()), vxlan = tcp(Inner(Ip().Udp(1, 4789).Vxlan().Ethernet())),
             gre = tcp(Inner(Ip().Gre())), gtpu = tcp(Inner(Ip().Udp(1, 2152).Gtpu())),
             pptp = tcp(Inner(Ip().Pptp().Ppp()));
  EXPECT_EQ(merged(plain), plain.size() - kPayload);
  EXPECT_EQ(merged(vxlan), vxlan.size() - kPayload);
  EXPECT_EQ(merged(gre), gre.size() - kPayload);
  EXPECT_EQ(merged(gtpu), 14 + IpOctets() + 8);
  EXPECT_EQ(merged(pptp), pptp.size() - kPayload);
  EXPECT_EQ(merged(Ip().Udp(1, 2).Payload(9).Build()), 14 + IpOctets() + 8);
  EXPECT_EQ(merged(Ip().Icmp(8, 0).Payload(9).Build()), 0u);
  EXPECT_EQ(merged(Ip().Sctp(1, 2).Payload(9).Build()), 0u);
  EXPECT_EQ(merged(Ip().UdpLite(1, 2).Payload(9).Build()), 0u);
}

TEST_P(TunnelLayers, DoNotBeginInQuotedHeaders) {
  const Decoding error = DecodeWithPrefixes(Ip().Icmp(3, 1).Raw({0x45, 0, 0, 40}).Payload(36).Build());
  EXPECT_EQ(error.packet.ip_headers, 1);
  EXPECT_EQ(error.packet.protocol, kProtocolIcmp);
}

}  // namespace
}  // namespace kansoku::collector
