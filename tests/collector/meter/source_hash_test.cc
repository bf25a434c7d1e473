// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/source_hash.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <set>
#include <vector>

#include "collector/meter/split_mix.h"

namespace kansoku::collector {
namespace {

SourceHashKey Counting() {
  SourceHashKey key;
  for (size_t i = 0; i < key.size(); ++i) key[i] = static_cast<uint8_t>(i);
  return key;
}

SourceHash HashOf(const SourceHashKey& key) {
  auto hash = SourceHash::FromKey(key);
  EXPECT_TRUE(hash.ok()) << hash.status();
  return *std::move(hash);
}

// vectors_sip64 of https://github.com/veorq/SipHash, of 4 and of 16 octets: a key and a message that count
// up.
TEST(SourceHash, IsSipHashOfTheAddress) {
  const SourceHash hash = HashOf(Counting());
  EXPECT_EQ(hash.OfSource(IpAddress::Ipv4(0x00010203)), 0xcf2794e0277187b7u);
  EXPECT_EQ(hash.OfSource({0x0001020304050607, 0x08090a0b0c0d0e0f}), 0x3f2acc7f57c29bdbu);
}

TEST(SourceHash, NamesItsKey) {
  EXPECT_EQ(HashOf(Counting()).key_id(), HashOf(Counting()).key_id());
  std::set<uint64_t> ids = {0, HashOf(Counting()).key_id()};
  for (size_t octet = 0; octet < 32; ++octet) {
    SourceHashKey other = Counting();
    other[octet] ^= 1;
    EXPECT_TRUE(ids.insert(HashOf(other).key_id()).second) << octet;
  }
}

TEST(SourceHash, HashesSourcesByTheFirstHalfOfTheKeyAndDarkAddressesByTheSecond) {
  SourceHashKey other_first = Counting(), other_second = Counting();
  other_first[15] ^= 1;
  other_second[16] ^= 1;
  const auto parts = [](const SourceHash& hash) {
    std::vector<uint64_t> of;
    for (uint32_t i = 0; i < 256; ++i) of.push_back(hash.PartOfDark(IpAddress::Ipv4(0xc6336400 + i)));
    return of;
  };
  const SourceHash hash = HashOf(Counting()), first = HashOf(other_first), second = HashOf(other_second);
  const IpAddress source = IpAddress::Ipv4(0x01020304);
  EXPECT_NE(hash.OfSource(source), first.OfSource(source));
  EXPECT_EQ(parts(hash), parts(first));
  EXPECT_EQ(hash.OfSource(source), second.OfSource(source));
  EXPECT_NE(parts(hash), parts(second));
}

// Linear counting takes the parts as drawn by lot: of n addresses 64 * (1 - 1/64)^n parts see none.
TEST(SourceHash, DividesNeighboursAmongThePartsAsByLot) {
  SplitMix64 random(1);
  for (const int addresses : {16, 64, 128}) {
    double empty = 0;
    constexpr int kKeys = 2000;
    for (int i = 0; i < kKeys; ++i) {
      SourceHashKey key;
      for (uint8_t& octet : key) octet = static_cast<uint8_t>(random.Next());
      const SourceHash hash = HashOf(key);
      uint64_t parts = 0;
      for (int n = 0; n < addresses; ++n) {
        const uint64_t part = hash.PartOfDark(IpAddress::Ipv4(0xc6336400 + static_cast<uint32_t>(n)));
        ASSERT_EQ(std::popcount(part), 1);
        parts |= part;
      }
      empty += 64 - std::popcount(parts);
    }
    const double expected = 64 * std::pow(1 - 1.0 / 64, addresses);
    EXPECT_NEAR(empty / kKeys, expected, 0.35) << addresses;
  }
}

}  // namespace
}  // namespace kansoku::collector
