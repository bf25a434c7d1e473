// SPDX-License-Identifier: Apache-2.0
#include "collector/classify/darknet_class.h"

#include <gtest/gtest.h>

#include <set>

namespace kansoku::collector {
namespace {

v1::DarknetClass TcpClass(uint8_t ip_version, int flags) {
  return DarknetClassOf({.ip_version = ip_version,
                         .protocol = kProtocolTcp,
                         .tcp_flags = static_cast<uint8_t>(flags),
                         .has_tcp_flags = true});
}
v1::DarknetClass UdpClass(uint8_t ip_version, uint16_t source_port, uint16_t destination_port) {
  return DarknetClassOf({.source_port = source_port,
                         .destination_port = destination_port,
                         .ip_version = ip_version,
                         .protocol = kProtocolUdp});
}
v1::DarknetClass IcmpClass(uint8_t ip_version, int type) {
  return DarknetClassOf({.ip_version = ip_version,
                         .protocol = ip_version == 4 ? kProtocolIcmp : kProtocolIcmpv6,
                         .icmp_type = static_cast<uint8_t>(type),
                         .has_icmp = true});
}

class DarknetClass : public ::testing::TestWithParam<uint8_t> {};

TEST_P(DarknetClass, OfAllTcpFlags) {
  for (int flags = 0; flags < 256; ++flags) {
    SCOPED_TRACE(flags);
    const int six = flags & 0x3f;
    const bool syn = six & kTcpSyn, ack = six & kTcpAck, rst = six & kTcpRst;
    const v1::DarknetClass expected = syn && ack       ? v1::DARKNET_CLASS_BACKSCATTER_SYN_ACK
                                      : rst            ? v1::DARKNET_CLASS_BACKSCATTER_RST
                                      : six == kTcpSyn ? v1::DARKNET_CLASS_TCP_SYN
                                      : six == kTcpAck ? v1::DARKNET_CLASS_TCP_ACK
                                      : six == kTcpFin ? v1::DARKNET_CLASS_TCP_FIN
                                      : six == 0       ? v1::DARKNET_CLASS_TCP_NULL
                                      : six == (kTcpFin | kTcpPsh | kTcpUrg) ? v1::DARKNET_CLASS_TCP_XMAS
                                                                             : v1::DARKNET_CLASS_TCP_OTHER;
    EXPECT_EQ(TcpClass(GetParam(), flags), expected);
  }
}

TEST_P(DarknetClass, OfTcpIgnoresTheCongestionBits) {
  EXPECT_EQ(TcpClass(GetParam(), kTcpSyn | kTcpEce | kTcpCwr), v1::DARKNET_CLASS_TCP_SYN);
  EXPECT_EQ(TcpClass(GetParam(), kTcpCwr), v1::DARKNET_CLASS_TCP_NULL);
}

TEST_P(DarknetClass, OfUdpDependsOnWhoAnswers) {
  EXPECT_EQ(UdpClass(GetParam(), 53, 1024), v1::DARKNET_CLASS_UDP_RESPONSE);
  EXPECT_EQ(UdpClass(GetParam(), 53, 1023), v1::DARKNET_CLASS_UDP_PROBE);
  EXPECT_EQ(UdpClass(GetParam(), 54, 1024), v1::DARKNET_CLASS_UDP_PROBE);
  EXPECT_EQ(UdpClass(GetParam(), 40000, 53), v1::DARKNET_CLASS_UDP_PROBE);
  for (const int port : {53, 123, 161, 389, 1900, 11211}) {
    EXPECT_EQ(UdpClass(GetParam(), static_cast<uint16_t>(port), 65535), v1::DARKNET_CLASS_UDP_RESPONSE)
        << port;
  }
}

TEST_P(DarknetClass, OfUnreadableHeadersIsMalformed) {
  const uint8_t version = GetParam();
  EXPECT_EQ(DarknetClassOf({.ip_version = version, .protocol = kProtocolTcp}), v1::DARKNET_CLASS_MALFORMED);
  EXPECT_EQ(
      DarknetClassOf({.ip_version = version, .protocol = version == 4 ? kProtocolIcmp : kProtocolIcmpv6}),
      v1::DARKNET_CLASS_MALFORMED);
  for (const uint8_t remark : {kRemarkTransportShort, kRemarkTransportMalformed}) {
    EXPECT_EQ(DarknetClassOf({.ip_version = version, .protocol = kProtocolUdp, .remarks = remark}),
              v1::DARKNET_CLASS_MALFORMED);
  }
  for (const uint8_t remark : {kRemarkExtensionsShort, kRemarkExtensionsMalformed}) {
    EXPECT_EQ(DarknetClassOf({.ip_version = version, .protocol = 99, .remarks = remark}),
              v1::DARKNET_CLASS_MALFORMED);
  }
}

TEST_P(DarknetClass, OfAShortUdpHeaderWithPortsIsKnown) {
  EXPECT_EQ(DarknetClassOf({.source_port = 53,
                            .destination_port = 4000,
                            .ip_version = GetParam(),
                            .protocol = kProtocolUdp,
                            .remarks = kRemarkTransportShort}),
            v1::DARKNET_CLASS_UDP_RESPONSE);
}

TEST_P(DarknetClass, OfALaterFragmentIsFragmentWhateverItsProtocol) {
  for (const uint8_t protocol : {kProtocolTcp, kProtocolUdp, kProtocolIcmp, kProtocolIcmpv6, uint8_t{99}}) {
    EXPECT_EQ(DarknetClassOf({.ip_version = GetParam(),
                              .protocol = protocol,
                              .is_fragment = true,
                              .remarks = kRemarkLaterFragment}),
              v1::DARKNET_CLASS_FRAGMENT);
  }
}

TEST_P(DarknetClass, OfAFirstFragmentIsItsTransports) {
  EXPECT_EQ(DarknetClassOf({.source_port = 1,
                            .destination_port = 2,
                            .ip_version = GetParam(),
                            .protocol = kProtocolUdp,
                            .is_fragment = true}),
            v1::DARKNET_CLASS_UDP_PROBE);
}

TEST_P(DarknetClass, OfOtherProtocols) {
  const uint8_t foreign_icmp = GetParam() == 4 ? kProtocolIcmpv6 : kProtocolIcmp;
  for (const uint8_t protocol : {kProtocolSctp, kProtocolUdpLite, uint8_t{47}, uint8_t{0}, foreign_icmp}) {
    EXPECT_EQ(DarknetClassOf({.ip_version = GetParam(), .protocol = protocol}),
              v1::DARKNET_CLASS_PROTOCOL_OTHER)
        << int{protocol};
  }
}

TEST_P(DarknetClass, IsNeverUnspecified) {
  for (int protocol = 0; protocol < 256; ++protocol) {
    for (int remarks = 0; remarks < 64; ++remarks) {
      EXPECT_NE(DarknetClassOf({.ip_version = GetParam(),
                                .protocol = static_cast<uint8_t>(protocol),
                                .remarks = static_cast<uint8_t>(remarks)}),
                v1::DARKNET_CLASS_UNSPECIFIED);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Families, DarknetClass, ::testing::Values(uint8_t{4}, uint8_t{6}),
                         [](const auto& version) { return "Ipv" + std::to_string(version.param); });

void ExpectIcmpClasses(uint8_t ip_version, const std::set<int>& requests, const std::set<int>& backscatter) {
  for (int type = 0; type < 256; ++type) {
    EXPECT_EQ(IcmpClass(ip_version, type), requests.contains(type)      ? v1::DARKNET_CLASS_ICMP_REQUEST
                                           : backscatter.contains(type) ? v1::DARKNET_CLASS_BACKSCATTER_ICMP
                                                                        : v1::DARKNET_CLASS_ICMP_OTHER)
        << type;
  }
}

TEST(DarknetClassIcmp, OfAllIpv4Types) {
  ExpectIcmpClasses(4, {8, 10, 13, 15, 17}, {0, 3, 4, 5, 11, 12, 14, 16, 18});
}
TEST(DarknetClassIcmp, OfAllIpv6Types) { ExpectIcmpClasses(6, {128, 133, 139}, {1, 2, 3, 4, 129, 137, 140}); }

}  // namespace
}  // namespace kansoku::collector
