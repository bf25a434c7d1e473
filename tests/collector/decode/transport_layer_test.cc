// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/transport_layer.h"

#include <gtest/gtest.h>

#include "tests/collector/decode/decoding.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;

class TransportLayer : public ::testing::TestWithParam<int> {
 protected:
  static PacketBuilder Ip() { return WithIp(PacketBuilder().Ethernet(), GetParam()); }
  static size_t TransportAt() { return GetParam() == 4 ? 14 + 20 : 14 + 40; }

  static DecodedPacket Decoded(const PacketView& view) {
    DecodedPacket decoded;
    EXPECT_EQ(Decode(view, decoded), Refusal::kNone);
    return decoded;
  }
  static void ExpectPorts(const DecodedPacket& packet, uint8_t protocol) {
    EXPECT_EQ(packet.protocol, protocol);
    EXPECT_EQ(packet.source_port, 1000);
    EXPECT_EQ(packet.destination_port, 2000);
    EXPECT_EQ(packet.remarks, 0);
  }
};
INSTANTIATE_TEST_SUITE_P(Ip, TransportLayer, ::testing::Values(4, 6), IpVersionName);

TEST_P(TransportLayer, ReadsPorts) {
  ExpectPorts(DecodeWithPrefixes(Ip().Tcp(1000, 2000, kTcpAck).Payload(9).Build()).packet, kProtocolTcp);
  ExpectPorts(DecodeWithPrefixes(Ip().Udp(1000, 2000).Payload(9).Build()).packet, kProtocolUdp);
  ExpectPorts(DecodeWithPrefixes(Ip().UdpLite(1000, 2000).Payload(9).Build()).packet, kProtocolUdpLite);
  ExpectPorts(DecodeWithPrefixes(Ip().Sctp(1000, 2000).Payload(9).Build()).packet, kProtocolSctp);
}

TEST_P(TransportLayer, ReadsTcpFlags) {
  for (const uint8_t flags :
       {kTcpSyn, uint8_t{kTcpSyn | kTcpAck}, uint8_t{kTcpFin | kTcpUrg | kTcpPsh}, uint8_t{0xff}}) {
    const DecodedPacket packet = DecodeWithPrefixes(Ip().Tcp(1000, 2000, flags).Build()).packet;
    EXPECT_TRUE(packet.has_tcp_flags);
    EXPECT_EQ(packet.tcp_flags, flags);
  }
}

TEST_P(TransportLayer, ReadsTcpSequenceAndPayload) {
  const DecodedPacket plain =
      DecodeWithPrefixes(Ip().Tcp(1, 2, kTcpAck, 0xfedc'ba98).Payload(77).Build()).packet;
  EXPECT_EQ(plain.tcp_sequence, 0xfedc'ba98u);
  EXPECT_EQ(plain.tcp_payload_octets, 77u);

  // Twelve octets of options. The padding of a short frame is no payload.
  std::vector<uint8_t> options =
      Ip().Tcp(1, 2, kTcpAck).Overwrite(12, {0x80}).Payload(12, 1).Payload(5).Build();
  options.insert(options.end(), 6, 0);
  const DecodedPacket with_options = DecodeWithPrefixes(options).packet;
  EXPECT_EQ(with_options.tcp_payload_octets, 5u);
  EXPECT_EQ(with_options.header_octets, TransportAt() + 32);

  const DecodedPacket impossible =
      DecodeWithPrefixes(Ip().Tcp(1, 2, kTcpAck).Overwrite(12, {0xf0}).Build()).packet;
  EXPECT_EQ(impossible.tcp_payload_octets, 0u);
}

TEST_P(TransportLayer, KnowsThePayloadOfACutPacket) {
  const auto packet = Ip().Tcp(1, 2, kTcpAck).Payload(1400).Build();
  const DecodedPacket cut = Decoded(testing::Cut(testing::ViewOf(packet), TransportAt() + 14));
  EXPECT_EQ(cut.tcp_payload_octets, 1400u);
  EXPECT_EQ(cut.header_octets, TransportAt() + 20);
}

TEST_P(TransportLayer, ReadsTcpWindowAndHeaderLength) {
  const auto packet =
      Ip().Tcp(1, 2, kTcpSyn).Overwrite(12, {0x80}).Overwrite(14, {0xfe, 0xdc}).Payload(12, 1).Build();
  const DecodedPacket whole = Decoded(testing::ViewOf(packet));
  EXPECT_EQ(whole.tcp_window, 0xfedc);
  EXPECT_EQ(whole.tcp_header_octets, 32);

  // The flags are all that is known of a header that was cut before its window.
  const DecodedPacket cut = Decoded(testing::Cut(testing::ViewOf(packet), TransportAt() + 15));
  EXPECT_TRUE(cut.has_tcp_flags);
  EXPECT_EQ(cut.tcp_window, 0);
  EXPECT_EQ(cut.tcp_header_octets, 32);
  EXPECT_EQ(cut.remarks, 0);

  const DecodedPacket udp = Decoded(testing::ViewOf(Ip().Udp(1, 2).Payload(12, 0xff).Build()));
  EXPECT_EQ(udp.tcp_window, 0);
  EXPECT_EQ(udp.tcp_header_octets, 0);
}

TEST_P(TransportLayer, KeepsThePortsOfACutTcpHeader) {
  const auto packet = Ip().Tcp(1000, 2000, kTcpSyn).Build();
  PacketView view = testing::Cut(testing::ViewOf(packet), TransportAt() + 13);
  const DecodedPacket cut = Decoded(view);
  EXPECT_FALSE(cut.has_tcp_flags);
  EXPECT_EQ(cut.source_port, 1000);
  EXPECT_EQ(cut.remarks, kRemarkTransportShort);

  view.wire_octets = static_cast<uint32_t>(view.bytes.size());
  EXPECT_EQ(Decoded(view).remarks, kRemarkTransportMalformed | kRemarkLengthBeyondFrame);
}

TEST_P(TransportLayer, DoesNotBelieveFlagsOfAnImpossibleTcpHeader) {
  const Decoding decoding = DecodeWithPrefixes(Ip().Tcp(1000, 2000, kTcpSyn).Overwrite(12, {0x40}).Build());
  EXPECT_FALSE(decoding.packet.has_tcp_flags);
  EXPECT_EQ(decoding.packet.source_port, 1000);
  EXPECT_EQ(decoding.packet.remarks, kRemarkTransportMalformed);
}

TEST_P(TransportLayer, ReadsNoHalfPorts) {
  const auto packet = Ip().Udp(1000, 2000).Build();
  const DecodedPacket cut = Decoded(testing::Cut(testing::ViewOf(packet), TransportAt() + 3));
  EXPECT_EQ(cut.source_port, 0);
  EXPECT_EQ(cut.destination_port, 0);
  EXPECT_EQ(cut.remarks, kRemarkTransportShort);
}

TEST_P(TransportLayer, ReadsIcmpTypeAndCode) {
  const Decoding icmp = DecodeWithPrefixes(Ip().Icmp(3, 13).Payload(20).Build());
  EXPECT_TRUE(icmp.packet.has_icmp);
  EXPECT_EQ(icmp.packet.icmp_type, 3);
  EXPECT_EQ(icmp.packet.icmp_code, 13);
  EXPECT_EQ(icmp.packet.source_port, 0);

  const Decoding icmpv6 = DecodeWithPrefixes(Ip().Icmpv6(1, 4).Payload(20).Build());
  EXPECT_TRUE(icmpv6.packet.has_icmp);
  EXPECT_EQ(icmpv6.packet.icmp_type, 1);
  EXPECT_EQ(icmpv6.packet.icmp_code, 4);
}

TEST_P(TransportLayer, RemarksAnIcmpHeaderThatIsNotThere) {
  const Decoding decoding = DecodeWithPrefixes(Ip().Next(kProtocolIcmp).Raw({3}).Build());
  EXPECT_FALSE(decoding.packet.has_icmp);
  EXPECT_EQ(decoding.packet.remarks, kRemarkTransportMalformed);
}

TEST_P(TransportLayer, HasNothingToReadOfOtherProtocols) {
  const Decoding decoding = DecodeWithPrefixes(Ip().Next(46).Payload(1).Build());
  ASSERT_EQ(decoding.refusal, Refusal::kNone);
  EXPECT_EQ(decoding.packet.protocol, 46);
  EXPECT_EQ(decoding.packet.remarks, 0);
}

}  // namespace
}  // namespace kansoku::collector
