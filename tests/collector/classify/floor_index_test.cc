// SPDX-License-Identifier: Apache-2.0
#include "collector/classify/floor_index.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace kansoku::collector {
namespace {

constexpr uint32_t kLast4 = ~uint32_t{0};
constexpr IpAddress kLast6{~uint64_t{0}, ~uint64_t{0}};

// Starts whose values are their positions.
template <typename Key>
FloorIndex<Key> IndexOf(const std::vector<Key>& sorted) {
  std::vector<typename FloorIndex<Key>::Start> starts;
  for (const Key& start : sorted) starts.push_back({start, static_cast<uint32_t>(starts.size())});
  return FloorIndex<Key>(std::move(starts));
}

TEST(FloorIndex, FindsNothingInNothing) {
  EXPECT_EQ(FloorIndex<uint32_t>().Find(0), FloorIndex<uint32_t>::kNone);
  EXPECT_EQ(IndexOf<IpAddress>({}).Find(kLast6), FloorIndex<IpAddress>::kNone);
}

TEST(FloorIndex, FindsTheOnlyStart) {
  const FloorIndex<uint32_t> ipv4 = IndexOf<uint32_t>({7});
  EXPECT_EQ(ipv4.Find(6), FloorIndex<uint32_t>::kNone);
  EXPECT_EQ(ipv4.Find(7), 0u);
  EXPECT_EQ(ipv4.Find(kLast4), 0u);
  const FloorIndex<IpAddress> ipv6 = IndexOf<IpAddress>({{7, 7}});
  EXPECT_EQ(ipv6.Find({7, 6}), FloorIndex<IpAddress>::kNone);
  EXPECT_EQ(ipv6.Find({7, 7}), 0u);
  EXPECT_EQ(ipv6.Find(kLast6), 0u);
}

TEST(FloorIndex, SpansEverything) {
  const FloorIndex<uint32_t> ipv4 = IndexOf<uint32_t>({0, kLast4});
  EXPECT_EQ(ipv4.Find(0), 0u);
  EXPECT_EQ(ipv4.Find(kLast4 - 1), 0u);
  EXPECT_EQ(ipv4.Find(kLast4), 1u);
  const FloorIndex<IpAddress> ipv6 = IndexOf<IpAddress>({{0, 0}, kLast6});
  EXPECT_EQ(ipv6.Find({0, 0}), 0u);
  EXPECT_EQ(ipv6.Find({~uint64_t{0}, ~uint64_t{0} - 1}), 0u);
  EXPECT_EQ(ipv6.Find(kLast6), 1u);
}

// Keys from a random part of the space, so that spans and crowds differ.
uint32_t RandomKey(std::mt19937_64& random, int shift, uint32_t) {
  return static_cast<uint32_t>(random()) >> shift % 32;
}
IpAddress RandomKey(std::mt19937_64& random, int shift, const IpAddress&) {
  return {random() >> shift, random()};
}

template <typename Key>
void ExpectAsBinarySearch() {
  std::mt19937_64 random(1);
  for (int round = 0; round < 200; ++round) {
    const int shift = static_cast<int>(random() % 64);
    std::set<Key> starts;
    for (size_t i = random() % 500 + 1; i > 0; --i) starts.insert(RandomKey(random, shift, Key{}));
    const std::vector<Key> sorted(starts.begin(), starts.end());
    const FloorIndex<Key> index = IndexOf(sorted);
    for (int i = 0; i < 500; ++i) {
      const Key key = i % 2 == 0 ? sorted[random() % sorted.size()] : RandomKey(random, shift / 2, Key{});
      const auto above = std::upper_bound(sorted.begin(), sorted.end(), key);
      ASSERT_EQ(index.Find(key), static_cast<uint32_t>(above - sorted.begin() - 1)) << "round " << round;
    }
  }
}

TEST(FloorIndex, FindsWhatABinarySearchFindsIpv4) { ExpectAsBinarySearch<uint32_t>(); }
TEST(FloorIndex, FindsWhatABinarySearchFindsIpv6) { ExpectAsBinarySearch<IpAddress>(); }

}  // namespace
}  // namespace kansoku::collector
