// SPDX-License-Identifier: Apache-2.0
//
// What lies in none of some ranges, told by one bit: for a question that is asked for every packet and to
// which the answer is nearly always no. A search among the ranges is a few steps, but which ones a processor
// cannot foresee.
//
// Numbers are divided twice: into parts, and each part, from its first range to its last, into buckets with a
// bit each. So ranges that lie close together are told from what is between them, however far others are.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kansoku::collector {

// Constant after construction; any thread. At most 65 KiB, of which packets meet a part.
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
  explicit RangeFilter(std::span<const Range> ranges) : into_parts_(ranges, kPartBits) {
    std::vector<std::vector<Range>> of_parts(into_parts_.pieces + 1);
    size_t total = 0;
    for (const Range& range : ranges) {
      for (uint64_t at = into_parts_.At(range.first); at <= into_parts_.At(range.last); ++at, ++total)
        of_parts[at].push_back(into_parts_.Cut(range, at));
    }
    for (const std::vector<Range>& of_part : of_parts) AddPart(of_part, total);
  }

  // False: no range holds the key.
  bool MayHold(uint64_t key) const {
    const Part& part = parts_[into_parts_.At(key)];
    const uint64_t at = part.first_bit + part.into_buckets.At(key);
    return (words_[at / 64] >> at % 64 & 1) != 0;
  }

 private:
  static constexpr int kPartBits = 10, kBucketBits = 18, kLeastBucketBits = 6;

  // Of what lies between some ranges' ends into pieces of equal length.
  struct Division {
    uint64_t base = 0;
    uint32_t shift = 0;
    uint32_t pieces = 0;  // and the number of what lies outside

    Division() = default;
    // Into at most 2^bits.
    Division(std::span<const Range> ranges, int bits) {
      if (ranges.empty()) return;
      uint64_t last = 0;
      base = ~uint64_t{0};
      for (const Range& range : ranges) {
        base = std::min(base, range.first);
        last = std::max(last, range.last);
      }
      shift = static_cast<uint32_t>(std::max(0, static_cast<int>(std::bit_width(last - base)) - bits));
      pieces = static_cast<uint32_t>((last - base) >> shift) + 1;
    }

    // A key below all ranges comes out above them, or in the last piece.
    uint64_t At(uint64_t key) const { return std::min<uint64_t>((key - base) >> shift, pieces); }

    // What of a range is in a piece that it meets.
    Range Cut(const Range& range, uint64_t piece) const {
      const uint64_t first = piece << shift, last = first + ((uint64_t{1} << shift) - 1);
      return {base + std::max(range.first - base, first), base + std::min(range.last - base, last)};
    }
  };

  struct Part {
    Division into_buckets;
    uint32_t first_bit = 0;
  };

  // Where many ranges are the buckets are many.
  void AddPart(const std::vector<Range>& of_part, size_t total) {
    const uint64_t share = (uint64_t{of_part.size()} << kBucketBits) / std::max<size_t>(total, 1);
    const int bits = std::max(kLeastBucketBits, static_cast<int>(std::bit_width(share)) - 1);
    Part& part = parts_.emplace_back();
    part.into_buckets = Division(of_part, bits);
    part.first_bit = bits_;
    bits_ += part.into_buckets.pieces + 1;
    words_.resize(bits_ / 64 + 1);
    for (const Range& range : of_part) {
      for (uint64_t at = part.into_buckets.At(range.first); at <= part.into_buckets.At(range.last); ++at)
        words_[(part.first_bit + at) / 64] |= uint64_t{1} << (part.first_bit + at) % 64;
    }
  }

  Division into_parts_;
  std::vector<Part> parts_;      // one more than there are pieces
  std::vector<uint64_t> words_;  // a bit for each bucket of each part, and one that is not set
  uint32_t bits_ = 0;
};

}  // namespace kansoku::collector
