// SPDX-License-Identifier: Apache-2.0
#include "collector/classify/prefix_map.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/collector/classify/addresses.h"

namespace kansoku::collector {
namespace {

using Map = PrefixMap<int>;

// The value found, -1 for none.
int Find(const Map& map, const IpAddress& address) {
  const int* value = map.Find(address);
  return value == nullptr ? -1 : *value;
}
int Find(const Map& map, const char* address) { return Find(map, AddressOf(address)); }

TEST(PrefixMap, IsEmptyWithoutEntries) {
  EXPECT_EQ(Find(Map(), "192.0.2.1"), -1);
  EXPECT_EQ(Find(Map(std::vector<Map::Entry>{}), "2001:db8::1"), -1);
}

TEST(PrefixMap, TheLongestPrefixWinsIpv4) {
  const Map map(
      {{PrefixOf("192.0.2.0/24"), 24}, {PrefixOf("192.0.2.64/26"), 26}, {PrefixOf("192.0.2.80/32"), 32}});
  EXPECT_EQ(Find(map, "192.0.1.255"), -1);
  EXPECT_EQ(Find(map, "192.0.2.0"), 24);
  EXPECT_EQ(Find(map, "192.0.2.63"), 24);
  EXPECT_EQ(Find(map, "192.0.2.64"), 26);
  EXPECT_EQ(Find(map, "192.0.2.79"), 26);
  EXPECT_EQ(Find(map, "192.0.2.80"), 32);
  EXPECT_EQ(Find(map, "192.0.2.81"), 26);
  EXPECT_EQ(Find(map, "192.0.2.127"), 26);
  EXPECT_EQ(Find(map, "192.0.2.128"), 24);
  EXPECT_EQ(Find(map, "192.0.2.255"), 24);
  EXPECT_EQ(Find(map, "192.0.3.0"), -1);
}

TEST(PrefixMap, TheLongestPrefixWinsIpv6) {
  const Map map({{PrefixOf("2001:db8::/32"), 32},
                 {PrefixOf("2001:db8:0:1::/64"), 64},
                 {PrefixOf("2001:db8:0:1::5/128"), 128}});
  EXPECT_EQ(Find(map, "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff"), -1);
  EXPECT_EQ(Find(map, "2001:db8::"), 32);
  EXPECT_EQ(Find(map, "2001:db8:0:0:ffff:ffff:ffff:ffff"), 32);
  EXPECT_EQ(Find(map, "2001:db8:0:1::4"), 64);
  EXPECT_EQ(Find(map, "2001:db8:0:1::5"), 128);
  EXPECT_EQ(Find(map, "2001:db8:0:1::6"), 64);
  EXPECT_EQ(Find(map, "2001:db8:0:2::"), 32);
  EXPECT_EQ(Find(map, "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"), 32);
  EXPECT_EQ(Find(map, "2001:db9::"), -1);
}

TEST(PrefixMap, PrefixesThatEndTogetherGiveWayToTheOuterOne) {
  const Map map({{PrefixOf("10.0.0.0/8"), 8},
                 {PrefixOf("10.128.0.0/9"), 9},
                 {PrefixOf("10.255.255.255/32"), 32},
                 {PrefixOf("11.0.0.0/8"), 11}});
  EXPECT_EQ(Find(map, "10.255.255.254"), 9);
  EXPECT_EQ(Find(map, "10.255.255.255"), 32);
  EXPECT_EQ(Find(map, "11.0.0.0"), 11);
  EXPECT_EQ(Find(map, "12.0.0.0"), -1);
}

TEST(PrefixMap, EverythingIsAPrefixToo) {
  const Map map({{PrefixOf("0.0.0.0/0"), 4},
                 {PrefixOf("255.255.255.255/32"), 32},
                 {PrefixOf("::/0"), 6},
                 {PrefixOf("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"), 128}});
  EXPECT_EQ(Find(map, "0.0.0.0"), 4);
  EXPECT_EQ(Find(map, "255.255.255.254"), 4);
  EXPECT_EQ(Find(map, "255.255.255.255"), 32);
  EXPECT_EQ(Find(map, "::"), 6);
  EXPECT_EQ(Find(map, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"), 6);
  EXPECT_EQ(Find(map, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), 128);
}

TEST(PrefixMap, OneFamilyNeverAnswersForTheOther) {
  EXPECT_EQ(Find(Map({{PrefixOf("::/0"), 6}}), "192.0.2.1"), -1);
  EXPECT_EQ(Find(Map({{PrefixOf("0.0.0.0/0"), 4}}), "::1"), -1);
}

// Prefixes and addresses that differ in few bits, so that they nest and meet often.
IpAddress RandomAddress(std::mt19937_64& random, bool ipv4) {
  const uint64_t bits = random() & random() & random();
  if (ipv4) return IpAddress::Ipv4(static_cast<uint32_t>(bits));
  return {0x2000'0000'0000'0000 | bits >> 8, random() & random() & random()};
}

Prefix RandomPrefix(std::mt19937_64& random, bool ipv4) {
  Prefix prefix;
  prefix.length = static_cast<uint8_t>(ipv4 ? 96 + random() % 33 : random() % 129);
  const IpAddress address = RandomAddress(random, ipv4), mask = prefix.Mask();
  prefix.address = {address.high & mask.high, address.low & mask.low};
  return prefix;
}

int NaiveFind(const std::vector<Map::Entry>& entries, const IpAddress& address) {
  const Prefix host{address, 128};
  const Map::Entry* best = nullptr;
  for (const Map::Entry& entry : entries) {
    if (entry.prefix.Contains(host) && (best == nullptr || entry.prefix.length > best->prefix.length))
      best = &entry;
  }
  return best == nullptr ? -1 : best->value;
}

void ExpectAsNaive(bool ipv4) {
  std::mt19937_64 random(ipv4 ? 4 : 6);
  int found = 0, missed = 0;
  for (int round = 0; round < 100; ++round) {
    std::map<std::pair<IpAddress, int>, Map::Entry> unique;
    for (size_t i = random() % 200 + 1; i > 0; --i) {
      const Prefix prefix = RandomPrefix(random, ipv4);
      if (prefix.length > (ipv4 ? 97 : 3))
        unique[{prefix.address, prefix.length}] = {prefix, static_cast<int>(i)};
    }
    std::vector<Map::Entry> entries;
    for (const auto& [key, entry] : unique) entries.push_back(entry);
    std::shuffle(entries.begin(), entries.end(), random);
    const Map map(entries);
    std::vector<IpAddress> addresses;
    for (int i = 0; i < 200; ++i) addresses.push_back(RandomAddress(random, ipv4));
    for (const Map::Entry& entry : entries) {
      addresses.push_back(entry.prefix.first());
      addresses.push_back(entry.prefix.last());
    }
    for (const IpAddress& address : addresses) {
      const int expected = NaiveFind(entries, address);
      ASSERT_EQ(Find(map, address), expected) << ToString(address) << " in round " << round;
      ++(expected < 0 ? missed : found);
    }
  }
  EXPECT_GT(found, 1000);
  EXPECT_GT(missed, 1000);
}

TEST(PrefixMap, FindsWhatANaiveSearchFindsIpv4) { ExpectAsNaive(true); }
TEST(PrefixMap, FindsWhatANaiveSearchFindsIpv6) { ExpectAsNaive(false); }

}  // namespace
}  // namespace kansoku::collector
