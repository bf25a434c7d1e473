// SPDX-License-Identifier: Apache-2.0
//
// The buckets of v1::Histogram, and what can be asked of one. A bucket's middle is within 1/16 of every
// number in the bucket. Pure; any thread.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>

#include "kansoku/v1/report.pb.h"

namespace kansoku {

// Numbers below 16 have a bucket each; the powers of two from 2^4 to 2^63 have eight each.
inline constexpr uint32_t kHistogramBuckets = 16 + 8 * 60;

// The bucket that holds the number. Without a branch: numbers below 16 shift by nothing, and each power of
// two above shifts by one more, until four bits are left, the first of them set.
constexpr uint32_t BucketOf(uint64_t number) {
  const uint32_t shift = static_cast<uint32_t>(std::bit_width(number | 8)) - 4;
  return shift * 8 + static_cast<uint32_t>(number >> shift);
}

// For buckets below kHistogramBuckets: the smallest and the largest number in it, and the one that stands for
// all of them.
constexpr uint64_t BucketFirst(uint32_t bucket) {
  return bucket < 16 ? bucket : uint64_t{8 + bucket % 8} << (bucket / 8 - 1);
}
constexpr uint64_t BucketLast(uint32_t bucket) {
  return bucket < 16 ? bucket : BucketFirst(bucket) + ((uint64_t{1} << (bucket / 8 - 1)) - 1);
}
constexpr uint64_t BucketMiddle(uint32_t bucket) {
  return bucket < 16 ? bucket : BucketFirst(bucket) + (uint64_t{1} << (bucket / 8 - 1)) / 2;
}

// Adds `from` to `into`. Both must be canonical; the result is. Counts add modulo 2^64.
void Merge(const v1::Histogram& from, v1::Histogram& into);

// Sorts the buckets and adds up the counts of equal ones. What has no partner in the other list is left out.
void Canonicalize(v1::Histogram& histogram);

// True if the lists are equally long and the buckets rise.
bool IsCanonical(const v1::Histogram& histogram);

// How many numbers were counted, modulo 2^64.
uint64_t CountOf(const v1::Histogram& histogram);

// The middle of the bucket that holds the smallest number with at least numerator / denominator of all
// numbers at or below it: 1, 2 asks for the median. Nothing for an empty histogram. The histogram must be
// canonical, denominator > 0, numerator <= denominator.
std::optional<uint64_t> Quantile(const v1::Histogram& histogram, uint32_t numerator, uint32_t denominator);

}  // namespace kansoku
