// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/histogram_counts.h"

#include <bit>

namespace kansoku::collector {

void HistogramCounts::MoveTo(v1::Histogram& histogram) {
  for (; touched_ != 0; touched_ &= touched_ - 1) {
    const uint32_t first = static_cast<uint32_t>(std::countr_zero(touched_)) * kBucketsPerBit;
    for (uint32_t bucket = first; bucket < first + kBucketsPerBit; ++bucket) {
      if (counts_[bucket] == 0) continue;
      histogram.add_buckets(bucket);
      histogram.add_counts(counts_[bucket]);
      counts_[bucket] = 0;
    }
  }
}

}  // namespace kansoku::collector
