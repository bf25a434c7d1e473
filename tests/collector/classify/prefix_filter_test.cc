// SPDX-License-Identifier: Apache-2.0
#include "collector/classify/prefix_filter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace kansoku::collector {
namespace {

using Prefix = PrefixFilter::Prefix;

constexpr uint64_t kMost = ~uint64_t{0};

PrefixFilter Of(const std::vector<Prefix>& prefixes) { return PrefixFilter(prefixes); }

uint64_t MaskOf(int length) { return length == 0 ? 0 : kMost << (64 - length); }
bool IsIn(const Prefix& prefix, uint64_t key) { return (key & MaskOf(prefix.length)) == prefix.first; }

TEST(PrefixFilter, OfNothingHoldsNothing) {
  for (const uint64_t key : {uint64_t{0}, uint64_t{1}, uint64_t{1} << 32, kMost}) {
    EXPECT_FALSE(PrefixFilter().MayHold(key)) << key;
    EXPECT_FALSE(Of({}).MayHold(key)) << key;
  }
}

TEST(PrefixFilter, HoldsAllOfEverything) {
  const PrefixFilter filter = Of({{0, 0}});
  for (const uint64_t key : {uint64_t{0}, uint64_t{1} << 63, kMost}) EXPECT_TRUE(filter.MayHold(key)) << key;
}

// Every block that a prefix is divided into.
TEST(PrefixFilter, HoldsAllOfAPrefixOfAnyLength) {
  for (int length = 0; length <= 64; ++length) {
    const uint64_t first = 0xcb007155'20010db8 & MaskOf(length);
    const PrefixFilter filter = Of({{first, length}});
    for (uint64_t i = 0; i < 64; ++i) {
      const uint64_t rest = length == 64 ? 0 : (i << 58) >> length | i;
      EXPECT_TRUE(filter.MayHold(first | (rest & ~MaskOf(length)))) << length;
    }
    EXPECT_TRUE(filter.MayHold(first | ~MaskOf(length))) << length;
  }
}

TEST(PrefixFilter, NeverMissesAndRarelyAsksInVain) {
  std::mt19937_64 random(1);
  for (size_t size = 3; size <= 300; size += 3) {
    std::vector<Prefix> prefixes;
    while (prefixes.size() < size) {
      const int length = 12 + static_cast<int>(random() % 53);
      prefixes.push_back({random() & MaskOf(length), length});
    }
    const PrefixFilter filter(prefixes);
    int in_vain = 0;
    for (int i = 0; i < 1000; ++i) {
      const Prefix& prefix = prefixes[random() % prefixes.size()];
      EXPECT_TRUE(filter.MayHold(prefix.first | (random() & ~MaskOf(prefix.length))));
      const uint64_t key = random();
      const bool is_held =
          std::any_of(prefixes.begin(), prefixes.end(), [&](const Prefix& p) { return IsIn(p, key); });
      in_vain += !is_held && filter.MayHold(key) ? 1 : 0;
    }
    // 1.6 % for each of 14 lengths at most.
    EXPECT_LE(in_vain, 300) << size;
  }
}

// As dark ranges lie among those of subscribers, with telescopes elsewhere at all distances.
TEST(PrefixFilter, TellsNeighboursApartWhateverTheDistances) {
  for (const int length : {28, 56}) {
    const uint64_t step = uint64_t{1} << (64 - length), base = 0x2001'0db8'0000'0000 & MaskOf(length);
    std::vector<Prefix> prefixes;
    for (uint64_t i = 0; i < 1'024; ++i) prefixes.push_back({base + 2 * i * step, length});
    for (int bit = 40; bit < 62; ++bit) prefixes.push_back({base ^ uint64_t{1} << bit, length});
    const PrefixFilter filter(prefixes);
    int in_vain = 0;
    for (uint64_t i = 0; i < 1'024; ++i) {
      EXPECT_TRUE(filter.MayHold(base + 2 * i * step + step - 1));
      in_vain += filter.MayHold(base + (2 * i + 1) * step) ? 1 : 0;
    }
    EXPECT_LE(in_vain, 40) << "of 1024: one in 64 is expected";
  }
}

}  // namespace
}  // namespace kansoku::collector
