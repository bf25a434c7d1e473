// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/link_layer.h"

#include <gtest/gtest.h>

#include "tests/collector/decode/decoding.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;

constexpr uint16_t kSourcePort = 40000, kDestinationPort = 443;

// The same link headers in front of IPv4 and IPv6.
class LinkLayer : public ::testing::TestWithParam<int> {
 protected:
  static void ExpectDecoded(const Decoding& decoding) {
    ASSERT_EQ(decoding.refusal, Refusal::kNone);
    EXPECT_EQ(decoding.packet.ip_version, GetParam());
    EXPECT_EQ(decoding.packet.ip_octets, (GetParam() == 4 ? 20u : 40u) + 8u + 3u);
    EXPECT_EQ(decoding.packet.source_port, kSourcePort);
    EXPECT_EQ(decoding.packet.destination_port, kDestinationPort);
    EXPECT_EQ(decoding.packet.remarks, 0);
  }
  static std::vector<uint8_t> Datagram(const PacketBuilder& link) {
    return WithIp(link, GetParam()).Udp(kSourcePort, kDestinationPort).Payload(3).Build();
  }
};
INSTANTIATE_TEST_SUITE_P(Ip, LinkLayer, ::testing::Values(4, 6), IpVersionName);

TEST_P(LinkLayer, ReadsEthernet) {
  const Decoding decoding = DecodeWithPrefixes(Datagram(PacketBuilder().Ethernet()));
  ExpectDecoded(decoding);
  EXPECT_EQ(decoding.packet.encapsulation, Encapsulation::kNative);
  EXPECT_EQ(decoding.packet.side, Side::kUnknown);
}

TEST_P(LinkLayer, LeavesEthernetPaddingOut) {
  std::vector<uint8_t> packet = Datagram(PacketBuilder().Ethernet());
  packet.insert(packet.end(), 20, 0xff);
  ExpectDecoded(DecodeWithPrefixes(packet));
}

TEST_P(LinkLayer, CrossesStackedVlanTags) {
  ExpectDecoded(DecodeWithPrefixes(Datagram(PacketBuilder().Ethernet().Vlan(7))));
  ExpectDecoded(DecodeWithPrefixes(Datagram(PacketBuilder().Ethernet().Vlan(7, 0x88a8).Vlan(8))));
  ExpectDecoded(DecodeWithPrefixes(Datagram(PacketBuilder().Ethernet().Vlan(7, 0x9100).Vlan(8).Vlan(9))));
}

TEST_P(LinkLayer, RefusesAnEndlessStackOfTags) {
  PacketBuilder link = PacketBuilder().Ethernet();
  for (uint16_t vlan = 1; vlan <= 9; ++vlan) link.Vlan(vlan);
  ExpectDecoded(DecodeWithPrefixes(Datagram(link)));
  EXPECT_EQ(DecodeWithPrefixes(Datagram(link.Vlan(10))).refusal, Refusal::kLinkTooDeep);
}

TEST_P(LinkLayer, CrossesPppoeSessions) {
  const Decoding decoding = DecodeWithPrefixes(Datagram(PacketBuilder().Ethernet().Vlan(7).Pppoe()));
  ExpectDecoded(decoding);
  EXPECT_EQ(decoding.packet.encapsulation, Encapsulation::kPppoe);
}

TEST_P(LinkLayer, ReadsCompressedPppProtocols) {
  const uint8_t protocol = GetParam() == 4 ? 0x21 : 0x57;
  const uint8_t octets = static_cast<uint8_t>(1 + (GetParam() == 4 ? 20 : 40) + 8 + 3);
  ExpectDecoded(DecodeWithPrefixes(
      Datagram(PacketBuilder().Ethernet().Next(0x8864).Raw({0x11, 0, 0, 1, 0, octets, protocol}))));
}

TEST_P(LinkLayer, EndsWhereThePppoeLengthSays) {
  const uint8_t octets = static_cast<uint8_t>(2 + (GetParam() == 4 ? 20 : 40));
  const auto packet = Datagram(PacketBuilder().Ethernet().Pppoe().Overwrite(4, {0, octets}));
  const Decoding decoding = DecodeWithPrefixes(packet);
  ASSERT_EQ(decoding.refusal, Refusal::kNone);
  EXPECT_EQ(decoding.packet.source_port, 0);
  EXPECT_EQ(decoding.packet.remarks, kRemarkLengthBeyondFrame | kRemarkTransportMalformed);
}

TEST_P(LinkLayer, RefusesADamagedPppoeHeader) {
  const auto packet = Datagram(PacketBuilder().Ethernet().Pppoe().Overwrite(0, {0x21}));
  EXPECT_EQ(DecodeWithPrefixes(packet).refusal, Refusal::kLinkMalformed);
}

TEST_P(LinkLayer, TakesPppControlForNotIp) {
  const auto packet = PacketBuilder().Ethernet().Pppoe().Next(0xc021).Payload(8).Build();
  EXPECT_EQ(DecodeWithPrefixes(packet).refusal, Refusal::kNotIp);
}

TEST_P(LinkLayer, CrossesMplsLabels) {
  const Decoding decoding = DecodeWithPrefixes(Datagram(PacketBuilder().Ethernet().Mpls(16).Mpls(17)));
  ExpectDecoded(decoding);
  EXPECT_EQ(decoding.packet.encapsulation, Encapsulation::kMpls);
}

TEST_P(LinkLayer, CrossesEthernetPseudowires) {
  const auto link = PacketBuilder().Ethernet().Mpls(16).Next(0).Raw({0, 0, 0, 0}).Ethernet().Vlan(7);
  ExpectDecoded(DecodeWithPrefixes(Datagram(link)));
}

// The first octets of the destination address in Ethernet(), which it overwrites.
TEST_P(LinkLayer, TellsAControlWordFromAnAddressThatBeginsWith0) {
  const auto frame = [](std::initializer_list<uint8_t> control_word, std::initializer_list<uint8_t> address,
                        bool tagged) {
    PacketBuilder link = PacketBuilder().Ethernet().Mpls(16).Next(0).Raw(control_word);
    link.Ethernet().Overwrite(0, address);
    return DecodeWithPrefixes(Datagram(tagged ? link.Vlan(7) : link));
  };
  for (const bool tagged : {false, true}) {
    ExpectDecoded(frame({0, 0, 0, 0}, {0x52, 0x54}, tagged));
    ExpectDecoded(frame({0, 0, 0x12, 0x34}, {0x00, 0x1b}, tagged));  // a sequence number
    ExpectDecoded(frame({0x03, 0x2a, 0, 1}, {0x00, 0x00}, tagged));  // flags, fragmentation, length
    ExpectDecoded(frame({}, {0x00, 0x1b, 0x21}, tagged));
    ExpectDecoded(frame({}, {0x00, 0x00, 0x5e, 0x00, 0x01, 0x07}, tagged));  // a virtual router's (RFC 9568)
    ExpectDecoded(frame({}, {0x02, 0x00, 0x00}, tagged));
    ExpectDecoded(frame({}, {0x52, 0x54}, tagged));
    ExpectDecoded(frame({}, {0x10, 0x00}, tagged));
  }
}

TEST_P(LinkLayer, LeavesOtherProtocolsInPseudowiresForNotIp) {
  for (const std::initializer_list<uint8_t> control_word :
       {std::initializer_list<uint8_t>{}, std::initializer_list<uint8_t>{0, 0, 0, 0}}) {
    PacketBuilder link = PacketBuilder().Ethernet().Mpls(16).Next(0).Raw(control_word);
    EXPECT_EQ(DecodeWithPrefixes(link.Ethernet().Overwrite(0, {0x00, 0x1b}).Next(0x0806).Payload(28).Build())
                  .refusal,
              Refusal::kNotIp);
  }
}

TEST_P(LinkLayer, NamesTheInnermostEncapsulation) {
  const auto link = PacketBuilder().Ethernet().Mpls(16).Next(0).Raw({0, 0, 0, 0}).Ethernet().Pppoe();
  const Decoding decoding = DecodeWithPrefixes(Datagram(link));
  ExpectDecoded(decoding);
  EXPECT_EQ(decoding.packet.encapsulation, Encapsulation::kPppoe);
}

TEST_P(LinkLayer, RefusesAnEndlessLabelStack) {
  PacketBuilder link = PacketBuilder().Ethernet();
  for (uint32_t label = 0; label < 16; ++label) link.Mpls(label);
  ExpectDecoded(DecodeWithPrefixes(Datagram(link)));
  EXPECT_EQ(DecodeWithPrefixes(Datagram(link.Mpls(16))).refusal, Refusal::kLinkTooDeep);
}

TEST_P(LinkLayer, TakesAnAssociatedChannelForNotIp) {
  const auto packet = PacketBuilder().Ethernet().Mpls(16).Next(0).Raw({0x10, 0, 0, 7}).Payload(8).Build();
  EXPECT_EQ(DecodeWithPrefixes(packet).refusal, Refusal::kNotIp);
}

TEST_P(LinkLayer, CrossesFabricPath) {
  ExpectDecoded(DecodeWithPrefixes(
      Datagram(PacketBuilder().Ethernet().Next(0x8903).Raw({0x40, 0x20}).Ethernet().Vlan(7))));
}

TEST_P(LinkLayer, ReadsIpInSnap) {
  const uint8_t high = GetParam() == 4 ? 0x08 : 0x86, low = GetParam() == 4 ? 0x00 : 0xdd;
  ExpectDecoded(DecodeWithPrefixes(
      Datagram(PacketBuilder().Ethernet().Next(100).Raw({0xaa, 0xaa, 3, 0, 0, 0, high, low}))));
}

TEST_P(LinkLayer, KnowsTheSideOfCookedCaptures) {
  for (uint8_t packet_type = 0; packet_type <= 4; ++packet_type) {
    const Side side = packet_type == 4 ? Side::kSent : Side::kReceived;
    const auto v1 = Datagram(PacketBuilder().LinuxCooked(packet_type).Vlan(7));
    const Decoding cooked = DecodeWithPrefixes(v1, LinkType::kLinuxCooked);
    ExpectDecoded(cooked);
    EXPECT_EQ(cooked.packet.side, side);

    const auto v2 = Datagram(PacketBuilder().LinuxCookedV2(packet_type));
    const Decoding cooked_v2 = DecodeWithPrefixes(v2, LinkType::kLinuxCookedV2);
    ExpectDecoded(cooked_v2);
    EXPECT_EQ(cooked_v2.packet.side, side);
  }
}

TEST_P(LinkLayer, PrefersTheSideThatTheSourceStated) {
  const auto packet = Datagram(PacketBuilder().LinuxCooked(4));
  PacketView view = testing::ViewOf(packet, LinkType::kLinuxCooked);
  view.side = Side::kReceived;
  DecodedPacket decoded;
  ASSERT_EQ(Decode(view, decoded), Refusal::kNone);
  EXPECT_EQ(decoded.side, Side::kReceived);
}

TEST_P(LinkLayer, ReadsRawIp) {
  ExpectDecoded(DecodeWithPrefixes(Datagram(PacketBuilder()), LinkType::kRawIp));
}

TEST_P(LinkLayer, ReadsBsdFamiliesOfEverySystem) {
  for (const uint32_t family :
       GetParam() == 4 ? std::vector<uint32_t>{2} : std::vector<uint32_t>{24, 28, 30, 10}) {
    const auto little = Datagram(PacketBuilder().BsdNull(family)),
               big = Datagram(PacketBuilder().BsdLoop(family));
    ExpectDecoded(DecodeWithPrefixes(little, LinkType::kBsdNull));
    ExpectDecoded(DecodeWithPrefixes(big, LinkType::kBsdNull));
    ExpectDecoded(DecodeWithPrefixes(big, LinkType::kBsdLoop));
    EXPECT_EQ(DecodeWithPrefixes(little, LinkType::kBsdLoop).refusal, Refusal::kNotIp);
  }
}

TEST_P(LinkLayer, RefusesAVersionThatWasNotAnnounced) {
  const uint16_t other_type = GetParam() == 4 ? 0x86dd : 0x0800;
  EXPECT_EQ(DecodeWithPrefixes(Datagram(PacketBuilder().Ethernet().Next(other_type))).refusal,
            Refusal::kNetworkMalformed);
}

TEST(LinkLayerWithoutIp, IsNamed) {
  const auto arp = PacketBuilder().Ethernet().Next(0x0806).Payload(46).Build();
  EXPECT_EQ(DecodeWithPrefixes(arp).refusal, Refusal::kNotIp);
  const auto spanning_tree = PacketBuilder().Ethernet().Next(38).Raw({0x42, 0x42, 3}).Payload(43).Build();
  EXPECT_EQ(DecodeWithPrefixes(spanning_tree).refusal, Refusal::kNotIp);
  const auto cisco_snap =
      PacketBuilder().Ethernet().Next(38).Raw({0xaa, 0xaa, 3, 0, 0, 0xc, 0x20, 0}).Build();
  EXPECT_EQ(DecodeWithPrefixes(cisco_snap).refusal, Refusal::kNotIp);
  const auto nothing = std::vector<uint8_t>();
  EXPECT_EQ(DecodeWithPrefixes(nothing).refusal, Refusal::kLinkMalformed);
}

TEST(LinkLayerWithoutIp, IsNotMistakenInCookedCaptures) {
  // Of a netlink device (hardware type 824) the protocol field is a netlink family.
  const auto netlink = PacketBuilder()
                           .LinuxCooked(4)
                           .Overwrite(2, {0x03, 0x38})
                           .Ipv4("192.0.2.1", "198.51.100.2")
                           .Udp(1, 2)
                           .Build();
  EXPECT_EQ(DecodeWithPrefixes(netlink, LinkType::kLinuxCooked).refusal, Refusal::kNotIp);
  // Protocol 1 is an 802.3 frame without LLC.
  const auto novell = PacketBuilder().LinuxCooked(0).Next(1).Payload(40).Build();
  EXPECT_EQ(DecodeWithPrefixes(novell, LinkType::kLinuxCooked).refusal, Refusal::kNotIp);
}

TEST(LinkLayerWithoutIp, EndsWhereItsLengthSays) {
  const auto packet =
      PacketBuilder().Ethernet().Next(2).Raw({0xaa, 0xaa, 3, 0, 0, 0, 8, 0}).Payload(40).Build();
  EXPECT_EQ(DecodeWithPrefixes(packet).refusal, Refusal::kLinkMalformed);
}

TEST_P(LinkLayer, TellsALinkTypeThatIsNotReadFromAFrameWithoutIp) {
  const auto packet = WithIp(PacketBuilder().Ethernet(), GetParam()).Udp(1, 2).Build();
  EXPECT_EQ(DecodeWithPrefixes(packet, LinkType::kUnsupported).refusal, Refusal::kLinkUnsupported);
  EXPECT_EQ(DecodeWithPrefixes(packet, LinkType::kNotIp).refusal, Refusal::kNotIp);
}

}  // namespace
}  // namespace kansoku::collector
