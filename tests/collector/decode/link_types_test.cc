// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/collector/decode/decoding.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;

// Captures that begin with something else than Ethernet, in front of IPv4 and IPv6.
class LinkTypes : public ::testing::TestWithParam<int> {
 protected:
  static std::vector<uint8_t> Datagram(const PacketBuilder& link) {
    return WithIp(link, GetParam()).Udp(40000, 443).Payload(3).Build();
  }
  static void ExpectDecoded(const PacketBuilder& link, LinkType link_type,
                            Encapsulation encapsulation = Encapsulation::kNative) {
    const Decoding decoding = DecodeWithPrefixes(Datagram(link), link_type);
    ASSERT_EQ(decoding.refusal, Refusal::kNone);
    EXPECT_EQ(decoding.packet.ip_version, GetParam());
    EXPECT_EQ(decoding.packet.ip_octets, (GetParam() == 4 ? 20u : 40u) + 8u + 3u);
    EXPECT_EQ(decoding.packet.source_port, 40000);
    EXPECT_EQ(decoding.packet.encapsulation, encapsulation);
    EXPECT_EQ(decoding.packet.remarks, 0);
  }
  static Refusal RefusalOf(const PacketBuilder& link, LinkType link_type) {
    return DecodeWithPrefixes(Datagram(link), link_type).refusal;
  }
  static uint8_t Family() { return GetParam() == 4 ? 2 : 10; }
  static uint8_t Nlpid() { return GetParam() == 4 ? 0xcc : 0x8e; }
  static uint8_t PppProtocol() { return GetParam() == 4 ? 0x21 : 0x57; }
};
INSTANTIATE_TEST_SUITE_P(Ip, LinkTypes, ::testing::Values(4, 6), IpVersionName);

TEST_P(LinkTypes, ReadPppWithAndWithoutFraming) {
  ExpectDecoded(PacketBuilder().Ppp(), LinkType::kPpp);
  ExpectDecoded(PacketBuilder().Raw({0, PppProtocol()}), LinkType::kPpp);
  ExpectDecoded(PacketBuilder().Raw({PppProtocol()}), LinkType::kPpp);
  ExpectDecoded(PacketBuilder().Ppp().Mpls(16).Mpls(17), LinkType::kPpp, Encapsulation::kMpls);
  EXPECT_EQ(RefusalOf(PacketBuilder().Raw({0xff, 0x04, 0, PppProtocol()}), LinkType::kPpp), Refusal::kNotIp);
  EXPECT_EQ(RefusalOf(PacketBuilder().Raw({0xc0, 0x21}), LinkType::kPpp), Refusal::kNotIp);
}

TEST_P(LinkTypes, ReadHdlcFramingOfPppAndOfCisco) {
  ExpectDecoded(PacketBuilder().Ppp(), LinkType::kPppHdlc);
  ExpectDecoded(PacketBuilder().CiscoHdlc(), LinkType::kPppHdlc);
  ExpectDecoded(PacketBuilder().CiscoHdlc().Overwrite(0, {0x8f}), LinkType::kPppHdlc);
}

TEST_P(LinkTypes, ReadCiscoHdlc) {
  ExpectDecoded(PacketBuilder().CiscoHdlc(), LinkType::kCiscoHdlc);
  ExpectDecoded(PacketBuilder().CiscoHdlc().Mpls(16), LinkType::kCiscoHdlc, Encapsulation::kMpls);
  // A keepalive, and a number that Ethernet would take for a length.
  EXPECT_EQ(RefusalOf(PacketBuilder().CiscoHdlc().Next(0x8035), LinkType::kCiscoHdlc), Refusal::kNotIp);
  EXPECT_EQ(RefusalOf(PacketBuilder().CiscoHdlc().Next(40), LinkType::kCiscoHdlc), Refusal::kNotIp);
}

TEST_P(LinkTypes, ReadPppoeSessions) {
  ExpectDecoded(PacketBuilder().Pppoe(), LinkType::kPppoeSession, Encapsulation::kPppoe);
  EXPECT_EQ(RefusalOf(PacketBuilder().Pppoe().Overwrite(1, {9}), LinkType::kPppoeSession),
            Refusal::kLinkMalformed);
}

TEST_P(LinkTypes, ReadFrameRelay) {
  ExpectDecoded(PacketBuilder().FrameRelay(Nlpid()), LinkType::kFrameRelay);
  ExpectDecoded(PacketBuilder().CiscoFrameRelay(), LinkType::kFrameRelay);
  ExpectDecoded(PacketBuilder().FrameRelay(0).Raw({Nlpid()}), LinkType::kFrameRelay);
  ExpectDecoded(PacketBuilder().FrameRelay(0xcf).Raw({0, PppProtocol()}), LinkType::kFrameRelay);
}

TEST_P(LinkTypes, ReadFrameRelayWithSnap) {
  const uint8_t high = GetParam() == 4 ? 0x08 : 0x86, low = GetParam() == 4 ? 0x00 : 0xdd;
  ExpectDecoded(PacketBuilder().FrameRelay(0).Raw({0x80, 0, 0, 0, high, low}), LinkType::kFrameRelay);
  for (const uint8_t bridged : std::vector<uint8_t>{1, 7}) {
    ExpectDecoded(PacketBuilder().FrameRelay(0).Raw({0x80, 0, 0x80, 0xc2, 0, bridged}).Ethernet(),
                  LinkType::kFrameRelay);
  }
  EXPECT_EQ(RefusalOf(PacketBuilder().FrameRelay(0).Raw({0x80, 0, 0x80, 0xc2, 0, 2}), LinkType::kFrameRelay),
            Refusal::kNotIp);
}

TEST_P(LinkTypes, ReadLongFrameRelayAddresses) {
  ExpectDecoded(PacketBuilder().Raw({0x18, 0x40, 0x01, 3, Nlpid()}), LinkType::kFrameRelay);
  ExpectDecoded(PacketBuilder().Raw({0x18, 0x40, 0x02, 0x01, 3, Nlpid()}), LinkType::kFrameRelay);
  EXPECT_EQ(RefusalOf(PacketBuilder().Raw({0x18, 0x40, 0x02, 0x02, 3, Nlpid()}), LinkType::kFrameRelay),
            Refusal::kLinkMalformed);
  EXPECT_EQ(RefusalOf(PacketBuilder().Raw({0x19, 0x41, 3, Nlpid()}), LinkType::kFrameRelay),
            Refusal::kLinkMalformed);
}

TEST_P(LinkTypes, ReadNflogOfEitherByteOrder) {
  ExpectDecoded(PacketBuilder().Nflog(Family()), LinkType::kNflog);
  ExpectDecoded(PacketBuilder().Nflog(Family(), true), LinkType::kNflog);
  EXPECT_EQ(RefusalOf(PacketBuilder().Nflog(7), LinkType::kNflog), Refusal::kNotIp);
}

TEST_P(LinkTypes, ReadNoNflogWithoutAPacket) {
  const auto impossible = PacketBuilder().Raw({Family(), 0, 0, 0, 3, 0, 10, 0, 0, 0, 0, 0}).Build();
  EXPECT_EQ(DecodeWithPrefixes(impossible, LinkType::kNflog).refusal, Refusal::kLinkMalformed);
  const auto empty = PacketBuilder().Raw({Family(), 0, 0, 0, 8, 0, 4, 0, 0, 0, 0, 2}).Build();
  EXPECT_EQ(DecodeWithPrefixes(empty, LinkType::kNflog).refusal, Refusal::kLinkMalformed);
  PacketBuilder endless = PacketBuilder().Raw({Family(), 0, 0, 0});
  for (int i = 0; i < 64; ++i) endless.Raw({4, 0, 4, 0});
  EXPECT_EQ(DecodeWithPrefixes(endless.Raw({4, 0, 9, 0}).Build(), LinkType::kNflog).refusal,
            Refusal::kLinkTooDeep);
}

TEST_P(LinkTypes, EndPaddingWithThePayloadOfNflog) {
  std::vector<uint8_t> packet = Datagram(PacketBuilder().Nflog(Family()));
  packet.insert(packet.end(), 4, 0xff);
  const Decoding decoding = DecodeWithPrefixes(packet, LinkType::kNflog);
  ASSERT_EQ(decoding.refusal, Refusal::kNone);
  EXPECT_EQ(decoding.packet.remarks, 0);
}

TEST_P(LinkTypes, EndWhereThePayloadOfNflogEnds) {
  const uint8_t payload_octets = GetParam() == 4 ? 20 + 2 : 40 + 2;
  const auto packet =
      Datagram(PacketBuilder().Nflog(Family()).Overwrite(20, {static_cast<uint8_t>(4 + payload_octets), 0}));
  const Decoding decoding = DecodeWithPrefixes(packet, LinkType::kNflog);
  ASSERT_EQ(decoding.refusal, Refusal::kNone);
  EXPECT_EQ(decoding.packet.source_port, 0);
  EXPECT_EQ(decoding.packet.remarks, kRemarkLengthBeyondFrame | kRemarkTransportMalformed);
}

TEST_P(LinkTypes, CrossCiscoMetaData) {
  ExpectDecoded(PacketBuilder()
                    .Ethernet()
                    .Next(0x8909)
                    .Raw({1, 1, 0, 1, 0, 7})
                    .Raw({static_cast<uint8_t>(GetParam() == 4 ? 0x08 : 0x86),
                          static_cast<uint8_t>(GetParam() == 4 ? 0x00 : 0xdd)}),
                LinkType::kEthernet);
}

TEST(LinkTypesOfNothing, RefuseEveryFrameWithoutOctets) {
  for (int type = 0; type <= static_cast<int>(LinkType::kNflog); ++type) {
    PacketView frame = testing::ViewOf({}, static_cast<LinkType>(type));
    const bool is_raw = frame.link_type == LinkType::kRawIp;
    DecodedPacket decoded;
    EXPECT_EQ(Decode(frame, decoded), is_raw ? Refusal::kNetworkMalformed : Refusal::kLinkMalformed);
    frame.wire_octets = 1500;
    EXPECT_EQ(Decode(frame, decoded), is_raw ? Refusal::kNetworkShort : Refusal::kLinkShort);
  }
}

}  // namespace
}  // namespace kansoku::collector
