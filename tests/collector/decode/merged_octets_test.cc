// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/merged_octets.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/collector/decode/decoding.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;

// Of a frame that stands for so many packets, at both layers.
struct Octets {
  uint32_t outer;
  uint32_t inner;
};

class MergedOctets : public ::testing::TestWithParam<int> {
 protected:
  static uint32_t IpOctets() { return GetParam() == 4 ? 20 : 40; }
  static PacketBuilder Ip() { return WithIp(PacketBuilder().Ethernet(), GetParam()); }
  static PacketBuilder Inner(const PacketBuilder& outside) { return WithInnerIp(outside, GetParam()); }
  // Three segments of 1000 octets and one of 500, with the headers of one.
  static std::vector<uint8_t> FourSegments(PacketBuilder headers) {
    return headers.Tcp(40000, 443, kTcpAck).Payload(3500).Build();
  }

  static Octets OctetsOf(const std::vector<uint8_t>& frame, uint16_t wire_packets) {
    PacketView view = testing::ViewOf(frame);
    view.wire_packets = wire_packets;
    DecodedPacket inner, outer;
    EXPECT_EQ(Decode(view, inner, {.layer = Layer::kInner}), Refusal::kNone);
    EXPECT_EQ(Decode(view, outer, {.layer = Layer::kOuter}), Refusal::kNone);
    EXPECT_EQ(inner.ip_octets, inner.inner_ip_octets);
    EXPECT_EQ(outer.ip_octets, outer.outer_ip_octets);
    EXPECT_EQ(inner.outer_ip_octets, outer.outer_ip_octets);
    EXPECT_EQ(inner.inner_ip_octets, outer.inner_ip_octets);
    return {inner.outer_ip_octets, inner.inner_ip_octets};
  }
};
INSTANTIATE_TEST_SUITE_P(Ip, MergedOctets, ::testing::Values(4, 6), IpVersionName);

TEST_P(MergedOctets, OfAPlainPacketHaveTheHeadersOfEach) {
  const Octets octets = OctetsOf(FourSegments(Ip()), 4);
  EXPECT_EQ(octets.outer, 3500 + 4 * (IpOctets() + 20));
  EXPECT_EQ(octets.inner, octets.outer);
}

TEST_P(MergedOctets, OfIpInIpHaveNoOuterHeaderInside) {
  const Octets octets = OctetsOf(FourSegments(Inner(Ip())), 4);
  EXPECT_EQ(octets.outer, 3500 + 4 * (2 * IpOctets() + 20));
  EXPECT_EQ(octets.inner, 3500 + 4 * (IpOctets() + 20));
}

TEST_P(MergedOctets, OfVxlanHaveNoOuterHeadersInside) {
  const Octets octets = OctetsOf(FourSegments(Inner(Ip().Udp(50000, 4789).Vxlan().Ethernet().Vlan(7))), 4);
  EXPECT_EQ(octets.outer, 3500 + 4 * (IpOctets() + 8 + 8 + 14 + 4 + IpOctets() + 20));
  EXPECT_EQ(octets.inner, 3500 + 4 * (IpOctets() + 20));
}

// Datagrams of GTP-U are merged whole: each but the first has its tunnel and inner header in the payload.
TEST_P(MergedOctets, OfDatagramsHaveTheInnerPacketsOfEach) {
  const uint32_t inner = IpOctets() + 8 + 100, last = IpOctets() + 8 + 40;
  const uint8_t stated = static_cast<uint8_t>(GetParam() == 4 ? inner : inner - 40);
  PacketBuilder frame = Ip().Udp(2152, 2152).Gtpu().Overwrite(2, {0, static_cast<uint8_t>(inner)});
  frame = Inner(frame).Overwrite(GetParam() == 4 ? 2 : 4, {0, stated});
  frame.Udp(7, 8).Payload(100).Payload(2 * (8 + inner) + 8 + last);
  const Octets octets = OctetsOf(frame.Build(), 4);
  EXPECT_EQ(octets.outer, 4 * (IpOctets() + 8 + 8) + 3 * inner + last);
  EXPECT_EQ(octets.inner, 3 * inner + last);
}

TEST_P(MergedOctets, AreThoseStatedWhereTheHeadersOfEachCannotBeRead) {
  const std::vector<uint8_t> whole = FourSegments(Inner(Ip().Udp(50000, 4789).Vxlan().Ethernet()));
  PacketView cut = testing::Cut(testing::ViewOf(whole), 14 + IpOctets() + 8 + 8 + 14 + IpOctets() + 4);
  cut.wire_packets = 4;
  DecodedPacket packet;
  ASSERT_EQ(Decode(cut, packet), Refusal::kNone);
  EXPECT_EQ(packet.header_octets, 0);
  EXPECT_EQ(packet.outer_ip_octets, whole.size() - 14);
  EXPECT_EQ(packet.inner_ip_octets, IpOctets() + 20 + 3500);
}

TEST(SumMergedOctets, GivesNoLessThanTheHeaderStates) {
  DecodedPacket packet{.wire_octets = 100,
                       .ip_octets = 30,
                       .outer_ip_octets = 86,
                       .inner_ip_octets = 30,
                       .wire_packets = 50,
                       .header_octets = 42};
  SumMergedOctets(14, 70, Layer::kInner, packet);
  EXPECT_EQ(packet.outer_ip_octets, 100u + 49 * 42 - 50 * 14);
  EXPECT_EQ(packet.inner_ip_octets, 30u);
  EXPECT_EQ(packet.ip_octets, 30u);
}

TEST(SumMergedOctets, EndsAtTheLargestNumber) {
  constexpr uint32_t kMost = std::numeric_limits<uint32_t>::max();
  DecodedPacket packet{.wire_octets = kMost, .wire_packets = 65535, .header_octets = 65535};
  SumMergedOctets(0, 0, Layer::kOuter, packet);
  EXPECT_EQ(packet.ip_octets, kMost);
  EXPECT_EQ(packet.outer_ip_octets, kMost);
}

}  // namespace
}  // namespace kansoku::collector
