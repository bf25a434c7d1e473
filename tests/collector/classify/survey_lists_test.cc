// SPDX-License-Identifier: Apache-2.0
#include "collector/classify/survey_lists.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/collector/classify/addresses.h"

namespace kansoku::collector {
namespace {

constexpr uint32_t kFirst = 1, kSecond = 2;  // sets of lists

SurveyListing Listing(const std::string& name, const std::vector<std::string>& prefixes) {
  SurveyListing listing{.name = name, .version = "1"};
  for (const std::string& prefix : prefixes) listing.ranges.push_back({.prefix = PrefixOf(prefix)});
  return listing;
}

TEST(SurveyLists, NoneHaveNobodyOnThem) {
  EXPECT_EQ(SurveyLists().ListsOf(AddressOf("192.0.2.1"), 0), 0u);
  EXPECT_EQ(SurveyLists().ListsOf(AddressOf("2001:db8::1"), 0), 0u);
  EXPECT_EQ(SurveyLists().InForce(0), 0u);
}

TEST(SurveyLists, SayEachListThatAnAddressIsOn) {
  const SurveyLists lists({Listing("a", {"192.0.2.0/24", "2001:db8::/32", "198.51.100.7/32"}),
                           Listing("b", {"192.0.2.128/25", "2001:db8:1::/48"})});
  const auto of = [&](const char* address) { return lists.ListsOf(AddressOf(address), 0); };
  EXPECT_EQ(of("192.0.2.127"), kFirst);
  EXPECT_EQ(of("192.0.2.128"), kFirst | kSecond);
  EXPECT_EQ(of("192.0.3.0"), 0u);
  EXPECT_EQ(of("198.51.100.7"), kFirst);
  EXPECT_EQ(of("198.51.100.8"), 0u);
  EXPECT_EQ(of("2001:db8::1"), kFirst);
  EXPECT_EQ(of("2001:db8:1::1"), kFirst | kSecond);
  EXPECT_EQ(of("2001:db9::1"), 0u);
  ASSERT_EQ(lists.lists().size(), 2u);
  EXPECT_EQ(lists.lists()[0].name, "a");
  EXPECT_EQ(lists.lists()[0].ranges, 3u);
  EXPECT_EQ(lists.lists()[1].ranges, 2u);
}

TEST(SurveyLists, HoldOnlyWhileTheyAreValid) {
  SurveyListing dated = Listing("a", {"192.0.2.0/24"});
  dated.from_unix_ns = 100;
  dated.until_unix_ns = 200;
  const SurveyLists lists({dated, Listing("b", {"192.0.2.0/24"})});
  const auto at = [&](int64_t unix_ns) { return lists.ListsOf(AddressOf("192.0.2.1"), unix_ns); };
  EXPECT_EQ(at(99), kSecond);
  EXPECT_EQ(at(100), kFirst | kSecond);
  EXPECT_EQ(at(199), kFirst | kSecond);
  EXPECT_EQ(at(200), kSecond);
  for (const int64_t unix_ns : {99, 100, 199, 200}) EXPECT_EQ(lists.InForce(unix_ns), at(unix_ns));
}

TEST(SurveyLists, EndWithTheLastOfTheirRanges) {
  SurveyListing listing = Listing("a", {"192.0.2.0/24", "198.51.100.0/24"});
  listing.ranges[0].until_unix_ns = 100;
  listing.ranges[1].until_unix_ns = 150;
  const SurveyLists lists({listing});
  EXPECT_EQ(lists.lists()[0].until_unix_ns, 150);
  EXPECT_EQ(lists.ListsOf(AddressOf("192.0.2.1"), 99), kFirst);
  EXPECT_EQ(lists.ListsOf(AddressOf("192.0.2.1"), 100), 0u);
  EXPECT_EQ(lists.ListsOf(AddressOf("198.51.100.1"), 149), kFirst);
  EXPECT_EQ(lists.InForce(149), kFirst);
  EXPECT_EQ(lists.InForce(150), 0u);
}

// A range that was not seen for long says nothing about the one around it, nor about the same range of
// another operator.
TEST(SurveyLists, MayOverlapWithThemselves) {
  SurveyListing listing =
      Listing("a", {"192.0.2.0/24", "192.0.2.0/25", "198.51.100.0/24", "198.51.100.0/24"});
  listing.ranges[1].until_unix_ns = 100;
  listing.ranges[2].until_unix_ns = 100;
  listing.ranges[3].until_unix_ns = 200;
  const SurveyLists lists({listing});
  EXPECT_EQ(lists.ListsOf(AddressOf("192.0.2.1"), 300), kFirst);
  EXPECT_EQ(lists.ListsOf(AddressOf("198.51.100.1"), 199), kFirst);
  EXPECT_EQ(lists.ListsOf(AddressOf("198.51.100.1"), 200), 0u);
  EXPECT_EQ(lists.lists()[0].ranges, 4u);
}

TEST(SurveyLists, AreThirtyTwoAtMost) {
  std::vector<SurveyListing> listings;
  for (size_t i = 0; i < SurveyLists::kMost; ++i) listings.push_back(Listing("a", {"0.0.0.0/0", "::/0"}));
  const SurveyLists lists(listings);
  EXPECT_EQ(lists.ListsOf(AddressOf("255.255.255.255"), 0), 0xffff'ffffu);
  EXPECT_EQ(lists.ListsOf(AddressOf("ffff::"), 0), 0xffff'ffffu);
  EXPECT_EQ(lists.InForce(0), 0xffff'ffffu);
}

// Against the plain definition: whether any valid range of a list holds the address.
TEST(SurveyLists, AgreeWithASearchOfEveryRange) {
  std::mt19937 random(6);
  std::vector<SurveyListing> listings(3);
  for (SurveyListing& listing : listings) {
    listing.from_unix_ns = static_cast<int64_t>(random() % 50);
    listing.until_unix_ns = static_cast<int64_t>(60 + random() % 50);
    for (int i = 0; i < 300; ++i) {
      // Few different leading bits, so that ranges nest and repeat.
      const IpAddress address = random() % 4 == 0
                                    ? IpAddress{uint64_t{random() % 8} << 61, 0}
                                    : IpAddress::Ipv4((random() % 64) << 26 | (random() % 4) << 14);
      Prefix prefix{address, static_cast<uint8_t>(address.is_ipv4() ? 96 + random() % 33 : random() % 65)};
      const IpAddress mask = prefix.Mask();
      prefix.address = {address.high & mask.high, address.low & mask.low};
      listing.ranges.push_back({prefix, static_cast<int64_t>(40 + random() % 80)});
    }
  }
  const SurveyLists lists(listings);
  uint64_t found = 0;
  for (int i = 0; i < 20'000; ++i) {
    const IpAddress address = random() % 4 == 0
                                  ? IpAddress{uint64_t{random()} << 32, random()}
                                  : IpAddress::Ipv4(static_cast<uint32_t>(random()) & 0xfc01'ffff);
    const auto now = static_cast<int64_t>(random() % 130);
    uint32_t expected = 0;
    for (size_t list = 0; list < listings.size(); ++list) {
      if (now < listings[list].from_unix_ns || now >= listings[list].until_unix_ns) continue;
      for (const SurveyRange& range : listings[list].ranges) {
        const bool holds = range.prefix.Contains(Prefix{address, 128}) && now < range.until_unix_ns;
        expected |= uint32_t{holds} << list;
      }
    }
    ASSERT_EQ(lists.ListsOf(address, now), expected) << ToString(address) << " at " << now;
    found += expected != 0;
  }
  EXPECT_GT(found, 1000u);
}

}  // namespace
}  // namespace kansoku::collector
