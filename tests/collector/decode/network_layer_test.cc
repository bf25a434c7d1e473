// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/network_layer.h"

#include <gtest/gtest.h>

#include "tests/collector/decode/decoding.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;

PacketBuilder Ipv4(const PacketBuilder::Ipv4Fields& fields = {}) {
  return PacketBuilder().Ethernet().Ipv4("192.0.2.1", "198.51.100.2", fields);
}
PacketBuilder Ipv6() { return PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8:ffff::2"); }

TEST(NetworkLayer, ReadsIpv4Addresses) {
  const Decoding decoding = DecodeWithPrefixes(Ipv4().Udp(1, 2).Payload(100).Build());
  ASSERT_EQ(decoding.refusal, Refusal::kNone);
  EXPECT_EQ(decoding.packet.source, IpAddress::Ipv4(0xc0000201));
  EXPECT_EQ(decoding.packet.destination, IpAddress::Ipv4(0xc6336402));
  EXPECT_EQ(decoding.packet.protocol, kProtocolUdp);
  EXPECT_EQ(decoding.packet.ip_octets, 128u);
}

TEST(NetworkLayer, ReadsIpv6Addresses) {
  const Decoding decoding = DecodeWithPrefixes(Ipv6().Udp(1, 2).Payload(100).Build());
  ASSERT_EQ(decoding.refusal, Refusal::kNone);
  EXPECT_EQ(decoding.packet.source, (IpAddress{0x20010db8'00000000, 1}));
  EXPECT_EQ(decoding.packet.destination, (IpAddress{0x20010db8'ffff0000, 2}));
  EXPECT_EQ(decoding.packet.protocol, kProtocolUdp);
  EXPECT_EQ(decoding.packet.ip_octets, 148u);
}

TEST(NetworkLayer, SkipsIpv4Options) {
  for (const size_t octets : {4, 8, 40}) {
    const Decoding decoding = DecodeWithPrefixes(Ipv4({.option_octets = octets}).Udp(1000, 2000).Build());
    ASSERT_EQ(decoding.refusal, Refusal::kNone);
    EXPECT_EQ(decoding.packet.ip_octets, 28 + octets);
    EXPECT_EQ(decoding.packet.source_port, 1000);
    EXPECT_EQ(decoding.packet.destination_port, 2000);
  }
}

TEST(NetworkLayer, CountsAPacketWhoseOptionsWereCut) {
  const auto packet = Ipv4({.option_octets = 40}).Udp(1000, 2000).Build();
  DecodedPacket decoded;
  ASSERT_EQ(Decode(testing::Cut(testing::ViewOf(packet), 14 + 20 + 39), decoded), Refusal::kNone);
  EXPECT_EQ(decoded.remarks, kRemarkExtensionsShort);
  EXPECT_EQ(decoded.ip_octets, 68u);
  EXPECT_EQ(decoded.source_port, 0);
}

TEST(NetworkLayer, RefusesImpossibleIpv4Headers) {
  const auto version = Ipv4().Overwrite(0, {0x55}).Udp(1, 2).Build();
  const auto header_length = Ipv4().Overwrite(0, {0x44}).Udp(1, 2).Build();
  const auto total_length = Ipv4().Overwrite(2, {0, 19}).Udp(1, 2).Build();
  const auto shorter_than_options = Ipv4({.option_octets = 8}).Overwrite(2, {0, 27}).Udp(1, 2).Build();
  for (const auto& packet : {version, header_length, total_length, shorter_than_options}) {
    EXPECT_EQ(DecodeWithPrefixes(packet).refusal, Refusal::kNetworkMalformed);
  }
}

TEST(NetworkLayer, RefusesRawIpOfNoKnownVersion) {
  EXPECT_EQ(DecodeWithPrefixes(PacketBuilder().Payload(60, 0x50).Build(), LinkType::kRawIp).refusal,
            Refusal::kNetworkMalformed);
  EXPECT_EQ(DecodeWithPrefixes({}, LinkType::kRawIp).refusal, Refusal::kNetworkMalformed);
}

TEST(NetworkLayer, TellsAShortHeaderFromAMalformedOne) {
  const auto ipv4 = Ipv4().Udp(1, 2).Build(), ipv6 = Ipv6().Udp(1, 2).Build();
  for (const auto& [packet, octets] : {std::pair(ipv4, 14 + 19), std::pair(ipv6, 14 + 39)}) {
    PacketView view = testing::Cut(testing::ViewOf(packet), octets);
    DecodedPacket decoded;
    EXPECT_EQ(Decode(view, decoded), Refusal::kNetworkShort);
    view.wire_octets = octets;
    EXPECT_EQ(Decode(view, decoded), Refusal::kNetworkMalformed);
  }
}

TEST(NetworkLayer, CountsTheFrameWhereIpv4StatesNoLength) {
  const auto packet = Ipv4().Overwrite(2, {0, 0}).Udp(1000, 2000).Payload(70'000).Build();
  DecodedPacket decoded;
  ASSERT_EQ(Decode(testing::Cut(testing::ViewOf(packet), 256), decoded), Refusal::kNone);
  EXPECT_EQ(decoded.ip_octets, 70'028u);
  EXPECT_EQ(decoded.source_port, 1000);
  EXPECT_EQ(decoded.remarks, 0);
}

TEST(NetworkLayer, TakesOnlyTcpOrMoreThanALengthCanSayForUncut) {
  const Decoding tcp =
      DecodeWithPrefixes(Ipv4().Overwrite(2, {0, 0}).Tcp(1000, 2000, kTcpAck).Payload(6).Build());
  EXPECT_EQ(tcp.refusal, Refusal::kNone);
  EXPECT_EQ(tcp.packet.ip_octets, 20u + 20 + 6);
  EXPECT_EQ(DecodeWithPrefixes(Ipv4().Overwrite(2, {0, 0}).Icmp(8, 0).Payload(6).Build()).refusal,
            Refusal::kNetworkMalformed);
  const auto octets_of = [](PacketBuilder ip, size_t octets) {
    const auto packet = ip.Udp(1000, 2000).Payload(octets).Build();
    DecodedPacket decoded;
    const Refusal refusal = Decode(testing::ViewOf(packet), decoded);
    return refusal == Refusal::kNone ? decoded.ip_octets : 0;
  };
  EXPECT_EQ(octets_of(Ipv4().Overwrite(2, {0, 0}), 65'535 - 28), 0u);
  EXPECT_EQ(octets_of(Ipv4().Overwrite(2, {0, 0}), 65'536 - 28), 65'536u);
  EXPECT_EQ(octets_of(Ipv6().Overwrite(4, {0, 0}), 65'535 - 8), 40u);
  EXPECT_EQ(octets_of(Ipv6().Overwrite(4, {0, 0}), 65'536 - 8), 40u + 65'536);
}

TEST(NetworkLayer, RemarksALengthBeyondTheFrame) {
  const auto ipv4 = Ipv4().Overwrite(2, {0x05, 0xdc}).Udp(1000, 2000).Build();
  const auto ipv6 = Ipv6().Overwrite(4, {0x05, 0xb4}).Udp(1000, 2000).Build();
  for (const auto& packet : {ipv4, ipv6}) {
    const Decoding decoding = DecodeWithPrefixes(packet);
    ASSERT_EQ(decoding.refusal, Refusal::kNone);
    EXPECT_EQ(decoding.packet.ip_octets, 1500u);
    EXPECT_EQ(decoding.packet.remarks, kRemarkLengthBeyondFrame);
    EXPECT_EQ(decoding.packet.source_port, 1000);
  }
}

TEST(NetworkLayer, ReadsPortsOfTheFirstIpv4FragmentOnly) {
  const Decoding first =
      DecodeWithPrefixes(Ipv4({.more_fragments = true}).Udp(1000, 2000).Payload(16).Build());
  ASSERT_EQ(first.refusal, Refusal::kNone);
  EXPECT_TRUE(first.packet.is_fragment);
  EXPECT_EQ(first.packet.source_port, 1000);
  EXPECT_EQ(first.packet.remarks, 0);

  const Decoding last = DecodeWithPrefixes(Ipv4({.fragment_offset = 24}).Udp(1000, 2000).Payload(16).Build());
  ASSERT_EQ(last.refusal, Refusal::kNone);
  EXPECT_TRUE(last.packet.is_fragment);
  EXPECT_EQ(last.packet.source_port, 0);
  EXPECT_EQ(last.packet.protocol, kProtocolUdp);
  EXPECT_EQ(last.packet.remarks, kRemarkLaterFragment);
}

TEST(NetworkLayer, ReadsTheIdentificationOfIpv4) {
  const auto id = [](const PacketBuilder::Ipv4Fields& fields) {
    return DecodeWithPrefixes(Ipv4(fields).Udp(1000, 2000).Payload(16).Build()).packet.identification;
  };
  EXPECT_EQ(id({.more_fragments = true, .identification = 0xabcd}), 0xabcdu);
  EXPECT_EQ(id({.fragment_offset = 8, .identification = 0xabcd}), 0xabcdu);
  EXPECT_EQ(id({.identification = 0xabcd}), 0xabcdu);
}

TEST(NetworkLayer, CountsTheFrameWhereIpv6StatesNoLengthOfBigTcp) {
  const auto big = Ipv6().Overwrite(4, {0, 0}).Tcp(1000, 2000, kTcpAck).Payload(70'000).Build();
  DecodedPacket decoded;
  ASSERT_EQ(Decode(testing::Cut(testing::ViewOf(big), 256), decoded), Refusal::kNone);
  EXPECT_EQ(decoded.ip_octets, 70'060u);
  EXPECT_EQ(decoded.tcp_payload_octets, 70'000u);
  EXPECT_EQ(decoded.remarks, 0);
  // An ordinary frame needs no such trick: there the length is wrong.
  const Decoding small =
      DecodeWithPrefixes(Ipv6().Overwrite(4, {0, 0}).Tcp(1000, 2000, kTcpAck).Payload(6).Build());
  EXPECT_EQ(small.packet.ip_octets, 40u);
  EXPECT_EQ(small.packet.remarks, kRemarkTransportMalformed);
}

TEST(NetworkLayer, EndsWhereTheIpPacketEnds) {
  const auto ipv4 = Ipv4().Overwrite(2, {0, 22}).Udp(1000, 2000).Build();
  const auto ipv6 = Ipv6().Overwrite(4, {0, 2}).Udp(1000, 2000).Build();
  for (const auto& packet : {ipv4, ipv6}) {
    const Decoding decoding = DecodeWithPrefixes(packet);
    ASSERT_EQ(decoding.refusal, Refusal::kNone);
    EXPECT_EQ(decoding.packet.remarks, kRemarkTransportMalformed);
    EXPECT_EQ(decoding.packet.source_port, 0);
  }
}

}  // namespace
}  // namespace kansoku::collector
