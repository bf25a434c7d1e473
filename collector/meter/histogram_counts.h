// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "kansoku/v1/report.pb.h"
#include "proto/contract/histogram.h"

namespace kansoku::collector {

// A v1::Histogram while it is counted: an array for all its buckets, 4 KiB. Counts have 64 bits because a
// window of a capture file may hold any number of packets. One thread; counting allocates nothing.
class HistogramCounts {
 public:
  void Add(uint64_t number, uint64_t times = 1) {
    const uint32_t bucket = BucketOf(number);
    counts_[bucket] += times;
    touched_ |= uint64_t{1} << (bucket / kBucketsPerBit);
  }

  bool empty() const { return touched_ == 0; }

  // Appends what was counted to the empty histogram and starts over. Costs what was touched.
  void MoveTo(v1::Histogram& histogram);

 private:
  // One cache line of counts for each bit of touched_.
  static constexpr uint32_t kBucketsPerBit = 8;
  static_assert(kHistogramBuckets <= 64 * kBucketsPerBit);

  alignas(64) std::array<uint64_t, kHistogramBuckets> counts_{};
  uint64_t touched_ = 0;
};

}  // namespace kansoku::collector
