// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/quoted_packet.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "collector/decode/decoder.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;

constexpr uint32_t kVictim = 0xc0000207;

std::optional<QuotedPacket> Quoted(const std::vector<uint8_t>& frame, size_t captured_octets = 1000) {
  const PacketView view{.bytes = std::span(frame).first(std::min(frame.size(), captured_octets)),
                        .wire_octets = static_cast<uint32_t>(frame.size())};
  DecodedPacket decoded;
  EXPECT_EQ(Decode(view, decoded), Refusal::kNone);
  return PacketQuotedBy(view.bytes, decoded);
}

// A router's error to 198.51.100.9, as whom somebody sent to the victim.
std::vector<uint8_t> Error(uint8_t type, const std::string& quoted_source = "198.51.100.9") {
  return PacketBuilder()
      .Ethernet()
      .Vlan(7)
      .Ipv4("203.0.113.1", "198.51.100.9")
      .Icmp(type, 1)
      .Ipv4(quoted_source, "192.0.2.7")
      .Tcp(50'000, 80, kTcpSyn)
      .Build();
}

TEST(QuotedPacket, WentToWhomTheErrorIsAbout) {
  for (int type = 0; type < 256; ++type) {
    const bool is_error = type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
    const auto quoted = Quoted(Error(static_cast<uint8_t>(type)));
    ASSERT_EQ(quoted.has_value(), is_error) << type;
    if (is_error) {
      EXPECT_EQ(quoted->source, IpAddress::Ipv4(0xc6336409));
      EXPECT_EQ(quoted->destination, IpAddress::Ipv4(kVictim));
    }
  }
}

TEST(QuotedPacket, IsReadInIpv6Too) {
  const auto error = [](uint8_t type) {
    return PacketBuilder()
        .Ethernet()
        .Ipv6("2001:db8::1", "2001:db8:dead::9")
        .Icmpv6(type, 0)
        .Ipv6("2001:db8:dead::9", "2001:db8:2::7")
        .Udp(1, 2)
        .Build();
  };
  for (int type = 0; type < 256; ++type) {
    const auto quoted = Quoted(error(static_cast<uint8_t>(type)));
    ASSERT_EQ(quoted.has_value(), type >= 1 && type <= 4) << type;
    if (quoted.has_value()) {
      EXPECT_EQ(quoted->source, (IpAddress{0x20010db8dead0000, 9}));
      EXPECT_EQ(quoted->destination, (IpAddress{0x20010db800020000, 7}));
    }
  }
}

TEST(QuotedPacket, MayBeSomebodyElses) {
  const auto quoted = Quoted(Error(3, "198.51.100.8"));
  ASSERT_TRUE(quoted.has_value());
  EXPECT_EQ(quoted->source, IpAddress::Ipv4(0xc6336408));
  EXPECT_EQ(quoted->destination, IpAddress::Ipv4(kVictim));
}

TEST(QuotedPacket, IsNothingOfAnotherFamilyOrWhereNoErrorIs) {
  EXPECT_FALSE(Quoted(PacketBuilder()
                          .Ethernet()
                          .Ipv4("203.0.113.1", "198.51.100.9")
                          .Icmp(3, 1)
                          .Ipv6("2001:db8::1", "2001:db8::2")
                          .Udp(1, 2)
                          .Build())
                   .has_value());
  EXPECT_FALSE(
      Quoted(PacketBuilder().Ethernet().Ipv4("203.0.113.1", "198.51.100.9").Udp(1, 2).Payload(60).Build())
          .has_value());
}

TEST(QuotedPacket, IsNothingWhereTheQuoteIsCutOff) {
  const std::vector<uint8_t> frame = Error(3);
  constexpr size_t kBefore = 14 + 4 + 20 + 8;
  for (size_t octets = kBefore - 8 + 2; octets <= frame.size(); ++octets)
    ASSERT_EQ(Quoted(frame, octets).has_value(), octets >= kBefore + 20) << octets;
}

}  // namespace
}  // namespace kansoku::collector
