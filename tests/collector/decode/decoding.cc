// SPDX-License-Identifier: Apache-2.0
#include "tests/collector/decode/decoding.h"

#include <vector>

namespace kansoku::collector {
namespace {

constexpr uint16_t kShortRemarks = kRemarkTransportShort | kRemarkExtensionsShort | kRemarkTunnelShort;
constexpr uint16_t kMalformedRemarks = kRemarkTransportMalformed | kRemarkExtensionsMalformed |
                                       kRemarkLengthBeyondFrame | kRemarkTunnelMalformed;

void ExpectSameHeader(const DecodedPacket& prefix, const DecodedPacket& whole) {
  EXPECT_EQ(prefix.source, whole.source);
  EXPECT_EQ(prefix.destination, whole.destination);
  EXPECT_EQ(prefix.ip_version, whole.ip_version);
  EXPECT_EQ(prefix.encapsulation, whole.encapsulation);
  EXPECT_EQ(prefix.side, whole.side);
  EXPECT_TRUE(prefix.source_port == 0 || prefix.source_port == whole.source_port);
  EXPECT_TRUE(!prefix.has_tcp_flags || prefix.tcp_flags == whole.tcp_flags);
  EXPECT_TRUE(!prefix.has_icmp || prefix.icmp_type == whole.icmp_type);
  EXPECT_TRUE(prefix.sealed == Sealed::kNo || prefix.sealed == whole.sealed);
}

// The same, or one that is further out because what is behind it was cut.
void ExpectNoOtherHeader(const DecodedPacket& prefix, const DecodedPacket& whole) {
  EXPECT_LE(prefix.ip_headers, whole.ip_headers);
  if (prefix.ip_headers == whole.ip_headers) ExpectSameHeader(prefix, whole);
}

// Decodes the layer of `options`, and expects the other one to agree.
Refusal DecodeBothLayers(const PacketView& packet, DecodedPacket& out, DecodeOptions options) {
  const Refusal refusal = Decode(packet, out, options);
  const bool is_inner = options.layer == Layer::kInner;
  options.layer = is_inner ? Layer::kOuter : Layer::kInner;
  DecodedPacket other;
  EXPECT_EQ(Decode(packet, other, options), refusal);
  if (refusal != Refusal::kNone) return refusal;
  EXPECT_EQ(out.outer_ip_octets, other.outer_ip_octets);
  EXPECT_EQ(out.inner_ip_octets, other.inner_ip_octets);
  EXPECT_EQ(out.ip_headers, other.ip_headers);
  EXPECT_EQ(out.header_octets, other.header_octets);
  EXPECT_EQ((is_inner ? out : other).ip_octets, out.inner_ip_octets);
  EXPECT_EQ((is_inner ? other : out).ip_octets, out.outer_ip_octets);
  return refusal;
}

}  // namespace

Decoding DecodeWithPrefixes(std::span<const uint8_t> packet, LinkType link_type,
                            const DecodeOptions& options) {
  Decoding whole;
  whole.refusal = DecodeBothLayers(testing::ViewOf(packet, link_type), whole.packet, options);
  for (size_t octets = 0; octets < packet.size(); ++octets) {
    SCOPED_TRACE("prefix of " + std::to_string(octets) + " octets");
    const std::vector<uint8_t> copy(packet.begin(), packet.begin() + static_cast<ptrdiff_t>(octets));
    PacketView prefix = testing::ViewOf(copy, link_type);
    DecodedPacket decoded;

    const Refusal as_frame = DecodeBothLayers(prefix, decoded, options);
    EXPECT_NE(as_frame, Refusal::kLinkShort);
    EXPECT_NE(as_frame, Refusal::kNetworkShort);
    if (as_frame == Refusal::kNone) {
      EXPECT_EQ(decoded.remarks & kShortRemarks, 0);
      ExpectNoOtherHeader(decoded, whole.packet);
    }

    prefix.wire_octets = static_cast<uint32_t>(packet.size());
    const Refusal as_cut = DecodeBothLayers(prefix, decoded, options);
    if (as_cut == Refusal::kNone) {
      EXPECT_EQ(decoded.remarks & kMalformedRemarks & ~whole.packet.remarks, 0);
      ExpectNoOtherHeader(decoded, whole.packet);
      EXPECT_TRUE(decoded.ip_headers == whole.packet.ip_headers || (decoded.remarks & kShortRemarks) != 0);
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

testing::PacketBuilder WithInnerIp(testing::PacketBuilder builder, int ip_version) {
  return ip_version == 4 ? builder.Ipv4("203.0.113.1", "203.0.113.2")
                         : builder.Ipv6("2001:db8:1::1", "2001:db8:1::2");
}

}  // namespace kansoku::collector
