// SPDX-License-Identifier: Apache-2.0
//
// What lies in none of some prefixes, told by a bit for each length of prefix: for a question that is asked
// for every packet and to which the answer is nearly always no. A search among the prefixes is a few steps,
// but which ones a processor cannot foresee. Bits are found by a hash of the leading bits, so that it does
// not matter how close together prefixes lie, or how far apart.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kansoku::collector {

// Constant after construction; any thread. At most 32 KiB, of which packets meet a part.
class PrefixFilter {
 public:
  // The first `length` bits of a key, 64 at most; the rest of `first` is 0.
  struct Prefix {
    uint64_t first = 0;
    int length = 0;
  };

  // Of no prefix.
  PrefixFilter() : PrefixFilter(std::span<const Prefix>()) {}

  // In any order; they may be nested.
  explicit PrefixFilter(std::span<const Prefix> prefixes) {
    size_t blocks = 0;
    for (const Prefix& prefix : prefixes) blocks += size_t{1} << (LengthFor(prefix) - prefix.length);
    const size_t bits = std::clamp(std::bit_ceil(blocks * kBitsForBlock), size_t{64}, kMostBits);
    shift_ = 64 - std::countr_zero(bits);
    words_.assign(bits / 64, 0);
    for (const Prefix& prefix : prefixes) Add(prefix);
  }

  // False: no prefix holds the key. True for one in kBitsForBlock of those that none holds, and for more
  // where there are many thousand prefixes.
  bool MayHold(uint64_t key) const {
    uint64_t may_hold = 0;
    for (const uint64_t mask : masks_) {
      const uint64_t at = BitOf(key, mask);
      may_hold |= words_[at / 64] >> at % 64;
    }
    return (may_hold & 1) != 0;
  }

 private:
  static constexpr size_t kBitsForBlock = 64, kMostBits = size_t{1} << 18;
  static constexpr int kLengthStep = 4;

  // Prefixes are divided so that there are few lengths, into eight at most.
  static int LengthFor(const Prefix& prefix) {
    return (prefix.length + kLengthStep - 1) / kLengthStep * kLengthStep;
  }

  void Add(const Prefix& prefix) {
    const int length = LengthFor(prefix);
    const uint64_t mask = length == 0 ? 0 : ~uint64_t{0} << (64 - length);
    if (std::find(masks_.begin(), masks_.end(), mask) == masks_.end()) masks_.push_back(mask);
    for (uint64_t block = 0; block < uint64_t{1} << (length - prefix.length); ++block) {
      const uint64_t at = BitOf(length == 0 ? 0 : prefix.first + (block << (64 - length)), mask);
      words_[at / 64] |= uint64_t{1} << at % 64;
    }
  }

  // The same leading bits of another length are found elsewhere.
  uint64_t BitOf(uint64_t key, uint64_t mask) const {
    uint64_t hash = ((key & mask) ^ (mask >> 3)) * 0x9e3779b97f4a7c15u;
    hash = (hash ^ hash >> 32) * 0xbf58476d1ce4e5b9u;
    return hash >> shift_;
  }

  std::vector<uint64_t> masks_;  // of each length
  std::vector<uint64_t> words_;  // a bit for each block; a power of two
  int shift_ = 0;
};

}  // namespace kansoku::collector
