// SPDX-License-Identifier: Apache-2.0
#include "collector/classify/soft_flags.h"

#include <gtest/gtest.h>

#include "collector/classify/darknet_class.h"

namespace kansoku::collector {
namespace {

constexpr uint32_t kTarget = 0xcb00'7105;  // 203.0.113.5

// An ordinary SYN, with no flag.
DecodedPacket Syn(uint8_t ip_version = 4) {
  const bool ipv4 = ip_version == 4;
  return {.source = ipv4 ? IpAddress::Ipv4(0xc633'6401) : IpAddress{0x2001'0db8'0000'0001, 1},
          .destination = ipv4 ? IpAddress::Ipv4(kTarget) : IpAddress{0x2001'0db8'dead'0000, 1},
          .source_port = 40'000,
          .destination_port = 23,
          .ip_version = ip_version,
          .hop_limit = 64,
          .protocol = kProtocolTcp,
          .tcp_flags = kTcpSyn,
          .has_tcp_flags = true,
          .tcp_header_octets = 40};
}

// As decoding leaves a header that ends before its ports.
DecodedPacket Short(DecodedPacket packet) {
  packet.source_port = packet.destination_port = 0;
  packet.has_tcp_flags = false;
  packet.remarks = kRemarkTransportShort;
  return packet;
}

int Flags(const DecodedPacket& packet) { return SoftFlagsOf(DarknetClassOf(packet), packet); }

class SoftFlags : public ::testing::TestWithParam<uint8_t> {};

TEST_P(SoftFlags, OfAnOrdinaryPacketAreNone) { EXPECT_EQ(Flags(Syn(GetParam())), 0); }

TEST_P(SoftFlags, TellHopLimitsOf200AndMore) {
  DecodedPacket packet = Syn(GetParam());
  for (int hop_limit = 0; hop_limit < 256; ++hop_limit) {
    packet.hop_limit = static_cast<uint8_t>(hop_limit);
    EXPECT_EQ(Flags(packet), hop_limit >= 200 ? kHighTtl : 0) << hop_limit;
  }
}

TEST_P(SoftFlags, TellWhatIsFromWhereItGoes) {
  DecodedPacket packet = Syn(GetParam());
  packet.source = packet.destination;
  EXPECT_EQ(Flags(packet), kOwnSource);
  packet.source.high ^= uint64_t{1} << 63;
  EXPECT_EQ(Flags(packet), 0) << "all of the address counts";
}

TEST_P(SoftFlags, TellPort0OfEitherEndOfTcpAndUdp) {
  for (const uint8_t protocol : {kProtocolTcp, kProtocolUdp}) {
    DecodedPacket packet = Syn(GetParam());
    packet.protocol = protocol;
    packet.source_port = 0;
    EXPECT_EQ(Flags(packet), kPortZero) << int{protocol};
    packet.destination_port = 0;
    EXPECT_EQ(Flags(packet), kPortZero) << int{protocol};
    packet.source_port = 1;
    EXPECT_EQ(Flags(packet), kPortZero) << int{protocol};
  }
  for (const uint8_t protocol : {kProtocolSctp, kProtocolUdpLite, kProtocolGre}) {
    DecodedPacket packet = Syn(GetParam());
    packet.protocol = protocol;
    packet.source_port = packet.destination_port = 0;
    EXPECT_EQ(Flags(packet), 0) << int{protocol};
  }
}

TEST_P(SoftFlags, DoNotTakePortsForZeroThatNobodyCouldRead) {
  for (const uint8_t protocol : {kProtocolTcp, kProtocolUdp}) {
    DecodedPacket packet = Syn(GetParam());
    packet.protocol = protocol;
    EXPECT_EQ(DarknetClassOf(Short(packet)), v1::DARKNET_CLASS_MALFORMED);
    EXPECT_EQ(Flags(Short(packet)), 0) << int{protocol};
    DecodedPacket later = packet;
    later.source_port = later.destination_port = 0;
    later.is_fragment = true;
    later.remarks = kRemarkLaterFragment;
    EXPECT_EQ(Flags(later), 0) << int{protocol};
    later.remarks = kRemarkExtensionsMalformed;
    EXPECT_EQ(DarknetClassOf(later), v1::DARKNET_CLASS_MALFORMED);
    EXPECT_EQ(Flags(later), 0) << int{protocol};
  }
  DecodedPacket damaged = Short(Syn(GetParam()));
  damaged.source_port = 40'000;
  EXPECT_EQ(Flags(damaged), kPortZero) << "cut behind its ports";
}

TEST_P(SoftFlags, OfWhatIsMalformedOrAFragmentAreThoseOfItsIpHeader) {
  for (const uint16_t remark : {kRemarkTransportShort, kRemarkLaterFragment, kRemarkExtensionsShort}) {
    DecodedPacket packet = Short(Syn(GetParam()));
    packet.remarks = remark;
    packet.hop_limit = 255;
    packet.source = packet.destination;
    EXPECT_EQ(Flags(packet), kHighTtl | kOwnSource) << remark;
  }
}

INSTANTIATE_TEST_SUITE_P(Families, SoftFlags, ::testing::Values(uint8_t{4}, uint8_t{6}),
                         [](const auto& version) { return "Ipv" + std::to_string(version.param); });

TEST(SoftFlagsOfIpv4, TellAddressesThatEndLikeANetworks) {
  DecodedPacket packet = Syn();
  for (uint32_t last = 0; last < 256; ++last) {
    packet.source = IpAddress::Ipv4(0xc633'6400 | last);
    EXPECT_EQ(Flags(packet), last == 0 || last == 255 ? kNetworkSource : 0) << last;
  }
  packet.source = packet.destination = IpAddress::Ipv4(0xcb00'7100);
  packet.hop_limit = 255;
  packet.destination_port = 0;
  EXPECT_EQ(Flags(packet), kHighTtl | kNetworkSource | kOwnSource | kPortZero) << "a packet may have several";
}

TEST(SoftFlagsOfIpv6, KnowNoNetworkAddresses) {
  DecodedPacket packet = Syn(6);
  for (const uint64_t last : {uint64_t{0}, uint64_t{255}}) {
    packet.source.low = last;
    EXPECT_EQ(Flags(packet), 0) << last;
  }
}

// It sends all of its SYNs with 255.
TEST(SoftFlagsOfIpv4, LeaveOutMasscanWhereTheHopLimitIsHigh) {
  DecodedPacket masscan = Syn();
  masscan.hop_limit = 238;
  masscan.tcp_sequence = 0x89ab'cdef;
  masscan.identification = 0x7105 ^ 23 ^ 0xcdef;
  masscan.tcp_window = 1024;
  masscan.tcp_header_octets = 20;
  EXPECT_EQ(Flags(masscan), 0);
  masscan.source = IpAddress::Ipv4(0xc633'64ff);
  EXPECT_EQ(Flags(masscan), kNetworkSource) << "of the hop limit alone";
  DecodedPacket other = masscan;
  ++other.identification;
  EXPECT_EQ(Flags(other), kHighTtl | kNetworkSource);
  masscan.tcp_flags = kTcpSyn | kTcpAck;
  EXPECT_EQ(Flags(masscan), kHighTtl | kNetworkSource) << "only SYNs carry the mark";
}

}  // namespace
}  // namespace kansoku::collector
