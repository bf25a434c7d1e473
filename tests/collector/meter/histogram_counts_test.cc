// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/histogram_counts.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace kansoku::collector {
namespace {

std::vector<uint64_t> Buckets(const v1::Histogram& histogram) {
  return {histogram.buckets().begin(), histogram.buckets().end()};
}
std::vector<uint64_t> Counts(const v1::Histogram& histogram) {
  return {histogram.counts().begin(), histogram.counts().end()};
}

TEST(HistogramCounts, MovesWhatWasCountedByRisingBucket) {
  HistogramCounts counts;
  EXPECT_TRUE(counts.empty());
  for (const uint64_t number : {1500, 40, 41, 1500, 0}) counts.Add(number);
  counts.Add(15, 7);
  EXPECT_FALSE(counts.empty());
  v1::Histogram histogram;
  counts.MoveTo(histogram);
  EXPECT_EQ(Buckets(histogram), (std::vector<uint64_t>{0, 15, 26, 67}));
  EXPECT_EQ(Counts(histogram), (std::vector<uint64_t>{1, 7, 2, 2}));
  EXPECT_TRUE(IsCanonical(histogram));
}

TEST(HistogramCounts, StartsOverEmpty) {
  HistogramCounts counts;
  counts.Add(5);
  counts.Add(1'000'000);
  v1::Histogram first, second, third;
  counts.MoveTo(first);
  EXPECT_TRUE(counts.empty());
  counts.MoveTo(second);
  EXPECT_EQ(second.buckets_size(), 0);
  counts.Add(5);
  counts.MoveTo(third);
  EXPECT_EQ(Buckets(third), (std::vector<uint64_t>{5}));
  EXPECT_EQ(Counts(third), (std::vector<uint64_t>{1}));
}

TEST(HistogramCounts, HasRoomForEveryNumber) {
  HistogramCounts counts;
  for (uint32_t bucket = 0; bucket < kHistogramBuckets; ++bucket) {
    counts.Add(BucketFirst(bucket));
    counts.Add(BucketLast(bucket), bucket);
  }
  counts.Add(std::numeric_limits<uint64_t>::max());
  v1::Histogram histogram;
  counts.MoveTo(histogram);
  ASSERT_EQ(histogram.buckets_size(), static_cast<int>(kHistogramBuckets));
  EXPECT_EQ(histogram.counts(100), 101);
  EXPECT_EQ(histogram.counts(kHistogramBuckets - 1), kHistogramBuckets + 1);
  EXPECT_EQ(CountOf(histogram), 496u + 495u * 496u / 2u + 1u);
}

TEST(HistogramCounts, CountsBeyond32Bits) {
  HistogramCounts counts;
  counts.Add(64, 0xffffffff);
  counts.Add(64);
  v1::Histogram histogram;
  counts.MoveTo(histogram);
  EXPECT_EQ(Counts(histogram), (std::vector<uint64_t>{0x1'0000'0000}));
}

}  // namespace
}  // namespace kansoku::collector
