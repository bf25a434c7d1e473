// SPDX-License-Identifier: Apache-2.0
//
// Random numbers that are the same on every machine: integers only, no distribution of the standard library.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace kansoku::generator {

// xoshiro256**, seeded by splitmix64 (Blackman and Vigna). A value; not for secrets.
class Random {
 public:
  explicit Random(uint64_t seed) {
    for (uint64_t& word : state_) {
      seed += 0x9e3779b97f4a7c15;
      uint64_t mixed = seed;
      mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
      mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
      word = mixed ^ mixed >> 31;
    }
  }

  uint64_t Next() {
    const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  uint32_t Next32() { return static_cast<uint32_t>(Next() >> 32); }

  // 0 <= result < bound. bound > 0.
  uint32_t Below(uint32_t bound) { return static_cast<uint32_t>(uint64_t{Next32()} * bound >> 32); }

  // first <= result <= last.
  uint32_t Between(uint32_t first, uint32_t last) { return first + Below(last - first + 1); }

  bool OneIn(uint32_t odds) { return Below(odds) == 0; }

  // Pareto of shape 1: half of the results lie below 2 * least, and few near `most` carry most of the sum.
  uint32_t HeavyTailed(uint32_t least, uint32_t most) {
    const uint64_t drawn = (uint64_t{least} << 32) / (uint64_t{Next32()} + 1);
    return static_cast<uint32_t>(std::min<uint64_t>(drawn, most));
  }

  template <typename T, size_t N>
  const T& Pick(const std::array<T, N>& choices) {
    return choices[Below(static_cast<uint32_t>(N))];
  }

 private:
  std::array<uint64_t, 4> state_;
};

}  // namespace kansoku::generator
