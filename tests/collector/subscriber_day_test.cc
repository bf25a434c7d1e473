// SPDX-License-Identifier: Apache-2.0
#include "collector/subscriber_day.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace kansoku::collector {
namespace {

constexpr int64_t kMidnight = 1'730'386'800;  // in Japan: 2024-10-31T15:00:00Z
constexpr int64_t kDay = 86'400;

DarkSubscribers Seen(uint64_t subscriber, std::vector<uint32_t> addresses) {
  DarkSubscribers seen;
  for (const uint32_t address : addresses) seen.Count(subscriber, DarkReach::To(address), 1);
  return seen;
}

// "reached/scanning/further".
std::string Text(const v1::DarknetSubscribers& added) {
  return absl::StrCat(added.reached(), "/", added.scanning(), "/", added.further_packets());
}

TEST(SubscriberDay, EachCountsInItsFirstWindowAndInThatOfItsThirdAddress) {
  SubscriberDay day;
  EXPECT_EQ(Text(day.Add(kMidnight, {})), "0/0/0");
  EXPECT_EQ(Text(day.Add(kMidnight + 10, Seen(1, {7}))), "1/0/0");
  EXPECT_EQ(Text(day.Add(kMidnight + 20, Seen(1, {7, 8}))), "0/0/0");
  EXPECT_EQ(Text(day.Add(kMidnight + 30, Seen(2, {7, 8, 9}))), "1/1/0");
  EXPECT_EQ(Text(day.Add(kMidnight + 40, Seen(1, {9}))), "0/1/0");
  EXPECT_EQ(Text(day.Add(kMidnight + kDay - 10, Seen(1, {10, 11, 12}))), "0/0/0");
}

TEST(SubscriberDay, BeginsAnewAtMidnightInJapan) {
  SubscriberDay day;
  EXPECT_EQ(Text(day.Add(kMidnight - 10, Seen(1, {7, 8}))), "1/0/0");
  EXPECT_EQ(Text(day.Add(kMidnight, Seen(1, {9}))), "1/0/0");
  EXPECT_EQ(Text(day.Add(kMidnight + 10, Seen(1, {7}))), "0/0/0");
  EXPECT_EQ(Text(day.Add(kMidnight + 20, Seen(1, {8}))), "0/1/0");
  EXPECT_EQ(Text(day.Add(kMidnight + 40 * kDay, Seen(1, {8}))), "1/0/0");
}

TEST(SubscriberDay, AClockThatIsSetBackOverMidnightCountsNobodyTwice) {
  SubscriberDay day;
  EXPECT_EQ(Text(day.Add(kMidnight - 10, Seen(1, {7, 8}))), "1/0/0");
  EXPECT_EQ(Text(day.Add(kMidnight, Seen(1, {7}))), "1/0/0");
  for (int round = 0; round < 3; ++round) {
    SCOPED_TRACE(round);
    EXPECT_EQ(Text(day.Add(kMidnight - 3'600, Seen(1, {8, 7}))), "0/0/0");
    EXPECT_EQ(Text(day.Add(kMidnight + 10, Seen(1, {7}))), "0/0/0");
  }
  // What each day knew goes on to count.
  EXPECT_EQ(Text(day.Add(kMidnight - 20, Seen(1, {9}))), "0/1/0");
  EXPECT_EQ(Text(day.Add(kMidnight - 20, Seen(2, {7}))), "1/0/0");
  EXPECT_EQ(Text(day.Add(kMidnight + 20, Seen(1, {8}))), "0/0/0");
  EXPECT_EQ(Text(day.Add(kMidnight + 20, Seen(1, {9}))), "0/1/0");
  EXPECT_EQ(Text(day.Add(kMidnight + 20, Seen(2, {7}))), "1/0/0");
}

// However wrong the clock was.
TEST(SubscriberDay, ForgetsADayWhenWindowsOfTwoOthersCame) {
  SubscriberDay day;
  EXPECT_EQ(Text(day.Add(kMidnight, Seen(1, {7}))), "1/0/0");
  EXPECT_EQ(Text(day.Add(0, Seen(1, {7}))), "1/0/0");
  EXPECT_EQ(Text(day.Add(kMidnight, Seen(1, {7}))), "0/0/0");
  EXPECT_EQ(Text(day.Add(kMidnight + 9 * kDay, Seen(1, {7}))), "1/0/0");
  EXPECT_EQ(Text(day.Add(0, Seen(1, {7}))), "1/0/0");
  EXPECT_EQ(Text(day.Add(kMidnight + 9 * kDay, Seen(1, {7}))), "0/0/0");
}

TEST(SubscriberDay, WhoFindsNoRoomIsCountedByPackets) {
  SubscriberDay day;
  for (uint64_t first : {uint64_t{0}, kMostDarkSubscribers / 2}) {
    DarkSubscribers seen;
    for (uint64_t i = 0; i < kMostDarkSubscribers / 2; ++i) seen.Count(first + i, DarkReach::To(1), 3);
    EXPECT_EQ(Text(day.Add(kMidnight, seen)), absl::StrCat(kMostDarkSubscribers / 2, "/0/0"));
  }
  DarkSubscribers more = Seen(kMostDarkSubscribers, {1, 2, 3, 4});
  more.Add(Seen(0, {2, 3}));
  more.further_packets += 100;
  EXPECT_EQ(Text(day.Add(kMidnight + 10, more)), "0/1/104");
}

TEST(SubscriberDay, TakesBoundedMemoryWhateverTheClockDoes) {
  DarkSubscribers seen;
  for (uint64_t i = 0; i < kMostDarkSubscribers; ++i) seen.Count(i, DarkReach::To(1), 1);
  SubscriberDay day;
  EXPECT_EQ(day.octets(), 0u);
  for (const int64_t start : {kMidnight - 10, kMidnight, kMidnight + kDay})
    EXPECT_EQ(Text(day.Add(start, seen)), absl::StrCat(kMostDarkSubscribers, "/0/0"));
  EXPECT_EQ(Text(day.Add(kMidnight, seen)), "0/0/0");
  EXPECT_EQ(Text(day.Add(kMidnight, Seen(kMostDarkSubscribers, {1}))), "0/0/1")
      << "each day has its own room";
  EXPECT_LE(day.octets(), 2u * 131'072 * 17);
}

}  // namespace
}  // namespace kansoku::collector
