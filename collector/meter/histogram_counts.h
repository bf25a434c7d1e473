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
  void Add(uint64_t number, uint64_t times = 1) { counts_[BucketOf(number)] += times; }

  // Reads all buckets: nothing more is remembered of each number.
  bool empty() const;

  // Appends what was counted to the empty histogram and starts over.
  void MoveTo(v1::Histogram& histogram);

 private:
  alignas(64) std::array<uint64_t, kHistogramBuckets> counts_{};
};

}  // namespace kansoku::collector
