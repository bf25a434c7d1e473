// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/counter_map.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace kansoku::collector {
namespace {

using Pairs = std::vector<std::pair<uint64_t, int>>;

Pairs Contents(const CounterMap<int>& map) {
  Pairs pairs;
  map.VisitSorted([&](uint64_t key, int counter) { pairs.emplace_back(key, counter); });
  return pairs;
}

TEST(CounterMap, BeginsEmpty) {
  const CounterMap<int> map(1);
  EXPECT_EQ(map.size(), 0u);
  EXPECT_EQ(Contents(map), Pairs());
}

TEST(CounterMap, NewKeysStartAtZeroAndComeOutSorted) {
  CounterMap<int> map(1);
  for (const uint64_t key : {uint64_t{5}, ~uint64_t{0}, uint64_t{1}, uint64_t{5}}) ++map[key];
  EXPECT_EQ(map.size(), 3u);
  EXPECT_EQ(Contents(map), (Pairs{{1, 1}, {5, 2}, {~uint64_t{0}, 1}}));
  EXPECT_TRUE(map.Contains(5));
  EXPECT_FALSE(map.Contains(4));
}

TEST(CounterMap, StartsOverAfterClear) {
  CounterMap<int> map(1);
  for (uint64_t key = 1; key <= 1000; ++key) map[key] = 7;
  map.Clear();
  EXPECT_EQ(map.size(), 0u);
  EXPECT_EQ(Contents(map), Pairs());
  EXPECT_EQ(map[5], 0);
}

TEST(CounterMap, KeepsAsMuchMemoryAsTheLastKeysNeeded) {
  CounterMap<int> map(1);
  const size_t least = map.slots();
  for (uint64_t key = 1; key <= 100'000; ++key) map[key] = 7;
  const size_t most = map.slots();
  EXPECT_EQ(most, 262'144u);
  map.Clear();
  EXPECT_EQ(map.slots(), most);
  for (uint64_t key = 1; key <= 1000; ++key) map[key] = 7;
  map.Clear();
  EXPECT_EQ(map.slots(), 4096u);
  for (uint64_t key = 1; key <= 1000; ++key) ++map[key];
  EXPECT_EQ(map.slots(), 4096u);
  EXPECT_EQ(map[1000], 1);
  map.Clear();
  map.Clear();
  EXPECT_EQ(map.slots(), least);
}

TEST(CounterMap, CountsAsAMapDoes) {
  std::mt19937_64 random(1);
  CounterMap<int> map(1);
  for (const uint64_t keys : {10, 1000, 100'000, 50}) {
    std::map<uint64_t, int> expected;
    for (int i = 0; i < 200'000; ++i) {
      const uint64_t key = (random() % keys + 1) << random() % 2 * 32;  // low and high bits
      ++map[key];
      ++expected[key];
    }
    EXPECT_EQ(map.size(), expected.size());
    EXPECT_EQ(Contents(map), Pairs(expected.begin(), expected.end()));
    map.Clear();
  }
}

}  // namespace
}  // namespace kansoku::collector
