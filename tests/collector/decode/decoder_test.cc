// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/decoder.h"

#include <gtest/gtest.h>

#include <random>
#include <tuple>

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

// A packet that differs in every field, whatever lay in the DecodedPacket before.
TEST(Decoder, SetsEveryField) {
  const auto tunnelled = WithInnerIp(WithIp(PacketBuilder().Ethernet(), 6).SegmentRouting(), 4);
  const std::vector<std::vector<uint8_t>> packets = {
      PacketBuilder(tunnelled).Tcp(1, 2, 0xff).Payload(9).Build(),
      PacketBuilder(tunnelled).Icmp(8, 1).Build(),
      PacketBuilder(tunnelled).Esp(7).Build(),
      WithIp(PacketBuilder().Ethernet(), 6).Fragment(0, true).Udp(3, 4).Build(),
      WithIp(PacketBuilder().Ethernet().Pppoe(), 4).Udp(3, 2152).Gtpu({0x85}).Build(),
      WithIp(PacketBuilder().Ethernet(), 4).Next(89).Build()};
  const auto fields = [](const DecodedPacket& p) {
    return std::tuple(
        std::tuple(p.source, p.destination, p.captured_unix_ns, p.wire_octets, p.ip_octets, p.outer_ip_octets,
                   p.inner_ip_octets, p.identification, p.tcp_sequence, p.tcp_payload_octets, p.source_port,
                   p.destination_port),
        std::tuple(p.wire_packets, p.header_octets, p.remarks, p.ip_version, p.protocol, p.tcp_flags,
                   p.icmp_type, p.icmp_code, p.has_tcp_flags, p.has_icmp, p.is_fragment, p.encapsulation,
                   p.sealed, p.side, p.ip_headers, p.segment_routed, p.tcp_header_octets, p.tcp_window));
  };
  for (const Layer layer : {Layer::kInner, Layer::kOuter}) {
    for (const auto& before : packets) {
      for (const auto& after : packets) {
        DecodedPacket fresh, used;
        ASSERT_EQ(Decode(testing::ViewOf(before), used, {.layer = layer}), Refusal::kNone);
        ASSERT_EQ(Decode(testing::ViewOf(after), used, {.layer = layer}), Refusal::kNone);
        ASSERT_EQ(Decode(testing::ViewOf(after), fresh, {.layer = layer}), Refusal::kNone);
        EXPECT_TRUE(fields(used) == fields(fresh));
      }
    }
  }
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
          .Build(),
      PacketBuilder()
          .Ethernet()
          .Ipv4("192.0.2.1", "198.51.100.2")
          .Gre({.checksum = true, .key = true, .sequence = true})
          .ErspanV2()
          .Ethernet()
          .Ipv4("192.0.2.3", "192.0.2.4")
          .Udp(1, 2152)
          .Gtpu({0x85, 0xc0}, true)
          .Ipv6("2001:db8::1", "2001:db8::2")
          .SegmentRouting()
          .Ethernet()
          .Ipv4("192.0.2.5", "192.0.2.6")
          .Tcp(1, 2, 3)
          .Build(),
      PacketBuilder()
          .Ethernet()
          .Ipv6("2001:db8::1", "2001:db8::2")
          .Udp(6081, 1)
          .Geneve(8)
          .Ethernet()
          .Ipv6("2001:db8::3", "2001:db8::4")
          .Udp(1, 1701)
          .L2tp({.length = true, .sequence = true, .offset_octets = 4})
          .Ppp()
          .Ipv4("192.0.2.5", "192.0.2.6")
          .Udp(3544, 1)
          .TeredoAuthentication()
          .TeredoOrigin()
          .Ipv6("2001:db8::5", "2001:db8::6")
          .Udp(1, 2)
          .Build(),
      PacketBuilder().Nflog(2).Ipv4("192.0.2.1", "198.51.100.2").Pptp(true).Ppp().Mpls(3).Build(),
      PacketBuilder().FrameRelay(0).Raw({0x80, 0, 0x80, 0xc2, 0, 7}).Ethernet().Next(0x8909).Build()};
  for (int round = 0; round < 100'000; ++round) {
    std::vector<uint8_t> damaged = packets[random() % packets.size()];
    for (int flips = 0; flips < 3; ++flips)
      damaged[random() % damaged.size()] = static_cast<uint8_t>(random());
    damaged.resize(random() % (damaged.size() + 1));
    PacketView view =
        testing::ViewOf(damaged, static_cast<LinkType>(random() % (static_cast<int>(LinkType::kNflog) + 1)));
    if (random() % 2 == 0) view.link_type = LinkType::kEthernet;
    view.wire_octets += static_cast<uint32_t>(random() % 3);
    DecodedPacket decoded;
    const Layer layer = random() % 2 == 0 ? Layer::kInner : Layer::kOuter;
    const Refusal refusal = Decode(view, decoded, {.layer = layer});
    ASSERT_LT(static_cast<size_t>(refusal), kRefusalCount);
    if (refusal == Refusal::kNone) {
      ASSERT_TRUE(decoded.ip_version == 4 || decoded.ip_version == 6);
      ASSERT_GE(decoded.ip_octets, decoded.ip_version == 4 ? 20u : 40u);
      ASSERT_LE(decoded.ip_octets, 65'575u);
      ASSERT_GE(decoded.ip_headers, 1);
      ASSERT_LE(decoded.ip_headers, 6);
      ASSERT_EQ(layer == Layer::kInner ? decoded.inner_ip_octets : decoded.outer_ip_octets,
                decoded.ip_octets);
      ASSERT_LE(decoded.header_octets, view.wire_octets + 60);
    }
  }
}

}  // namespace
}  // namespace kansoku::collector
