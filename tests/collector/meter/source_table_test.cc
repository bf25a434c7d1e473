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

using Ports = std::map<uint32_t, uint32_t>;  // packets by port

// Those kept with the source, and those of the others that are its.
Ports PortsOf(const SourceTable& table, const DarkSource& source,
              const std::vector<WidePorts::Entry>& wide = {}) {
  Ports ports;
  table.ForEachOwnPort(
      source, [&](const PortCount& count) { EXPECT_TRUE(ports.emplace(count.port, count.packets).second); });
  for (const WidePorts::Entry& entry : wide) {
    if (entry.source != source.as_wide) continue;
    EXPECT_TRUE(ports.emplace(entry.port, entry.packets).second);
  }
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

TEST(SourceTable, KeepsSixtyFourPortsWithASourceAndTheOthersApart) {
  SourceTable table(64, 1);
  DarkSource& source = *Touch(table, HostAt(4, 1)).source;
  Ports own, others;
  for (uint32_t round = 1; round <= 2; ++round) {
    for (uint16_t port = 0; port < 64 + 64 + 10; ++port) {
      const bool is_udp = port % 2 == 1;
      const uint32_t of = SourceTable::PortOf(is_udp, static_cast<uint16_t>(port / 2 * 100));
      EXPECT_EQ(table.CountPort(source, of, round), port < 128) << port;
      if (port < 128) (port < 64 ? own : others)[of] += round;
    }
  }
  EXPECT_EQ(PortsOf(table, source), own);
  EXPECT_EQ(own.size(), 64u);
  Ports found;
  for (const WidePorts::Entry& entry : table.SortedWidePorts()) {
    EXPECT_EQ(entry.source, source.as_wide);
    EXPECT_TRUE(found.emplace(entry.port, entry.packets).second);
  }
  EXPECT_EQ(found, others);
  EXPECT_EQ(others.size(), 64u) << "as many as there are entries";
  table.Clear();
  EXPECT_TRUE(table.SortedWidePorts().empty());
  EXPECT_EQ(Touch(table, HostAt(4, 1)).source->as_wide, 0);
}

// A table with room for one source with so many ports at a time. Packets rise, so that whoever came first
// gives way first.
TEST(SourceTable, NumbersSourcesWithManyPortsOnceAWindow) {
  constexpr uint32_t kNumbers = 65'535;
  SourceTable table(16, 1);
  uint32_t host = 0;
  const auto next = [&]() -> DarkSource& {
    ++host;
    return *Touch(table, HostAt(4, host), kEast, host).source;
  };
  for (uint32_t n = 1; n <= kNumbers + 10; ++n) {
    DarkSource& source = next();
    for (uint16_t port = 0; port < 64; ++port) ASSERT_TRUE(table.CountPort(source, port, 1));
    ASSERT_EQ(source.as_wide, 0);
    EXPECT_EQ(table.CountPort(source, 64, 1), n <= 16) << "no place is taken back before the window ends";
    ASSERT_EQ(source.as_wide, n <= kNumbers ? n : 0);
    for (int others = 0; others < 50; ++others) next();
  }
}

// Sources with few ports and with many among others that make them give way: what is said of a source is what
// it sent since it is there, to the packet, and only what had no room is missing.
TEST(SourceTable, CountsPortsAsAMapDoesWhoeverGivesWay) {
  size_t gave_way = 0;  // with ports apart, and came back
  for (const uint32_t entries : {64u, 256u}) {
    SourceTable table(entries, entries);
    SplitMix64 random(entries);
    for (int window = 0; window < 2; ++window) {
      std::map<IpAddress, Ports> expected;  // of those who are there
      size_t apart = 0, without_room = 0;
      for (uint32_t i = 0; i < 400 * entries; ++i) {
        const uint64_t drawn = random.Next();
        // Half are a flood's; one in eight is of a source with few ports, and the others are of some with
        // many, of one of five groups that take turns.
        const uint64_t kind = drawn % 8;
        const uint32_t group = i / (25 * entries) % 5 * 10'000;
        const auto among = static_cast<uint32_t>(drawn >> 8 & 0xffff);
        const uint32_t n = kind < 4    ? 1'000'000 + i
                           : kind == 4 ? group + 5'000 + among % entries
                                       : group + among % (entries / 16);
        const IpAddress address = HostAt(4, n);
        const auto [source, is_new] = Touch(table, address);
        if (source == nullptr) continue;
        Ports& ports = expected[address];
        if (is_new) {
          gave_way += ports.size() > SourceTable::kMaxOwnPorts ? 1 : 0;
          ports.clear();
        }
        const auto port = static_cast<uint32_t>(drawn >> 32) % (kind == 4 ? 8 : 200);
        const bool is_known = ports.contains(port);
        const bool is_apart = !is_known && ports.size() >= SourceTable::kMaxOwnPorts;
        const bool has_room = table.CountPort(*source, port, 1);
        ASSERT_TRUE(has_room || !is_known);
        ASSERT_TRUE(!is_apart || has_room == (apart < entries));
        if (has_room) {
          ++ports[port];
          apart += is_apart ? 1 : 0;
        } else {
          ++without_room;
        }
      }
      const std::vector<WidePorts::Entry> wide = table.SortedWidePorts();
      EXPECT_EQ(wide.size(), apart);
      size_t sources = 0;
      table.ForEach([&](const DarkSource& source) {
        ++sources;
        EXPECT_EQ(PortsOf(table, source, wide), expected.at(source.address)) << source.address.low;
      });
      EXPECT_EQ(sources, table.size());
      EXPECT_GT(apart, 0u);
      EXPECT_GT(without_room, 0u);
      table.Clear();
    }
  }
  EXPECT_GT(gave_way, 0u);
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
  EXPECT_EQ(octets, 1024u * 192);
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
