// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/quoted_packet.h"

#include "collector/decode/wire_cursor.h"

namespace kansoku::collector {
namespace {

constexpr size_t kIpv4Octets = 20, kIpv6Octets = 40;

// Destination unreachable, source quench, redirect, time exceeded, parameter problem; of ICMPv6 the errors
// below 128 that are assigned.
bool IsError(const DecodedPacket& packet) {
  const uint8_t type = packet.icmp_type;
  if (packet.ip_version == 6) return type >= 1 && type <= 4;
  return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

std::optional<QuotedPacket> ReadIpv4(const WireCursor& in) {
  const auto header = in.Peek<kIpv4Octets>();
  if (!header || Big8<0>(*header) >> 4 != 4) return std::nullopt;
  return QuotedPacket{IpAddress::Ipv4(Big32<12>(*header)), IpAddress::Ipv4(Big32<16>(*header))};
}

std::optional<QuotedPacket> ReadIpv6(const WireCursor& in) {
  const auto header = in.Peek<kIpv6Octets>();
  if (!header || Big8<0>(*header) >> 4 != 6) return std::nullopt;
  return QuotedPacket{{Big64<8>(*header), Big64<16>(*header)}, {Big64<24>(*header), Big64<32>(*header)}};
}

}  // namespace

std::optional<QuotedPacket> PacketQuotedBy(std::span<const uint8_t> frame, const DecodedPacket& error) {
  if (!error.has_icmp || !IsError(error) || error.quote_at == 0 || error.quote_at > frame.size())
    return std::nullopt;
  const std::span<const uint8_t> quote = frame.subspan(error.quote_at);
  const WireCursor in(quote, quote.size());
  return error.ip_version == 4 ? ReadIpv4(in) : ReadIpv6(in);
}

}  // namespace kansoku::collector
