// SPDX-License-Identifier: Apache-2.0
//
// The class a packet is counted under, as one integer: what the hot path compares and maps are keyed by.
#pragma once

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

  // 28 bits, four for each dimension.
  constexpr uint32_t bits() const { return bits_; }
  static constexpr TrafficClass FromBits(uint32_t bits) {
    TrafficClass traffic_class;
    traffic_class.bits_ = bits;
    return traffic_class;
  }

  // All bits of the dimensions that `only` has set to something other than zero.
  static constexpr uint32_t MaskOfSetFields(TrafficClass only) {
    uint32_t mask = 0;
    for (int shift = 0; shift < 28; shift += kWidth) {
      if ((only.bits_ >> shift & 0xf) != 0) mask |= 0xfu << shift;
    }
    return mask;
  }
  constexpr bool Matches(TrafficClass only) const { return (bits_ & MaskOfSetFields(only)) == only.bits_; }

  // Only the dimensions whose fields are 0xf in the mask.
  constexpr TrafficClass Keep(uint32_t mask) const {
    TrafficClass kept;
    kept.bits_ = bits_ & mask;
    return kept;
  }

  friend constexpr auto operator<=>(TrafficClass, TrafficClass) = default;

  // Bit positions, for masks: `0xfu << TrafficClass::kAccess`.
  static constexpr int kWidth = 4;
  static constexpr int kTransport = 0, kCarrier = 4, kFamily = 8, kDirection = 12, kTechnology = 16,
                       kAccess = 20, kGroup = 24;

 private:
  constexpr TrafficClass& Put(int shift, uint32_t value) {
    bits_ = (bits_ & ~(0xfu << shift)) | (value & 0xf) << shift;
    return *this;
  }
  constexpr uint32_t Get(int shift) const { return bits_ >> shift & 0xf; }

  uint32_t bits_ = 0;
};

// False if a field holds a number outside of its enum: such a class cannot become a TrafficClass.
bool IsKnownTrafficClass(const v1::TrafficClass& message);

}  // namespace kansoku
