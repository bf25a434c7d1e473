// SPDX-License-Identifier: Apache-2.0
//
// What lies in none of some ranges, told by one bit: for a question that is asked for every packet and to
// which the answer is nearly always no. A search among the ranges is a few steps, but which ones a processor
// cannot foresee.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kansoku::collector {

// Constant after construction; any thread.
class RangeFilter {
 public:
  // Both ends are in it.
  struct Range {
    uint64_t first = 0;
    uint64_t last = 0;
  };

  // Of no range.
  RangeFilter() : RangeFilter(std::span<const Range>()) {}

  // In any order; they may overlap.
  explicit RangeFilter(std::span<const Range> ranges) {
    uint64_t end = 0;
    base_ = ranges.empty() ? 0 : ~uint64_t{0};
    for (const Range& range : ranges) {
      base_ = std::min(base_, range.first);
      end = std::max(end, range.last);
    }
    const uint64_t span = ranges.empty() ? 0 : end - base_;
    shift_ = std::max(0, static_cast<int>(std::bit_width(span)) - kIndexBits);
    outside_ = ranges.empty() ? 0 : (span >> shift_) + 1;
    words_.assign(outside_ / 64 + 1, 0);
    for (const Range& range : ranges) {
      for (uint64_t at = Bucket(range.first); at <= Bucket(range.last); ++at)
        words_[at / 64] |= uint64_t{1} << at % 64;
    }
  }

  // False: no range holds the key.
  bool MayHold(uint64_t key) const {
    const uint64_t at = std::min(Bucket(key), outside_);
    return (words_[at / 64] >> at % 64 & 1) != 0;
  }

 private:
  static constexpr int kIndexBits = 18;  // 32 KiB, of which packets meet a part

  // A key below all ranges comes out above them, or in the last bucket.
  uint64_t Bucket(uint64_t key) const { return (key - base_) >> shift_; }

  uint64_t base_ = 0;
  int shift_ = 0;
  uint64_t outside_ = 0;         // the bucket after the last; its bit is never set
  std::vector<uint64_t> words_;  // a bit for each bucket
};

}  // namespace kansoku::collector
