// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/histogram_counts.h"

namespace kansoku::collector {

bool HistogramCounts::empty() const {
  uint64_t any = 0;
  for (const uint64_t count : counts_) any |= count;
  return any == 0;
}

void HistogramCounts::MoveTo(v1::Histogram& histogram) {
  for (uint32_t bucket = 0; bucket < kHistogramBuckets; ++bucket) {
    if (counts_[bucket] == 0) continue;
    histogram.add_buckets(bucket);
    histogram.add_counts(counts_[bucket]);
    counts_[bucket] = 0;
  }
}

}  // namespace kansoku::collector
