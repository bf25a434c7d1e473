// SPDX-License-Identifier: Apache-2.0
//
// Addresses and ranges of them, in host order.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace kansoku::generator {

enum class Family : uint8_t { kIpv4, kIpv6 };

// IPv4 addresses are the low 32 bits. A value.
struct Address {
  uint64_t high = 0;
  uint64_t low = 0;
  Family family = Family::kIpv4;

  static constexpr Address Ipv4(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
    return {0, a << 24 | b << 16 | c << 8 | d, Family::kIpv4};
  }
  static constexpr Address Ipv6(uint64_t high, uint64_t low = 0) { return {high, low, Family::kIpv6}; }

  friend constexpr auto operator<=>(const Address&, const Address&) = default;
};

// `base` has its host bits zero.
struct Prefix {
  Address base;
  uint8_t length = 0;

  // The address number `host` of the range: of IPv6 ranges one in each /64, so that it stays inside.
  constexpr Address At(uint32_t host) const {
    Address address = base;
    if (base.family == Family::kIpv4) {
      address.low += host & (0xffffffffu >> length);
    } else {
      address.high += host & ((uint64_t{1} << (64 - length)) - 1);
      address.low = 1 + host % 251;
    }
    return address;
  }
};

std::string ToText(const Address& address);
std::string ToText(const Prefix& prefix);

}  // namespace kansoku::generator
