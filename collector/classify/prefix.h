// SPDX-License-Identifier: Apache-2.0
//
// An address range as operators write it: 192.0.2.0/24, 2001:db8::/32. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "collector/decode/ip_address.h"

namespace kansoku::collector {

// A value. Host bits are zero. An IPv4 range is kept as its mapped range, so its length is 96 more than
// written; the families stay apart all the same: ::/0 holds no IPv4 address.
struct Prefix {
  IpAddress address;
  uint8_t length = 0;  // 0..128

  constexpr bool is_ipv4() const { return address.is_ipv4() && length >= 96; }
  constexpr IpAddress first() const { return address; }
  constexpr IpAddress last() const {
    const IpAddress mask = Mask();
    return {address.high | ~mask.high, address.low | ~mask.low};
  }
  constexpr bool Contains(const Prefix& inner) const {
    return is_ipv4() == inner.is_ipv4() && first() <= inner.first() && inner.last() <= last();
  }
  // Ones where the range fixes the address.
  constexpr IpAddress Mask() const {
    if (length == 0) return {0, 0};
    if (length <= 64) return {~uint64_t{0} << (64 - length), 0};
    return {~uint64_t{0}, ~uint64_t{0} << (128 - length)};
  }

  friend constexpr bool operator==(const Prefix&, const Prefix&) = default;
};

// INVALID_ARGUMENT says what is wrong and, where host bits are set, which range was probably meant. Mapped
// IPv4 (::ffff:192.0.2.0/120) is refused: such ranges are written as IPv4.
absl::StatusOr<Prefix> ParsePrefix(std::string_view text);

// As ParsePrefix reads it; IPv6 as RFC 5952 spells it.
std::string ToString(const Prefix& prefix);

// RFC 5952; mapped addresses as IPv4.
std::string ToString(const IpAddress& address);

}  // namespace kansoku::collector
