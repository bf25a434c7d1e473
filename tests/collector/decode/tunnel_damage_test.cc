// SPDX-License-Identifier: Apache-2.0
//
// What looks like a tunnel and is none, and tunnels that contradict themselves.
#include <gtest/gtest.h>

#include "collector/decode/tunnels.h"
#include "tests/collector/decode/decoding.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;

class TunnelDamage : public ::testing::TestWithParam<int> {
 protected:
  static PacketBuilder Ip() { return WithIp(PacketBuilder().Ethernet(), GetParam()); }
  static PacketBuilder Datagram(uint16_t port) { return Ip().Udp(50000, port); }
  static std::vector<uint8_t> Inside(const PacketBuilder& tunnel) {
    return WithInnerIp(tunnel, GetParam()).Udp(7, 8).Build();
  }
  // The packet counts as its outer header, with these remarks.
  static void ExpectOuter(const std::vector<uint8_t>& packet, uint16_t remarks) {
    const Decoding decoding = DecodeWithPrefixes(packet);
    ASSERT_EQ(decoding.refusal, Refusal::kNone);
    EXPECT_EQ(decoding.packet.ip_headers, 1);
    EXPECT_EQ(decoding.packet.encapsulation, Encapsulation::kNative);
    EXPECT_EQ(decoding.packet.ip_octets, packet.size() - 14);
    EXPECT_EQ(decoding.packet.inner_ip_octets, packet.size() - 14);
    EXPECT_EQ(decoding.packet.remarks, remarks);
  }
};
INSTANTIATE_TEST_SUITE_P(Ip, TunnelDamage, ::testing::Values(4, 6), IpVersionName);

TEST_P(TunnelDamage, LeavesOtherDatagramsOnATunnelsPortAlone) {
  ExpectOuter(Inside(Datagram(2152).Gtpu().Overwrite(0, {0x50})), 0);        // version 2
  ExpectOuter(Inside(Datagram(2152).Gtpu().Overwrite(0, {0x20})), 0);        // GTP'
  ExpectOuter(Inside(Datagram(2152).Gtpu().Overwrite(1, {1})), 0);           // an echo request
  ExpectOuter(Inside(Datagram(1701).L2tp().Overwrite(0, {0x80}).Ppp()), 0);  // control
  ExpectOuter(Inside(Datagram(1701).L2tp().Overwrite(1, {0x03}).Ppp()), 0);  // version 3
  ExpectOuter(Inside(Datagram(1701).L2tp().Overwrite(0, {0x10}).Ppp()), 0);  // a reserved bit
  ExpectOuter(Inside(Datagram(4789).Vxlan().Overwrite(0, {0}).Ethernet()), 0);
  ExpectOuter(Inside(Datagram(4790).Vxlan().Overwrite(0, {0x18}).Ethernet()), 0);  // version 1
  ExpectOuter(Inside(Datagram(4790).Vxlan().Overwrite(0, {0x09}).Ethernet()), 0);  // maintenance
  ExpectOuter(Inside(Datagram(4790).Vxlan().Overwrite(0, {0x0c, 0, 0, 4}).Ethernet()),
              0);  // a service header
  ExpectOuter(Inside(Datagram(6081).Geneve().Overwrite(0, {0x40})), 0);
  ExpectOuter(Datagram(3544).Raw({0x45, 0}).Payload(40).Build(), 0);
}

TEST_P(TunnelDamage, LeavesDatagramsAloneThatAreTooSmallForTheTunnel) {
  for (const uint16_t port : std::vector<uint16_t>{2152, 1701, 4789, 4790, 6081, 3544}) {
    ExpectOuter(Datagram(port).Build(), 0);
    ExpectOuter(Datagram(port).Raw({0x08}).Build(), 0);
  }
}

TEST_P(TunnelDamage, LeavesWhatIsNotIpInside) {
  ExpectOuter(Datagram(4789).Vxlan().Ethernet().Next(0x0806).Payload(28).Build(), 0);
  ExpectOuter(Datagram(6081).Geneve().Next(0x0806).Payload(28).Build(), 0);
  ExpectOuter(Datagram(1701).L2tp().Ppp().Next(0xc021).Payload(8).Build(), 0);
  ExpectOuter(Datagram(2152).Gtpu().Payload(60, 0x22).Build(), 0);
  ExpectOuter(Ip().Gre().Next(0x2000).Payload(30).Build(), 0);
  ExpectOuter(Ip().Gre().Next(40).Payload(40, 0xaa).Build(), 0);   // no 802.3 length
  ExpectOuter(Ip().Pptp().Overwrite(0, {0x20, 0x81}).Build(), 0);  // an acknowledgement
  ExpectOuter(Ip().Gre({.sequence = true}).ErspanV3().Overwrite(10, {0x10}).Payload(40).Build(), 0);
}

TEST_P(TunnelDamage, StopsAtSourceRoutedAndUnknownGre) {
  ExpectOuter(Inside(Ip().Gre().Overwrite(0, {0x40})), 0);
  ExpectOuter(Inside(Ip().Gre().Overwrite(1, {0x02})), 0);
}

TEST_P(TunnelDamage, RemarksContradictions) {
  ExpectOuter(Inside(Datagram(2152).Gtpu().Overwrite(2, {0xff, 0xff})), kRemarkTunnelMalformed);
  ExpectOuter(Inside(Datagram(2152).Gtpu({0x85}).Overwrite(12, {0})), kRemarkTunnelMalformed);
  ExpectOuter(Inside(Datagram(1701).L2tp({.length = true}).Overwrite(2, {0xff, 0xff}).Ppp()),
              kRemarkTunnelMalformed);
  ExpectOuter(Inside(Datagram(1701).L2tp({.length = true}).Overwrite(2, {0, 3}).Ppp()),
              kRemarkTunnelMalformed);
  ExpectOuter(Inside(Datagram(1701).L2tp({.offset_octets = 2}).Overwrite(6, {0xff, 0xff}).Ppp()),
              kRemarkTunnelMalformed);
  ExpectOuter(Inside(Datagram(6081).Geneve().Overwrite(0, {0x3f})), kRemarkTunnelMalformed);
  ExpectOuter(Inside(Ip().Gre({.sequence = true}).ErspanV2().Overwrite(0, {0x20}).Ethernet()),
              kRemarkTunnelMalformed);
  ExpectOuter(Inside(Ip().Gre({.sequence = true}).ErspanV3().Overwrite(0, {0x10}).Ethernet()),
              kRemarkTunnelMalformed);
  ExpectOuter(Inside(Ip().Pptp().Overwrite(0, {0x10}).Ppp()), kRemarkTunnelMalformed);
  ExpectOuter(Ip().Gre().Overwrite(2, {0x08, 0x00}).Build(), kRemarkTunnelMalformed);
}

TEST_P(TunnelDamage, RemarksAnImpossibleInnerHeader) {
  ExpectOuter(Ip().Next(GetParam() == 4 ? kProtocolIpv4 : kProtocolIpv6).Build(), kRemarkTunnelMalformed);
  // Announced as the other version.
  ExpectOuter(Inside(Ip().Next(GetParam() == 4 ? kProtocolIpv6 : kProtocolIpv4)), kRemarkTunnelMalformed);
}

TEST_P(TunnelDamage, BoundsExtensionHeadersOfGtpu) {
  EXPECT_EQ(DecodeWithPrefixes(Inside(Datagram(2152).Gtpu({1, 2, 3, 4, 5, 6, 7, 8}))).packet.ip_headers, 2);
  ExpectOuter(Inside(Datagram(2152).Gtpu({1, 2, 3, 4, 5, 6, 7, 8, 9})), kRemarkTunnelTooDeep);
}

TEST_P(TunnelDamage, EndsTheInsideWhereTheTunnelSays) {
  // The IP header, and half of the ports.
  const uint8_t octets = (GetParam() == 4 ? 20 : 40) + 2;
  const uint8_t with_ppp = octets + 4, with_l2tp = octets + 4 + 8;
  for (const PacketBuilder& tunnel :
       {Datagram(2152).Gtpu().Overwrite(2, {0, octets}), Ip().Pptp().Overwrite(4, {0, with_ppp}).Ppp(),
        Datagram(1701).L2tp({.length = true}).Overwrite(2, {0, with_l2tp}).Ppp()}) {
    const Decoding decoding = DecodeWithPrefixes(Inside(tunnel));
    EXPECT_EQ(decoding.packet.ip_headers, 2);
    EXPECT_EQ(decoding.packet.source_port, 0);
    EXPECT_EQ(decoding.packet.remarks, kRemarkLengthBeyondFrame | kRemarkTransportMalformed);
  }
}

TEST_P(TunnelDamage, LeavesLaterFragmentsAsTheyAre) {
  const auto outer =
      GetParam() == 4 ? PacketBuilder().Ethernet().Ipv4("192.0.2.1", "198.51.100.2", {.fragment_offset = 8})
                      : Ip().Fragment(8, false);
  ExpectOuter(Inside(outer), kRemarkLaterFragment);
  ExpectOuter(Inside(PacketBuilder(outer).Udp(1, 2152).Gtpu()), kRemarkLaterFragment);
}

TEST_P(TunnelDamage, CrossesTheFirstFragmentOfATunnel) {
  const auto outer =
      GetParam() == 4 ? PacketBuilder().Ethernet().Ipv4("192.0.2.1", "198.51.100.2", {.more_fragments = true})
                      : Ip().Fragment(0, true);
  const Decoding decoding = DecodeWithPrefixes(Inside(PacketBuilder(outer).Udp(1, 2152).Gtpu()));
  EXPECT_EQ(decoding.packet.ip_headers, 2);
  EXPECT_FALSE(decoding.packet.is_fragment);
  EXPECT_EQ(decoding.packet.source_port, 7);
}

TEST_P(TunnelDamage, EndsAtALaterFragmentInside) {
  PacketBuilder tunnel = Datagram(2152).Gtpu();
  const auto packet =
      (GetParam() == 4 ? tunnel.Ipv4("203.0.113.1", "203.0.113.2", {.fragment_offset = 8}).Next(47)
                       : tunnel.Ipv6("2001:db8:1::1", "2001:db8:1::2").Fragment(8, false).Next(47))
          .Payload(40)
          .Build();
  const Decoding decoding = DecodeWithPrefixes(packet);
  EXPECT_EQ(decoding.packet.ip_headers, 2);
  EXPECT_TRUE(decoding.packet.is_fragment);
  EXPECT_EQ(decoding.packet.protocol, kProtocolGre);
  EXPECT_EQ(decoding.packet.remarks, kRemarkLaterFragment);
}

}  // namespace
}  // namespace kansoku::collector
