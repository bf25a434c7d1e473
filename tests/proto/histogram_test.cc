// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/histogram.h"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "absl/numeric/int128.h"

namespace kansoku {
namespace {

using google::protobuf::util::MessageDifferencer;

v1::Histogram Text(const std::string& text) {
  v1::Histogram histogram;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &histogram)) << text;
  return histogram;
}

TEST(Buckets, HoldSmallNumbersOneByOne) {
  for (uint32_t number = 0; number < 16; ++number) {
    EXPECT_EQ(BucketOf(number), number);
    EXPECT_EQ(BucketFirst(number), number);
    EXPECT_EQ(BucketMiddle(number), number);
    EXPECT_EQ(BucketLast(number), number);
  }
}

TEST(Buckets, DivideEachPowerOfTwoByEight) {
  static_assert(BucketOf(16) == 16 && BucketOf(17) == 16 && BucketOf(18) == 17 && BucketOf(31) == 23);
  static_assert(BucketOf(32) == 24 && BucketOf(35) == 24 && BucketOf(36) == 25);
  static_assert(BucketFirst(16) == 16 && BucketMiddle(16) == 17 && BucketLast(16) == 17);
  static_assert(BucketFirst(24) == 32 && BucketMiddle(24) == 34 && BucketLast(24) == 35);
  EXPECT_EQ(BucketOf(1500), 16 + 8 * 6 + 3);  // 1024 to 2047 by 128: 1408 to 1535
  EXPECT_EQ(BucketFirst(67), 1408);
  EXPECT_EQ(BucketMiddle(67), 1472);
  EXPECT_EQ(BucketLast(67), 1535);
}

TEST(Buckets, CoverAllNumbersWithoutGapOrOverlap) {
  EXPECT_EQ(kHistogramBuckets, 496u);
  EXPECT_EQ(BucketFirst(0), 0);
  for (uint32_t bucket = 0; bucket < kHistogramBuckets; ++bucket) {
    EXPECT_EQ(BucketOf(BucketFirst(bucket)), bucket);
    EXPECT_EQ(BucketOf(BucketMiddle(bucket)), bucket);
    EXPECT_EQ(BucketOf(BucketLast(bucket)), bucket);
    if (bucket > 0) {
      EXPECT_EQ(BucketFirst(bucket), BucketLast(bucket - 1) + 1);
    }
  }
  EXPECT_EQ(BucketLast(kHistogramBuckets - 1), std::numeric_limits<uint64_t>::max());
}

// The error is largest at a bucket's edges.
TEST(Buckets, HaveAMiddleWithinASixteenthOfEveryNumber) {
  const auto is_near = [](uint64_t number, uint64_t middle) {
    const uint64_t error = number > middle ? number - middle : middle - number;
    return absl::uint128(error) * 16 <= number;
  };
  for (uint32_t bucket = 0; bucket < kHistogramBuckets; ++bucket) {
    EXPECT_TRUE(is_near(BucketFirst(bucket), BucketMiddle(bucket))) << bucket;
    EXPECT_TRUE(is_near(BucketLast(bucket), BucketMiddle(bucket))) << bucket;
  }
  EXPECT_FALSE(is_near(15, 16)) << "the bound itself must be able to fail";
}

TEST(HistogramMerge, AddsEqualBucketsAndKeepsTheOthersInOrder) {
  v1::Histogram sum = Text("buckets: [1, 5, 9] counts: [10, 20, 30]");
  Merge(Text("buckets: [0, 5, 20] counts: [1, 2, 3]"), sum);
  EXPECT_TRUE(MessageDifferencer::Equals(sum, Text("buckets: [0, 1, 5, 9, 20] counts: [1, 10, 22, 30, 3]")))
      << sum.DebugString();
}

TEST(HistogramMerge, WithNothingChangesNothing) {
  const v1::Histogram some = Text("buckets: [1, 5] counts: [10, 20]");
  v1::Histogram left = some, right;
  Merge({}, left);
  Merge(some, right);
  EXPECT_TRUE(MessageDifferencer::Equals(left, some));
  EXPECT_TRUE(MessageDifferencer::Equals(right, some));
}

TEST(HistogramCanonicalize, SortsAndFolds) {
  v1::Histogram histogram = Text("buckets: [9, 1, 9, 0] counts: [1, 2, 4, 8]");
  EXPECT_FALSE(IsCanonical(histogram));
  Canonicalize(histogram);
  EXPECT_TRUE(IsCanonical(histogram));
  EXPECT_TRUE(MessageDifferencer::Equals(histogram, Text("buckets: [0, 1, 9] counts: [8, 2, 5]")));
}

TEST(HistogramIsCanonical, SeesDoublesAndUnequalLists) {
  EXPECT_TRUE(IsCanonical(v1::Histogram()));
  EXPECT_TRUE(IsCanonical(Text("buckets: [3, 4] counts: [1, 1]")));
  EXPECT_FALSE(IsCanonical(Text("buckets: [3, 3] counts: [1, 1]")));
  EXPECT_FALSE(IsCanonical(Text("buckets: [4, 3] counts: [1, 1]")));
  EXPECT_FALSE(IsCanonical(Text("buckets: [3, 4] counts: [1]")));
  EXPECT_FALSE(IsCanonical(Text("buckets: [3] counts: [1, 1]")));
}

TEST(Quantile, IsTheMiddleOfTheBucketThatHoldsIt) {
  // Numbers 1, 2, 2, 3 and one of 1408 to 1535.
  const v1::Histogram histogram = Text("buckets: [1, 2, 3, 67] counts: [1, 2, 1, 1]");
  EXPECT_EQ(CountOf(histogram), 5);
  EXPECT_EQ(Quantile(histogram, 0, 100), 1);
  EXPECT_EQ(Quantile(histogram, 1, 5), 1);
  EXPECT_EQ(Quantile(histogram, 21, 100), 2);
  EXPECT_EQ(Quantile(histogram, 1, 2), 2);
  EXPECT_EQ(Quantile(histogram, 3, 5), 2);
  EXPECT_EQ(Quantile(histogram, 4, 5), 3);
  EXPECT_EQ(Quantile(histogram, 81, 100), 1472);
  EXPECT_EQ(Quantile(histogram, 1, 1), 1472);
}

TEST(Quantile, OfManyNumbersDoesNotOverflow) {
  const v1::Histogram histogram =
      Text("buckets: [7, 495] counts: [9223372036854775808, 9223372036854775807]");
  EXPECT_EQ(Quantile(histogram, 1, 2), 7);
  EXPECT_EQ(Quantile(histogram, 4'000'000'000u, 4'000'000'001u), BucketMiddle(495));
}

TEST(Quantile, OfNothingIsNothing) {
  EXPECT_EQ(Quantile({}, 1, 2), std::nullopt);
  EXPECT_EQ(Quantile(Text("buckets: [4] counts: [0]"), 1, 2), std::nullopt);
}

}  // namespace
}  // namespace kansoku
