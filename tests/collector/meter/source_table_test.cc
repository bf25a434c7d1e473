// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/source_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "collector/meter/split_mix.h"
#include "tests/collector/meter/packets.h"

namespace kansoku::collector {
namespace {

constexpr size_t kEast = 0, kWest = 1;

SourceTable::Touched Touch(SourceTable& table, const IpAddress& address, size_t sensor = kEast,
                           uint32_t packets = 1) {
  const uint64_t hash = table.Hash(sensor, address);
  table.Prefetch(hash);
  return table.Touch(sensor, address, hash, table.Find(hash), packets);
}

using Counts = std::map<std::pair<size_t, IpAddress>, uint64_t>;  // by sensor and source

Counts CountsOf(const SourceTable& table) {
  Counts counts;
  table.ForEach([&](const DarkSource& source) { counts[{source.sensor, source.address}] = source.packets; });
  return counts;
}

std::map<uint32_t, uint32_t> PortsOf(const SourceTable& table, const DarkSource& source) {
  std::map<uint32_t, uint32_t> ports;
  table.ForEachPort(
      source, [&](const PortCount& count) { EXPECT_TRUE(ports.emplace(count.port, count.packets).second); });
  return ports;
}

TEST(SourceTable, TellsSourcesApartByAddressAndSensor) {
  SourceTable table(64, 1);
  EXPECT_TRUE(Touch(table, HostAt(4, 1)).is_new);
  EXPECT_FALSE(Touch(table, HostAt(4, 1)).is_new);
  EXPECT_TRUE(Touch(table, HostAt(4, 1), kWest, 3).is_new);
  EXPECT_TRUE(Touch(table, HostAt(6, 1)).is_new);
  EXPECT_EQ(CountsOf(table),
            (Counts{{{kEast, HostAt(4, 1)}, 2}, {{kWest, HostAt(4, 1)}, 3}, {{kEast, HostAt(6, 1)}, 1}}));
  EXPECT_EQ(table.size(), 3u);
  EXPECT_EQ(table.lost_packets(kEast), 0u);
  table.Clear();
  EXPECT_EQ(CountsOf(table), Counts());
  EXPECT_TRUE(Touch(table, HostAt(4, 1)).is_new) << "what is left in memory is nobody's";
}

// What was found for the whole hand holds or is found anew.
TEST(SourceTable, FindsASourceThatAnotherPacketOfTheHandBrought) {
  SourceTable table(64, 1);
  const uint64_t hash = table.Hash(kEast, HostAt(4, 1));
  const uint32_t before = table.Find(hash);
  Touch(table, HostAt(4, 1));
  EXPECT_FALSE(table.Touch(kEast, HostAt(4, 1), hash, before, 1).is_new);
  for (uint32_t n = 2; n < 1000; ++n) Touch(table, HostAt(4, n));
  table.Touch(kEast, HostAt(4, 1), hash, before, 1);
  uint64_t counted = 0;
  for (const auto& [source, packets] : CountsOf(table)) counted += packets;
  EXPECT_EQ(counted + table.lost_packets(kEast), 2u + 998 + 1);
}

TEST(SourceTable, CountsSixtyFourPortsOfASource) {
  SourceTable table(64, 1);
  DarkSource& source = *Touch(table, HostAt(4, 1)).source;
  std::map<uint32_t, uint32_t> expected;
  for (uint32_t round = 1; round <= 2; ++round) {
    for (uint16_t port = 0; port < 80; ++port) {
      const bool is_udp = port % 2 == 1;
      const uint32_t of = SourceTable::PortOf(is_udp, static_cast<uint16_t>(port / 2 * 1000));
      EXPECT_EQ(table.CountPort(source, of, round), port < 64) << port;
      if (port < 64) expected[of] += round;
    }
  }
  EXPECT_EQ(PortsOf(table, source), expected);
  EXPECT_EQ(expected.size(), 64u);
}

// 64 entries share 16 blocks of 15 ports; a source has four without one.
TEST(SourceTable, SharesTheRoomForPortsAndTakesItBack) {
  SourceTable table(64, 1);
  const auto fill = [&table](DarkSource& source) {
    size_t ports = 0;
    for (uint16_t port = 1; port <= 64; ++port) ports += table.CountPort(source, port, 1) ? 1 : 0;
    return ports;
  };
  for (uint32_t n = 1; n <= 4; ++n) EXPECT_EQ(fill(*Touch(table, HostAt(4, n)).source), 64u);
  const IpAddress last = HostAt(4, 5);
  EXPECT_EQ(fill(*Touch(table, last).source), 4u);
  // Each has one packet: those who come later make them give way, and have the room.
  for (uint32_t n = 100; n < 2000; ++n) Touch(table, HostAt(4, n));
  const Counts left = CountsOf(table);
  ASSERT_TRUE(std::none_of(left.begin(), left.end(),
                           [&](const auto& of) { return of.first.second.low < HostAt(4, 100).low; }));
  size_t ports = 0;
  for (uint32_t n = 3000; n < 3004; ++n) {
    DarkSource* source = nullptr;
    while (source == nullptr) source = Touch(table, HostAt(4, n), kEast, 100).source;
    ports += fill(*source);
  }
  EXPECT_EQ(ports, 4u * 64);
  table.Clear();
  for (uint32_t n = 1; n <= 4; ++n) EXPECT_EQ(fill(*Touch(table, HostAt(4, n)).source), 64u);
}

// Eight entries are one set, so that it can be followed by hand.
TEST(SourceTable, MakesThoseGiveWayWhoSentLeast) {
  SourceTable table(8, 1);
  for (uint32_t n = 1; n <= 8; ++n) Touch(table, HostAt(4, n), kEast, n);
  EXPECT_EQ(Touch(table, HostAt(4, 9)).source, nullptr) << "every credit is one less";
  EXPECT_EQ(table.lost_packets(kEast), 1u);
  EXPECT_EQ(table.most_lost(), 1u);
  EXPECT_TRUE(Touch(table, HostAt(4, 10), kWest).is_new) << "host 1 had no credit left";
  EXPECT_EQ(table.lost_packets(kEast), 2u);
  EXPECT_EQ(table.most_lost(), 1u);
  // Credits are now 1 to 7 and that of the newcomer, 1.
  EXPECT_TRUE(Touch(table, HostAt(4, 11), kEast, 5).is_new);
  EXPECT_EQ(table.most_lost(), 2u);
  EXPECT_EQ(table.lost_packets(kEast), 2u);
  EXPECT_EQ(table.lost_packets(kWest), 1u) << "host 10's";
  const Counts left = CountsOf(table);
  EXPECT_EQ(left.size(), 8u);
  for (uint32_t n = 2; n <= 8; ++n) EXPECT_EQ(left.at({kEast, HostAt(4, n)}), n);
  EXPECT_EQ(left.at({kEast, HostAt(4, 11)}), 5u);
}

TEST(SourceTable, LosesWhatACounterCannotHold) {
  SourceTable table(64, 1);
  constexpr uint32_t kMost = std::numeric_limits<uint32_t>::max();
  Touch(table, HostAt(4, 1), kEast, kMost - 1);
  EXPECT_NE(Touch(table, HostAt(4, 1)).source, nullptr);
  EXPECT_EQ(Touch(table, HostAt(4, 1), kEast, 7).source, nullptr);
  EXPECT_EQ(CountsOf(table), (Counts{{{kEast, HostAt(4, 1)}, kMost}}));
  EXPECT_EQ(table.lost_packets(kEast), 7u);
  EXPECT_EQ(table.most_lost(), 7u);
}

// Sources of many sizes among many that send one packet each, in tables much too small for them.
TEST(SourceTable, NeverLosesMoreOfASourceThanItSays) {
  for (const uint32_t entries : {8u, 64u, 256u}) {
    SourceTable table(entries, entries);
    SplitMix64 random(entries);
    Counts sent;
    std::array<uint64_t, 2> packets_to{};
    constexpr int kPackets = 100'000;
    for (int i = 0; i < kPackets; ++i) {
      const uint64_t drawn = random.Next();
      // One in four is a flood's, the others are of sources 1 to 200, the first ones most.
      const auto n = static_cast<uint32_t>(drawn % 4 == 0 ? 1'000'000 + i : 200 / (1 + (drawn >> 8) % 200));
      const size_t sensor = drawn >> 4 & 1;
      const auto packets = static_cast<uint32_t>(1 + (drawn >> 5) % 8 / 7 * 9);
      Touch(table, HostAt(4, n), sensor, packets);
      sent[{sensor, HostAt(4, n)}] += packets;
      packets_to[sensor] += packets;
    }
    const Counts counted = CountsOf(table);
    EXPECT_EQ(counted.size(), table.size());
    EXPECT_LE(table.size(), entries);
    std::array<uint64_t, 2> counted_to{};
    for (const auto& [source, packets] : counted) {
      EXPECT_LE(packets, sent.at(source));
      counted_to[source.first] += packets;
    }
    for (const size_t sensor : {kEast, kWest})
      EXPECT_EQ(counted_to[sensor] + table.lost_packets(sensor), packets_to[sensor]);
    uint64_t most_lost = 0;
    for (const auto& [source, packets] : sent) {
      const auto known = counted.find(source);
      most_lost = std::max(most_lost, packets - (known == counted.end() ? 0 : known->second));
    }
    EXPECT_LE(most_lost, table.most_lost()) << entries;
    EXPECT_GT(most_lost, 0u);
    EXPECT_LE(table.most_lost(), (packets_to[kEast] + packets_to[kWest]) / 9);
  }
}

// Whoever comes late, when all sets are full, is seen.
TEST(SourceTable, KeepsWhoSendsMuchThroughAFlood) {
  SourceTable table(1024, 1);
  const size_t octets = table.octets();
  EXPECT_EQ(octets, 1024u * 168);
  for (uint32_t n = 0; n < 1'000'000; ++n) {
    Touch(table, IpAddress::Ipv4(0x0a000000 + n));
    if (n >= 500'000 && n % 100 == 0) Touch(table, HostAt(4, n / 100 % 8));
  }
  const Counts left = CountsOf(table);
  uint64_t counted = 0;
  for (const auto& [source, packets] : left) counted += packets;
  EXPECT_EQ(counted + table.lost_packets(kEast), 1'005'000u);
  for (uint32_t n = 0; n < 8; ++n) {
    const auto known = left.find({kEast, HostAt(4, n)});
    ASSERT_NE(known, left.end()) << n;
    EXPECT_GE(known->second + table.most_lost(), 625u);
    EXPECT_GT(known->second, 400u);
  }
  EXPECT_EQ(table.octets(), octets);
}

}  // namespace
}  // namespace kansoku::collector
