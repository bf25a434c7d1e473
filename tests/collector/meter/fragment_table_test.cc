// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/fragment_table.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <vector>

#include "tests/collector/meter/packets.h"

namespace kansoku::collector {
namespace {

constexpr uint64_t kSeed = 1;

class FragmentTableTest : public ::testing::TestWithParam<int> {
 protected:
  static DecodedPacket First(uint32_t id, int64_t captured_unix_ns = kStartNs) {
    DecodedPacket packet = UdpPacket(static_cast<uint8_t>(GetParam()), captured_unix_ns);
    packet.is_fragment = true;
    packet.identification = id;
    return packet;
  }
  static DecodedPacket Later(uint32_t id, int64_t captured_unix_ns = kStartNs) {
    DecodedPacket packet = First(id, captured_unix_ns);
    packet.source_port = packet.destination_port = 0;
    packet.remarks = kRemarkLaterFragment;
    return packet;
  }
};
INSTANTIATE_TEST_SUITE_P(Families, FragmentTableTest, ::testing::Values(4, 6),
                         [](const auto& family) { return family.param == 4 ? "Ipv4" : "Ipv6"; });

TEST_P(FragmentTableTest, GivesALaterFragmentThePortsOfItsFirst) {
  FragmentTable table(64, kSeed);
  DecodedPacket first = First(7);
  EXPECT_FALSE(table.Join(first)) << "it has its own";
  for (int fragment = 0; fragment < 3; ++fragment) {
    DecodedPacket later = Later(7, kStartNs + fragment);
    EXPECT_TRUE(table.Join(later));
    EXPECT_EQ(later.source_port, 1000);
    EXPECT_EQ(later.destination_port, 2000);
  }
}

TEST_P(FragmentTableTest, LeavesAFragmentAloneThatCameBeforeItsFirst) {
  FragmentTable table(64, kSeed);
  DecodedPacket later = Later(7), first = First(7);
  EXPECT_FALSE(table.Join(later));
  EXPECT_EQ(later.source_port, 0);
  table.Join(first);
  EXPECT_TRUE(table.Join(later));
}

TEST_P(FragmentTableTest, KnowsDatagramsApartByTheWholeKey) {
  FragmentTable table(64, kSeed);
  DecodedPacket first = First(7);
  table.Join(first);
  const std::vector<std::function<void(DecodedPacket&)>> changes = {
      [](DecodedPacket& p) { p.identification = 8; },
      [](DecodedPacket& p) { p.identification = 7 | 1 << 31; },
      [](DecodedPacket& p) { p.protocol = kProtocolTcp; },
      [](DecodedPacket& p) { p.encapsulation = Encapsulation::kGre; },
      [](DecodedPacket& p) { p.source = HostAt(p.ip_version, 3); },
      [](DecodedPacket& p) { p.destination = HostAt(p.ip_version, 3); },
      [](DecodedPacket& p) { std::swap(p.source, p.destination); },
      [](DecodedPacket& p) { p.ip_version = static_cast<uint8_t>(10 - p.ip_version); },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    DecodedPacket later = Later(7);
    changes[i](later);
    EXPECT_FALSE(table.Join(later)) << i;
    EXPECT_EQ(later.destination_port, 0) << i;
  }
}

TEST_P(FragmentTableTest, ForgetsAfterItsLifetime) {
  FragmentTable table(64, kSeed);
  DecodedPacket first = First(7);
  table.Join(first);
  DecodedPacket in_time = Later(7, kStartNs + FragmentTable::kLifetimeNs);
  EXPECT_TRUE(table.Join(in_time));
  DecodedPacket too_late = Later(7, kStartNs + FragmentTable::kLifetimeNs + 1);
  EXPECT_FALSE(table.Join(too_late));
  DecodedPacket before = Later(7, kStartNs - FragmentTable::kLifetimeNs - 1);
  EXPECT_FALSE(table.Join(before));
}

TEST_P(FragmentTableTest, TakesTheLatestFirstWhereAnIdentificationComesRound) {
  FragmentTable table(64, kSeed);
  DecodedPacket first = First(7), second = First(7, kStartNs + 1), later = Later(7, kStartNs + 2);
  second.source_port = 5353;
  table.Join(first);
  table.Join(second);
  EXPECT_TRUE(table.Join(later));
  EXPECT_EQ(later.source_port, 5353);
}

TEST_P(FragmentTableTest, HasNothingToGiveWithoutPorts) {
  FragmentTable table(64, kSeed);
  DecodedPacket first = First(7), later = Later(7);
  first.source_port = first.destination_port = 0;
  table.Join(first);
  EXPECT_FALSE(table.Join(later));
}

TEST_P(FragmentTableTest, ForgetsTheOldestOfAFullSet) {
  FragmentTable table(1, kSeed);  // one set of four
  for (uint32_t id = 0; id < 5; ++id) {
    DecodedPacket first = First(id, kStartNs + id);
    table.Join(first);
  }
  for (uint32_t id = 0; id < 5; ++id) {
    DecodedPacket later = Later(id, kStartNs + 5);
    EXPECT_EQ(table.Join(later), id != 0) << id;
  }
}

TEST_P(FragmentTableTest, SpreadsDatagramsOverItsSets) {
  constexpr uint32_t kEntries = 4096;
  FragmentTable table(kEntries, kSeed);
  for (uint32_t id = 0; id < kEntries / 4; ++id) {
    DecodedPacket first = First(id, kStartNs + id);
    table.Join(first);
  }
  uint32_t joined = 0;
  for (uint32_t id = 0; id < kEntries / 4; ++id) {
    DecodedPacket later = Later(id, kStartNs + kEntries);
    joined += table.Join(later);
  }
  // One datagram for each set: more than four meet in one with probability 0.4 %.
  EXPECT_GT(joined, kEntries / 4 * 99 / 100);
}

TEST_P(FragmentTableTest, TakesAnyTime) {
  FragmentTable table(64, kSeed);
  for (const int64_t time : {std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()}) {
    DecodedPacket first = First(7, time), later = Later(7, time), other = Later(7, ~time);
    table.Join(first);
    EXPECT_TRUE(table.Join(later));
    EXPECT_FALSE(table.Join(other));
  }
}

}  // namespace
}  // namespace kansoku::collector
