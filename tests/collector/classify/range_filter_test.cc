// SPDX-License-Identifier: Apache-2.0
#include "collector/classify/range_filter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace kansoku::collector {
namespace {

using Range = RangeFilter::Range;

constexpr uint64_t kMost = ~uint64_t{0};

RangeFilter Of(const std::vector<Range>& ranges) { return RangeFilter(ranges); }

TEST(RangeFilter, OfNothingHoldsNothing) {
  for (const uint64_t key : {uint64_t{0}, uint64_t{1}, uint64_t{1} << 32, kMost}) {
    EXPECT_FALSE(RangeFilter().MayHold(key)) << key;
    EXPECT_FALSE(Of({}).MayHold(key)) << key;
  }
}

TEST(RangeFilter, IsExactWhereRangesLieCloseTogether) {
  const RangeFilter filter = Of({{0xcb007100, 0xcb0071ff}, {0xcb007300, 0xcb007300}});
  for (const uint64_t key : {0xcb007100, 0xcb0071ff, 0xcb007300}) EXPECT_TRUE(filter.MayHold(key)) << key;
  for (const uint64_t key : {uint64_t{0}, uint64_t{0xcb0070ff}, uint64_t{0xcb007200}, uint64_t{0xcb0072ff},
                             uint64_t{0xcb007301}, uint64_t{0xffffffff}, kMost})
    EXPECT_FALSE(filter.MayHold(key)) << key;
}

// As dark ranges among those of subscribers, with another telescope elsewhere.
TEST(RangeFilter, IsAsExactWhereOthersLieFarAway) {
  struct Scene {
    uint64_t first, length, step, far;
  };
  for (const Scene& scene : {Scene{0x0a000010, 16, 1'536, 0xcb007100},
                             Scene{0x20010db8'00000100, 256, 24'576, 0x3f000000'00000000}}) {
    std::vector<Range> ranges;
    for (uint64_t i = 0; i < 1'024; ++i) {
      const uint64_t first = scene.first + i * scene.step;
      ranges.push_back({first, first + scene.length - 1});
    }
    const size_t close = ranges.size();
    for (uint64_t i = 0; i < 64; ++i)
      ranges.push_back({scene.far + i * scene.length, scene.far + (i + 1) * scene.length - 1});
    const RangeFilter filter(ranges);
    for (size_t i = 0; i < close; ++i) {
      EXPECT_TRUE(filter.MayHold(ranges[i].first)) << i;
      EXPECT_TRUE(filter.MayHold(ranges[i].last)) << i;
      EXPECT_FALSE(filter.MayHold(ranges[i].first - 1)) << i;
      EXPECT_FALSE(filter.MayHold(ranges[i].last + 1)) << i;
    }
    EXPECT_TRUE(filter.MayHold(ranges.back().last));
    EXPECT_FALSE(filter.MayHold(ranges.back().last + 1));
    EXPECT_FALSE(filter.MayHold(scene.far / 2));
  }
}

TEST(RangeFilter, HoldsAllOfEverything) {
  const RangeFilter filter = Of({{0, kMost}});
  for (const uint64_t key : {uint64_t{0}, uint64_t{1} << 63, kMost}) EXPECT_TRUE(filter.MayHold(key)) << key;
}

TEST(RangeFilter, KnowsTheFirstAndTheLastNumber) {
  const RangeFilter filter = Of({{kMost, kMost}, {0, 0}});
  EXPECT_TRUE(filter.MayHold(0));
  EXPECT_TRUE(filter.MayHold(kMost));
  EXPECT_FALSE(filter.MayHold(kMost / 2));
}

// It may say yes to what is near a range, and never no to what is in one.
TEST(RangeFilter, NeverMissesAndRarelyAsksInVain) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 100; ++round) {
    const int bits = 8 + static_cast<int>(random() % 56);
    const uint64_t mask = (uint64_t{1} << bits) - 1;
    std::vector<Range> ranges;
    for (uint64_t i = 0; i <= random() % 20; ++i) {
      const uint64_t first = random() & mask;
      ranges.push_back({first, std::min(mask, first + (random() & mask >> 8))});
    }
    const RangeFilter filter(ranges);
    int in_vain = 0;
    for (int i = 0; i < 1000; ++i) {
      const Range& range = ranges[random() % ranges.size()];
      EXPECT_TRUE(filter.MayHold(range.first + (random() % (range.last - range.first + 1))));
      const uint64_t key = random() & mask;
      const bool is_held = std::any_of(ranges.begin(), ranges.end(),
                                       [&](const Range& r) { return r.first <= key && key <= r.last; });
      if (is_held) {
        EXPECT_TRUE(filter.MayHold(key));
      } else {
        in_vain += filter.MayHold(key) ? 1 : 0;
      }
    }
    EXPECT_LE(in_vain, 5) << "of 1000 in " << bits << " bits";
  }
}

}  // namespace
}  // namespace kansoku::collector
