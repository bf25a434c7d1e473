// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace kansoku::collector {

// How far one subscriber has reached into dark addresses: two different ones, or that it scans. Addresses are
// known by 32 bits of a keyed hash. A value of eight octets; adding may be done any number of times in any
// order.
class DarkReach {
 public:
  DarkReach() = default;  // nowhere

  // To one dark address.
  static DarkReach To(uint32_t hash) {
    DarkReach reach;
    reach.first_ = hash % kScans;
    if (reach.first_ == kNone) reach.first_ = 1;
    return reach;
  }
  // Of a scanner, told by something else than how many addresses it reached.
  static DarkReach OfScanner() {
    DarkReach reach;
    reach.second_ = kScans;
    return reach;
  }

  // Whether it reached three different addresses, or was told to be a scanner's.
  bool scans() const { return second_ == kScans; }

  void Add(DarkReach other) {
    if (other.scans()) second_ = kScans;
    if (scans()) return;
    AddAddress(other.first_);
    AddAddress(other.second_);
  }

 private:
  static constexpr uint32_t kNone = 0, kScans = ~uint32_t{0};

  void AddAddress(uint32_t address) {
    if (address == kNone || address == first_ || address == second_) return;
    if (first_ == kNone) {
      first_ = address;
    } else {
      second_ = second_ == kNone ? address : kScans;
    }
  }

  uint32_t first_ = kNone;
  uint32_t second_ = kNone;
};

}  // namespace kansoku::collector
