// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/seal.h"

#include <gtest/gtest.h>

#include "tests/collector/decode/decoding.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;

class Seal : public ::testing::TestWithParam<int> {
 protected:
  static PacketBuilder Ip() { return WithIp(PacketBuilder().Ethernet(), GetParam()); }
  static Sealed SealedOf(const PacketBuilder& builder, const DecodeOptions& options = {}) {
    const Decoding decoding =
        DecodeWithPrefixes(PacketBuilder(builder).Payload(60, 0xee).Build(), LinkType::kEthernet, options);
    EXPECT_EQ(decoding.refusal, Refusal::kNone);
    EXPECT_EQ(decoding.packet.remarks, 0);
    return decoding.packet.sealed;
  }
};
INSTANTIATE_TEST_SUITE_P(Ip, Seal, ::testing::Values(4, 6), IpVersionName);

TEST_P(Seal, NamesEsp) {
  EXPECT_EQ(SealedOf(Ip().Esp(0x1234)), Sealed::kEsp);
  EXPECT_EQ(SealedOf(Ip().Udp(4500, 4500).Raw({0, 0, 0x12, 0x34, 0, 0, 0, 1})), Sealed::kEsp);
  EXPECT_EQ(SealedOf(Ip().Udp(4500, 50000).Raw({0, 0, 0x12, 0x34, 0, 0, 0, 1})), Sealed::kEsp);
}

TEST_P(Seal, NamesEspInEveryFragment) {
  const auto later = [](PacketBuilder builder) {
    return (GetParam() == 4 ? builder.Ipv4("192.0.2.1", "198.51.100.2", {.fragment_offset = 8}).Next(50)
                            : builder.Ipv6("2001:db8::1", "2001:db8::2").Fragment(8, false).Next(50))
        .Payload(40)
        .Build();
  };
  for (const auto& packet : {later(PacketBuilder().Ethernet()), later(Ip().Udp(1, 2152).Gtpu())}) {
    const Decoding decoding = DecodeWithPrefixes(packet);
    EXPECT_EQ(decoding.packet.sealed, Sealed::kEsp);
    EXPECT_EQ(decoding.packet.remarks, kRemarkLaterFragment);
  }
}

TEST_P(Seal, NamesWireguardByItsMessageTypes) {
  for (const uint8_t type : std::vector<uint8_t>{1, 2, 3, 4}) {
    EXPECT_EQ(SealedOf(Ip().Udp(50000, 51820).Raw({type, 0, 0, 0})), Sealed::kWireguard);
    EXPECT_EQ(SealedOf(Ip().Udp(51820, 50000).Raw({type, 0, 0, 0})), Sealed::kWireguard);
  }
  EXPECT_EQ(SealedOf(Ip().Udp(50000, 51820).Raw({0, 0, 0, 0})), Sealed::kNo);
  EXPECT_EQ(SealedOf(Ip().Udp(50000, 51820).Raw({5, 0, 0, 0})), Sealed::kNo);
  EXPECT_EQ(SealedOf(Ip().Udp(50000, 51820).Raw({4, 0, 0, 1})), Sealed::kNo);
  EXPECT_EQ(SealedOf(Ip().Udp(50000, 51821).Raw({4, 0, 0, 0}), {.ports = {.wireguard = 51821}}),
            Sealed::kWireguard);
}

TEST_P(Seal, TellsIkeAndKeepalivesFromEsp) {
  EXPECT_EQ(SealedOf(Ip().Udp(4500, 4500).Raw({0, 0, 0, 0})), Sealed::kNo);
  EXPECT_EQ(DecodeWithPrefixes(Ip().Udp(4500, 4500).Raw({0xff}).Build()).packet.sealed, Sealed::kNo);
  EXPECT_EQ(SealedOf(Ip().Udp(500, 500)), Sealed::kNo);
  EXPECT_EQ(SealedOf(Ip().Tcp(4500, 51820, kTcpAck)), Sealed::kNo);
}

TEST_P(Seal, IsThatOfTheCountedHeader) {
  const PacketBuilder inside = WithInnerIp(Ip().Udp(1, 2152).Gtpu(), GetParam()).Esp(7);
  EXPECT_EQ(SealedOf(inside), Sealed::kEsp);
  EXPECT_EQ(SealedOf(inside, {.layer = Layer::kOuter}), Sealed::kNo);
}

TEST_P(Seal, EndsTheWalk) {
  // The octets of an encrypted payload that happen to look like IP.
  const Decoding decoding = DecodeWithPrefixes(WithInnerIp(Ip().Esp(7), GetParam()).Udp(7, 8).Build());
  EXPECT_EQ(decoding.packet.ip_headers, 1);
  EXPECT_EQ(decoding.packet.sealed, Sealed::kEsp);
}

}  // namespace
}  // namespace kansoku::collector
