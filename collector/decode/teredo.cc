// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/tunnel_headers.h"

namespace kansoku::collector {
namespace {

// RFC 4380 section 5.1.1: an authentication and an origin indication, in this order, may come before IPv6.
constexpr uint16_t kAuthentication = 0x0001, kOrigin = 0x0000;
constexpr size_t kTypeOctets = 2;
constexpr size_t kAuthenticationOctets = 4, kNonceAndConfirmationOctets = 9;
constexpr size_t kOriginOctets = 8;

// The indication's type, or the first octets of IPv6.
std::optional<uint16_t> PeekType(const WireCursor& in) {
  const auto type = in.Peek<kTypeOctets>();
  if (!type) return std::nullopt;
  return Big16<0>(*type);
}

}  // namespace

NextHeader ReadTeredo(WireCursor& in) {
  std::optional<uint16_t> type = PeekType(in);
  if (type == kAuthentication) {
    const auto header = in.Take<kAuthenticationOctets>();
    if (!header) return Missing(in, kAuthenticationOctets);
    const size_t rest = size_t{Big8<2>(*header)} + Big8<3>(*header) + kNonceAndConfirmationOctets;
    if (!in.Skip(rest)) return Missing(in, rest);
    type = PeekType(in);
  }
  if (type == kOrigin) {
    if (!in.Skip(kOriginOctets)) return Missing(in, kOriginOctets);
    type = PeekType(in);
  }
  if (!type) return MissingFirst(in, kTypeOctets);
  return *type >> 12 == 6 ? EtherType(kTypeIpv6) : NotIp();
}

}  // namespace kansoku::collector
