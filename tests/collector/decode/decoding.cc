// SPDX-License-Identifier: Apache-2.0
#include "tests/collector/decode/decoding.h"

#include <vector>

namespace kansoku::collector {
namespace {

constexpr uint8_t kShortRemarks = kRemarkTransportShort | kRemarkExtensionsShort;
constexpr uint8_t kMalformedRemarks =
    kRemarkTransportMalformed | kRemarkExtensionsMalformed | kRemarkLengthBeyondFrame;

void ExpectSameHeader(const DecodedPacket& prefix, const DecodedPacket& whole) {
  EXPECT_EQ(prefix.source, whole.source);
  EXPECT_EQ(prefix.destination, whole.destination);
  EXPECT_EQ(prefix.ip_version, whole.ip_version);
  EXPECT_EQ(prefix.encapsulation, whole.encapsulation);
  EXPECT_EQ(prefix.side, whole.side);
  EXPECT_TRUE(prefix.source_port == 0 || prefix.source_port == whole.source_port);
  EXPECT_TRUE(!prefix.has_tcp_flags || prefix.tcp_flags == whole.tcp_flags);
  EXPECT_TRUE(!prefix.has_icmp || prefix.icmp_type == whole.icmp_type);
}

}  // namespace

Decoding DecodeWithPrefixes(std::span<const uint8_t> packet, LinkType link_type) {
  Decoding whole;
  whole.refusal = Decode(testing::ViewOf(packet, link_type), whole.packet);
  for (size_t octets = 0; octets < packet.size(); ++octets) {
    SCOPED_TRACE("prefix of " + std::to_string(octets) + " octets");
    const std::vector<uint8_t> copy(packet.begin(), packet.begin() + static_cast<ptrdiff_t>(octets));
    PacketView prefix = testing::ViewOf(copy, link_type);
    DecodedPacket decoded;

    const Refusal as_frame = Decode(prefix, decoded);
    EXPECT_NE(as_frame, Refusal::kLinkShort);
    EXPECT_NE(as_frame, Refusal::kNetworkShort);
    if (as_frame == Refusal::kNone) {
      EXPECT_EQ(decoded.remarks & kShortRemarks, 0);
      ExpectSameHeader(decoded, whole.packet);
    }

    prefix.wire_octets = static_cast<uint32_t>(packet.size());
    const Refusal as_cut = Decode(prefix, decoded);
    if (as_cut == Refusal::kNone) {
      EXPECT_EQ(decoded.remarks & kMalformedRemarks & ~whole.packet.remarks, 0);
      ExpectSameHeader(decoded, whole.packet);
    } else if (as_cut != whole.refusal) {
      EXPECT_TRUE(as_cut == Refusal::kLinkShort || as_cut == Refusal::kNetworkShort)
          << "refusal " << static_cast<int>(as_cut);
    }
  }
  return whole;
}

testing::PacketBuilder WithIp(testing::PacketBuilder builder, int ip_version) {
  return ip_version == 4 ? builder.Ipv4("192.0.2.1", "198.51.100.2")
                         : builder.Ipv6("2001:db8::1", "2001:db8:ffff::2");
}

}  // namespace kansoku::collector
