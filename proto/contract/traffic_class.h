// SPDX-License-Identifier: Apache-2.0
//
// The class a packet is counted under, as one integer: what the hot path compares and maps are keyed by.
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>

#include "kansoku/v1/report.pb.h"

namespace kansoku {

// A value. Ordered as its message's fields are: group first, transport last. Any thread.
class TrafficClass {
 public:
  constexpr TrafficClass() = default;
  explicit TrafficClass(const v1::TrafficClass& message);

  constexpr TrafficClass& Set(v1::Group v) { return Put(kGroup, static_cast<uint32_t>(v)); }
  constexpr TrafficClass& Set(v1::Access v) { return Put(kAccess, static_cast<uint32_t>(v)); }
  constexpr TrafficClass& Set(v1::Technology v) { return Put(kTechnology, static_cast<uint32_t>(v)); }
  constexpr TrafficClass& Set(v1::Direction v) { return Put(kDirection, static_cast<uint32_t>(v)); }
  constexpr TrafficClass& Set(v1::Family v) { return Put(kFamily, static_cast<uint32_t>(v)); }
  constexpr TrafficClass& Set(v1::Carrier v) { return Put(kCarrier, static_cast<uint32_t>(v)); }
  constexpr TrafficClass& Set(v1::Transport v) { return Put(kTransport, static_cast<uint32_t>(v)); }

  // Fields at zero are left out of the message.
  v1::TrafficClass ToMessage() const;

  // 32 bits: eight for the carrier, four for each other dimension.
  constexpr uint32_t bits() const { return bits_; }

  // All bits of the dimensions that `only` has set to something other than zero.
  static constexpr uint32_t MaskOfSetFields(TrafficClass only) {
    uint32_t mask = 0;
    for (const uint32_t field : kMasks) {
      if ((only.bits_ & field) != 0) mask |= field;
    }
    return mask;
  }
  constexpr bool Matches(TrafficClass only) const { return (bits_ & MaskOfSetFields(only)) == only.bits_; }

  // Only the dimensions whose masks were put together.
  constexpr TrafficClass Keep(uint32_t mask) const {
    TrafficClass kept;
    kept.bits_ = bits_ & mask;
    return kept;
  }

  friend constexpr auto operator<=>(TrafficClass, TrafficClass) = default;

  // All bits of each dimension.
  static constexpr uint32_t kTransport = 0x0000000f, kCarrier = 0x00000ff0, kFamily = 0x0000f000,
                            kDirection = 0x000f0000, kTechnology = 0x00f00000, kAccess = 0x0f000000,
                            kGroup = 0xf0000000;

 private:
  static constexpr std::array<uint32_t, 7> kMasks = {kTransport,  kCarrier, kFamily, kDirection,
                                                     kTechnology, kAccess,  kGroup};

  constexpr TrafficClass& Put(uint32_t mask, uint32_t value) {
    bits_ = (bits_ & ~mask) | (value << std::countr_zero(mask) & mask);
    return *this;
  }
  constexpr uint32_t Get(uint32_t mask) const { return (bits_ & mask) >> std::countr_zero(mask); }

  uint32_t bits_ = 0;
};

// False if a field holds a number outside of its enum: such a class cannot become a TrafficClass.
bool IsKnownTrafficClass(const v1::TrafficClass& message);

}  // namespace kansoku
