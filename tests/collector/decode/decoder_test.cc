// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/decoder.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/collector/decode/decoding.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;

TEST(Decoder, PassesOnWhatTheCaptureKnows) {
  const auto packet = PacketBuilder().Ethernet().Ipv4("192.0.2.1", "198.51.100.2").Udp(1, 2).Build();
  PacketView view = testing::ViewOf(packet);
  view.wire_octets = 1514;
  view.captured_unix_ns = 1'700'000'000'123'456'789;
  view.side = Side::kSent;
  DecodedPacket decoded;
  ASSERT_EQ(Decode(view, decoded), Refusal::kNone);
  EXPECT_EQ(decoded.wire_octets, 1514u);
  EXPECT_EQ(decoded.captured_unix_ns, 1'700'000'000'123'456'789);
  EXPECT_EQ(decoded.side, Side::kSent);
}

TEST(Decoder, LeavesNothingBehindOfThePacketBefore) {
  const auto first = PacketBuilder()
                         .Ethernet()
                         .Pppoe()
                         .Ipv4("192.0.2.1", "198.51.100.2", {.more_fragments = true})
                         .Tcp(1, 2, 0xff)
                         .Build();
  const auto second = PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Next(59).Build();
  DecodedPacket decoded;
  ASSERT_EQ(Decode(testing::ViewOf(first), decoded), Refusal::kNone);
  ASSERT_EQ(Decode(testing::ViewOf(second), decoded), Refusal::kNone);
  EXPECT_EQ(decoded.source_port, 0);
  EXPECT_EQ(decoded.tcp_flags, 0);
  EXPECT_FALSE(decoded.has_tcp_flags);
  EXPECT_FALSE(decoded.is_fragment);
  EXPECT_EQ(decoded.encapsulation, Encapsulation::kNative);
}

// Flipped octets in every header: sanitizers judge the reads, and each result must be one of the closed set.
TEST(Decoder, SurvivesDamage) {
  std::mt19937 random(1);
  const std::vector<std::vector<uint8_t>> packets = {
      PacketBuilder().Ethernet().Vlan(7).Pppoe().Ipv4("192.0.2.1", "198.51.100.2").Tcp(1, 2, 3).Build(),
      PacketBuilder()
          .Ethernet()
          .Mpls(16)
          .Mpls(17)
          .Ipv6("2001:db8::1", "2001:db8::2")
          .HopByHop()
          .Fragment(0, true)
          .Udp(1, 2)
          .Build(),
      PacketBuilder()
          .Ethernet()
          .Ipv6("2001:db8::1", "2001:db8::2")
          .Jumbo(66'000)
          .Routing()
          .Icmpv6(1, 2)
          .Build()};
  for (int round = 0; round < 20'000; ++round) {
    std::vector<uint8_t> damaged = packets[random() % packets.size()];
    for (int flips = 0; flips < 3; ++flips)
      damaged[random() % damaged.size()] = static_cast<uint8_t>(random());
    damaged.resize(random() % (damaged.size() + 1));
    PacketView view = testing::ViewOf(damaged, static_cast<LinkType>(random() % 6));
    view.wire_octets += static_cast<uint32_t>(random() % 3);
    DecodedPacket decoded;
    const Refusal refusal = Decode(view, decoded);
    ASSERT_LT(static_cast<size_t>(refusal), kRefusalCount);
    if (refusal == Refusal::kNone) {
      ASSERT_TRUE(decoded.ip_version == 4 || decoded.ip_version == 6);
      ASSERT_GE(decoded.ip_octets, decoded.ip_version == 4 ? 20u : 40u);
      ASSERT_LE(decoded.ip_octets, 65'575u);
    }
  }
}

}  // namespace
}  // namespace kansoku::collector
