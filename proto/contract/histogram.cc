// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/histogram.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"

namespace kansoku {
namespace {

int MissingBuckets(const v1::Histogram& from, const v1::Histogram& into) {
  int missing = 0, at = 0;
  for (const uint32_t bucket : from.buckets()) {
    while (at < into.buckets_size() && into.buckets(at) < bucket) ++at;
    missing += at == into.buckets_size() || into.buckets(at) != bucket;
  }
  return missing;
}

}  // namespace

// From the back, in place: most often `into` has every bucket of `from`, and nothing moves.
void Merge(const v1::Histogram& from, v1::Histogram& into) {
  int at = into.buckets_size() - 1;
  const int size = into.buckets_size() + MissingBuckets(from, into);
  into.mutable_buckets()->Resize(size, 0);
  into.mutable_counts()->Resize(size, 0);
  int to = size - 1;
  for (int i = from.buckets_size() - 1; i >= 0; --to) {
    const bool is_known = at >= 0 && into.buckets(at) >= from.buckets(i);
    const bool is_added = !is_known || into.buckets(at) == from.buckets(i);
    const uint64_t count = (is_known ? into.counts(at) : 0) + (is_added ? from.counts(i) : 0);
    into.set_buckets(to, is_known ? into.buckets(at) : from.buckets(i));
    into.set_counts(to, count);
    at -= is_known;
    i -= is_added;
  }
}

void Canonicalize(v1::Histogram& histogram) {
  if (IsCanonical(histogram)) return;
  std::vector<std::pair<uint32_t, uint64_t>> entries;
  for (int i = 0; i < std::min(histogram.buckets_size(), histogram.counts_size()); ++i) {
    entries.emplace_back(histogram.buckets(i), histogram.counts(i));
  }
  std::sort(entries.begin(), entries.end());
  histogram.Clear();
  for (const auto& [bucket, count] : entries) {
    const int last = histogram.buckets_size() - 1;
    if (last >= 0 && histogram.buckets(last) == bucket) {
      histogram.set_counts(last, histogram.counts(last) + count);
    } else {
      histogram.add_buckets(bucket);
      histogram.add_counts(count);
    }
  }
}

bool IsCanonical(const v1::Histogram& histogram) {
  const auto& buckets = histogram.buckets();
  return buckets.size() == histogram.counts_size() &&
         std::adjacent_find(buckets.begin(), buckets.end(), std::greater_equal<uint32_t>()) == buckets.end();
}

uint64_t CountOf(const v1::Histogram& histogram) {
  return std::accumulate(histogram.counts().begin(), histogram.counts().end(), uint64_t{0});
}

std::optional<uint64_t> Quantile(const v1::Histogram& histogram, uint32_t numerator, uint32_t denominator) {
  const absl::uint128 wanted = absl::uint128(CountOf(histogram)) * numerator;
  uint64_t below = 0;
  for (int i = 0; i < histogram.buckets_size(); ++i) {
    if (histogram.counts(i) == 0) continue;
    below += histogram.counts(i);
    if (absl::uint128(below) * denominator >= wanted) return BucketMiddle(histogram.buckets(i));
  }
  return std::nullopt;
}

}  // namespace kansoku
