// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/tcp_samples.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "proto/contract/histogram.h"

namespace kansoku::aggregator {
namespace {

TEST(HandshakeSeconds, CountsBelowEveryEdgeAreExact) {
  // Both neighbours of each edge, the edge itself, and some numbers beyond the first and the last edge.
  std::vector<uint64_t> numbers = {0, 1, 15, 16, 100, 20'000'000, 1'000'000'000};
  for (uint32_t bits = 7; bits <= 24; ++bits) {
    const uint64_t edge = uint64_t{1} << bits;
    numbers.insert(numbers.end(), {edge - 1, edge, edge + 1});
  }
  v1::Histogram histogram;
  for (const uint64_t number : numbers) {
    v1::Histogram one;
    one.add_buckets(BucketOf(number));
    one.add_counts(1);
    Merge(one, histogram);
  }
  const EdgeCounts counts = HandshakeSeconds(histogram);
  EXPECT_EQ(counts.count, numbers.size());
  ASSERT_EQ(counts.below.size(), 18u);
  for (size_t i = 0; i < counts.below.size(); ++i) {
    const uint64_t edge = uint64_t{1} << (7 + i);
    EXPECT_DOUBLE_EQ(counts.below[i].edge, static_cast<double>(edge) / 1e6);
    EXPECT_EQ(counts.below[i].count,
              static_cast<uint64_t>(
                  std::count_if(numbers.begin(), numbers.end(), [&](uint64_t n) { return n < edge; })))
        << edge;
  }
  double sum = 0;
  for (const uint64_t number : numbers) sum += static_cast<double>(number) / 1e6;
  EXPECT_NEAR(counts.sum, sum, sum / 16);
}

TEST(HandshakeSeconds, OfNothingAreZeroAtEveryEdge) {
  const EdgeCounts counts = HandshakeSeconds(v1::Histogram());
  EXPECT_EQ(counts.count, 0u);
  EXPECT_EQ(counts.sum, 0);
  for (const EdgeCounts::Below& below : counts.below) EXPECT_EQ(below.count, 0u);
}

}  // namespace
}  // namespace kansoku::aggregator
