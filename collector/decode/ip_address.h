// SPDX-License-Identifier: Apache-2.0
//
// An address of either family. It lives in the collector only: what leaves it are flow records at most, for
// operators who ask for them, with addresses permuted.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>

namespace kansoku::collector {

// 128 bits in host order; IPv4 is ::ffff:a.b.c.d (RFC 4291 2.5.5.2). A value.
struct IpAddress {
  uint64_t high = 0;
  uint64_t low = 0;

  static constexpr uint64_t kIpv4Mapped = 0x0000'ffff'0000'0000;
  static constexpr IpAddress Ipv4(uint32_t host_order) { return {0, kIpv4Mapped | host_order}; }

  // 16 octets in network byte order.
  static constexpr IpAddress FromOctets(std::span<const uint8_t, 16> octets) {
    IpAddress address;
    for (size_t i = 0; i < 8; ++i) {
      address.high = address.high << 8 | octets[i];
      address.low = address.low << 8 | octets[8 + i];
    }
    return address;
  }

  constexpr bool is_ipv4() const { return (high | ((low >> 32) ^ 0xffff)) == 0; }  // without a branch
  constexpr uint32_t ipv4() const { return static_cast<uint32_t>(low); }

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

}  // namespace kansoku::collector
