// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/extension_headers.h"

#include <gtest/gtest.h>

#include "tests/collector/decode/decoding.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;

PacketBuilder Ipv6() { return PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8:ffff::2"); }

TEST(ExtensionHeaders, AreWalked) {
  const Decoding decoding = DecodeWithPrefixes(Ipv6()
                                                   .HopByHop()
                                                   .DestinationOptions(30)
                                                   .Routing()
                                                   .DestinationOptions()
                                                   .Udp(1000, 2000)
                                                   .Payload(5)
                                                   .Build());
  ASSERT_EQ(decoding.refusal, Refusal::kNone);
  EXPECT_EQ(decoding.packet.protocol, kProtocolUdp);
  EXPECT_EQ(decoding.packet.source_port, 1000);
  EXPECT_EQ(decoding.packet.ip_octets, 40u + 8 + 32 + 8 + 8 + 8 + 5);
  EXPECT_FALSE(decoding.packet.is_fragment);
  EXPECT_EQ(decoding.packet.remarks, 0);
}

TEST(ExtensionHeaders, TellFragments) {
  const Decoding first = DecodeWithPrefixes(Ipv6().Fragment(0, true).Udp(1000, 2000).Payload(8).Build());
  EXPECT_TRUE(first.packet.is_fragment);
  EXPECT_EQ(first.packet.source_port, 1000);

  const Decoding atomic = DecodeWithPrefixes(Ipv6().Fragment(0, false).Udp(1000, 2000).Payload(8).Build());
  EXPECT_TRUE(atomic.packet.is_fragment);
  EXPECT_EQ(atomic.packet.source_port, 1000);

  const Decoding last = DecodeWithPrefixes(Ipv6().HopByHop().Fragment(16, false).Udp(1000, 2000).Build());
  ASSERT_EQ(last.refusal, Refusal::kNone);
  EXPECT_TRUE(last.packet.is_fragment);
  EXPECT_EQ(last.packet.protocol, kProtocolUdp);
  EXPECT_EQ(last.packet.source_port, 0);
  EXPECT_EQ(last.packet.remarks, kRemarkLaterFragment);
  for (const Decoding& fragment : {first, atomic, last})
    EXPECT_EQ(fragment.packet.identification, 0x1234'5678u);
}

TEST(ExtensionHeaders, TellSegmentRouting) {
  const Decoding segments = DecodeWithPrefixes(Ipv6().SegmentRouting().Udp(1000, 2000).Build());
  EXPECT_TRUE(segments.packet.segment_routed);
  EXPECT_EQ(segments.packet.source_port, 1000);
  EXPECT_FALSE(DecodeWithPrefixes(Ipv6().Routing().Udp(1000, 2000).Build()).packet.segment_routed);
}

TEST(ExtensionHeaders, EndAtAnAuthenticationHeader) {
  const Decoding decoding = DecodeWithPrefixes(Ipv6().HopByHop().Next(51).Payload(24).Build());
  ASSERT_EQ(decoding.refusal, Refusal::kNone);
  EXPECT_EQ(decoding.packet.protocol, 51);
  EXPECT_EQ(decoding.packet.remarks, 0);
}

TEST(ExtensionHeaders, DoNotRefuseThePacketWhenCut) {
  const auto packet = Ipv6().DestinationOptions(30).Udp(1000, 2000).Build();
  PacketView view = testing::Cut(testing::ViewOf(packet), 14 + 40 + 31);
  DecodedPacket decoded;
  ASSERT_EQ(Decode(view, decoded), Refusal::kNone);
  EXPECT_EQ(decoded.protocol, kProtocolDestinationOptions);
  EXPECT_EQ(decoded.remarks, kRemarkExtensionsShort);

  view.wire_octets = 14 + 40 + 31;
  ASSERT_EQ(Decode(view, decoded), Refusal::kNone);
  EXPECT_EQ(decoded.remarks, kRemarkExtensionsMalformed | kRemarkLengthBeyondFrame);
}

TEST(ExtensionHeaders, AreBounded) {
  PacketBuilder builder = Ipv6();
  for (int i = 0; i < 15; ++i) builder.DestinationOptions();
  const Decoding most = DecodeWithPrefixes(PacketBuilder(builder).Udp(1000, 2000).Build());
  EXPECT_EQ(most.packet.source_port, 1000);
  EXPECT_EQ(most.packet.remarks, 0);

  const Decoding more =
      DecodeWithPrefixes(builder.DestinationOptions().DestinationOptions().Udp(1, 2).Build());
  ASSERT_EQ(more.refusal, Refusal::kNone);
  EXPECT_EQ(more.packet.remarks, kRemarkExtensionsMalformed);
  EXPECT_EQ(more.packet.source_port, 0);
}

TEST(ExtensionHeaders, StateTheLengthOfAJumbogram) {
  const auto packet = Ipv6().Jumbo(80'000 + 8 + 8).Udp(1000, 2000).Payload(80'000).Build();
  DecodedPacket decoded;
  ASSERT_EQ(Decode(testing::Cut(testing::ViewOf(packet), 256), decoded), Refusal::kNone);
  EXPECT_EQ(decoded.ip_octets, 80'056u);
  EXPECT_EQ(decoded.source_port, 1000);
  EXPECT_EQ(decoded.remarks, 0);
}

TEST(ExtensionHeaders, DoNotBelieveAnImpossibleJumbogram) {
  for (const uint32_t lie : {0u, 65'535u, 0xffff'ffffu}) {
    const Decoding decoding = DecodeWithPrefixes(Ipv6().Jumbo(lie).Udp(1000, 2000).Payload(100).Build());
    ASSERT_EQ(decoding.refusal, Refusal::kNone);
    EXPECT_EQ(decoding.packet.ip_octets, 40u);
    EXPECT_EQ(decoding.packet.remarks, kRemarkExtensionsMalformed);
  }
}

}  // namespace
}  // namespace kansoku::collector
