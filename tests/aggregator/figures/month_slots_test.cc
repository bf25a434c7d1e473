// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/month_slots.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/aggregator/figures/month_literals.h"

namespace kansoku::aggregator {
namespace {

constexpr SlotGrid kOddHours{2, 1}, kEvenHours{2, 0}, kHours{1, 0};

// METRICS 8, V14.
TEST(MonthSlots, AreThreeHundredAndSixtyInNovemberAndTwelveMoreInMay) {
  const v1::Statistics none;
  EXPECT_EQ(SlotsOf({2024, 11}, kEvenHours, none).slots.size(), 360u);
  EXPECT_EQ(SlotsOf({2025, 5}, kEvenHours, none).slots.size(), 372u);
  // At odd hours the first and the last are halves of one.
  EXPECT_EQ(SlotsOf({2024, 11}, kOddHours, none).slots.size(), 361u);
  EXPECT_EQ(SlotsOf({2025, 5}, kOddHours, none).slots.size(), 373u);
  EXPECT_EQ(SlotsOf({2024, 11}, kOddHours, none).month_seconds(), 360 * 7'200);
  EXPECT_EQ(SlotsOf({2025, 5}, kOddHours, none).month_seconds(), 372 * 7'200);
  EXPECT_EQ(SlotsOf({2016, 6}, kHours, none).slots.size(), 720u);
}

TEST(MonthSlots, AreCutAtTheEdgesOfTheMonth) {
  const MonthSlots november = SlotsOf({2024, 11}, kOddHours, {});
  const int64_t start = 1'730'386'800;  // 2024-10-31T15:00:00Z
  const Slot& first = november.slots.front();
  EXPECT_EQ(first.start_unix_seconds, start);
  EXPECT_EQ(first.end_unix_seconds, start + 3'600);
  EXPECT_EQ(first.hour, 23);
  EXPECT_FALSE(first.is_whole);
  EXPECT_EQ(first.weekday, absl::Weekday::thursday);  // it began on 31 October
  const Slot& second = november.slots[1];
  EXPECT_EQ(second.start_unix_seconds, start + 3'600);
  EXPECT_EQ(second.hour, 1);
  EXPECT_TRUE(second.is_whole);
  EXPECT_EQ(second.weekday, absl::Weekday::friday);
  const Slot& last = november.slots.back();
  EXPECT_EQ(last.end_unix_seconds, start + 2'592'000);
  EXPECT_EQ(last.seconds(), 3'600);
  EXPECT_EQ(last.hour, 23);
  EXPECT_FALSE(last.is_whole);
}

TEST(MonthSlots, HoldEverySecondOnce) {
  for (const SlotGrid grid : {kOddHours, kEvenHours, kHours, SlotGrid{8, 3}}) {
    const MonthSlots slots = SlotsOf({2024, 2}, grid, {});
    EXPECT_EQ(slots.slots.front().start_unix_seconds, StartUnixSeconds({2024, 2}));
    EXPECT_EQ(slots.slots.back().end_unix_seconds, EndUnixSeconds({2024, 2}));
    for (size_t i = 0; i < slots.slots.size(); ++i) {
      const Slot& slot = slots.slots[i];
      if (i > 0) {
        EXPECT_EQ(slot.start_unix_seconds, slots.slots[i - 1].end_unix_seconds);
      }
      EXPECT_EQ(slots.IndexOf(slot.start_unix_seconds), i);
      EXPECT_EQ(slots.IndexOf(slot.end_unix_seconds - 1), i);
      EXPECT_EQ(slot.is_whole, slot.seconds() == slots.slot_seconds());
    }
    EXPECT_EQ(slots.IndexOf(StartUnixSeconds({2024, 2}) - 1), std::nullopt);
    EXPECT_EQ(slots.IndexOf(EndUnixSeconds({2024, 2})), std::nullopt);
  }
}

// METRICS 3.8: the Monday after a holiday on a Sunday is one too.
TEST(MonthSlots, TellTwentyWeekdaysOfNovember2024FromTenOtherDays) {
  v1::Statistics statistics;
  AddHoliday("2024-11-03", statistics);
  AddHoliday("2024-11-04", statistics);
  AddHoliday("2024-11-23", statistics);
  std::map<DayType, int> days;
  for (const Slot& slot : SlotsOf({2024, 11}, kOddHours, statistics).slots) {
    if (slot.hour == 9) ++days[slot.day_type];
  }
  EXPECT_EQ(days[DayType::kWeekday], 20);
  EXPECT_EQ(days[DayType::kHoliday], 10);
}

TEST(MonthSlots, BelongToTheDayOnWhichTheyBegin) {
  v1::Statistics statistics;
  AddHoliday("2024-11-04", statistics);
  const MonthSlots november = SlotsOf({2024, 11}, kOddHours, statistics);
  const auto at = [&](int day, int hour) {
    return november
        .slots[*november.IndexOf(StartUnixSeconds({2024, 11}) + (day - 1) * 86'400 + hour * 3'600)];
  };
  EXPECT_EQ(at(4, 0).day_type, DayType::kHoliday);  // 23-01 of Sunday the 3rd
  EXPECT_EQ(at(4, 23).day_type, DayType::kHoliday);
  EXPECT_EQ(at(5, 0).day_type, DayType::kHoliday);  // still the slot of the 4th
  EXPECT_EQ(at(5, 0).weekday, absl::Weekday::monday);
  EXPECT_EQ(at(5, 1).day_type, DayType::kWeekday);
  EXPECT_EQ(at(5, 1).weekday, absl::Weekday::tuesday);
}

TEST(SlotGrid, IsOfTwoHoursAtTheRegistersOffsetOrOfOne) {
  v1::StatisticsRegister statistics_register;
  statistics_register.set_slot_offset_hours(1);
  const SlotGrid fixed = GridOf(v1::SERIES_FIXED, statistics_register);
  EXPECT_EQ(fixed.hours, 2);
  EXPECT_EQ(fixed.offset_hours, 1);
  const SlotGrid mobile = GridOf(v1::SERIES_MOBILE, statistics_register);
  EXPECT_EQ(mobile.hours, 1);
  EXPECT_EQ(mobile.offset_hours, 0);
}

TEST(SlotLabel, NamesBothHours) {
  EXPECT_EQ(SlotLabel(kOddHours, 21), "21-23");
  EXPECT_EQ(SlotLabel(kOddHours, 23), "23-01");
  EXPECT_EQ(SlotLabel(kHours, 8), "08-09");
  EXPECT_EQ(SlotLabel(kHours, 23), "23-00");
}

}  // namespace
}  // namespace kansoku::aggregator
