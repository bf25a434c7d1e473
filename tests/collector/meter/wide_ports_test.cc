// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/wide_ports.h"

#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "collector/meter/split_mix.h"

namespace kansoku::collector {
namespace {

using Counts = std::map<std::pair<uint32_t, uint32_t>, uint32_t>;  // by source and port

std::vector<WidePorts::Entry> EntriesOf(const Counts& counts) {
  std::vector<WidePorts::Entry> entries;
  for (const auto& [key, packets] : counts) entries.push_back({key.first, key.second, packets});
  return entries;
}

TEST(WidePorts, CountBySourceAndPort) {
  WidePorts ports(8, 1);
  EXPECT_TRUE(ports.Sorted().empty());
  EXPECT_TRUE(ports.Count(2, 0, 1));
  EXPECT_TRUE(ports.Count(1, 0x1ffff, 3));
  EXPECT_TRUE(ports.Count(1, 7, 1));
  EXPECT_TRUE(ports.Count(2, 0, 4));
  EXPECT_EQ(ports.Sorted(), EntriesOf({{{1, 7}, 1}, {{1, 0x1ffff}, 3}, {{2, 0}, 5}}));
}

TEST(WidePorts, HaveRoomForAsManyAsTheySay) {
  WidePorts ports(5, 1);
  const size_t octets = ports.octets();
  EXPECT_EQ(octets, 5u * 24);
  for (uint32_t port = 0; port < 5; ++port) EXPECT_TRUE(ports.Count(1, port, 1));
  EXPECT_FALSE(ports.Count(1, 5, 1));
  EXPECT_FALSE(ports.Count(2, 0, 1));
  EXPECT_TRUE(ports.Count(1, 4, 1)) << "a port that has its place";
  EXPECT_EQ(ports.Sorted(), EntriesOf({{{1, 0}, 1}, {{1, 1}, 1}, {{1, 2}, 1}, {{1, 3}, 1}, {{1, 4}, 2}}));
  ports.Clear();
  EXPECT_TRUE(ports.Sorted().empty());
  EXPECT_TRUE(ports.Count(2, 0, 1));
  EXPECT_EQ(ports.Sorted(), EntriesOf({{{2, 0}, 1}}));
  EXPECT_EQ(ports.octets(), octets);
}

// Rooms of all sizes, asked for more than they have, window after window.
TEST(WidePorts, CountWhatAMapCounts) {
  SplitMix64 random(1);
  for (uint32_t entries = 1; entries <= 2'000; entries = entries * 3 / 2 + 1) {
    WidePorts ports(entries, entries);
    for (int window = 0; window < 3; ++window) {
      Counts counts;
      for (uint32_t i = 0; i < 4 * entries; ++i) {
        const uint64_t drawn = random.Next();
        const auto source = static_cast<uint32_t>(1 + drawn % 5);
        const auto port = static_cast<uint32_t>((drawn >> 8) % (entries / 2 + 1));
        const auto packets = static_cast<uint32_t>(1 + (drawn >> 60));
        const bool has_room = counts.contains({source, port}) || counts.size() < entries;
        ASSERT_EQ(ports.Count(source, port, packets), has_room) << entries;
        if (has_room) counts[{source, port}] += packets;
      }
      ASSERT_EQ(ports.Sorted(), EntriesOf(counts)) << entries;
      ports.Clear();
    }
  }
}

}  // namespace
}  // namespace kansoku::collector
