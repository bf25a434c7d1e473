// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/imputation.h"

#include <gtest/gtest.h>

#include "tests/aggregator/figures/month_literals.h"

namespace kansoku::aggregator {
namespace {

// Hours after the start of November 2024, a Friday.
constexpr int kDay = 24;

// Each hour's number as its download, and a thousand times that as its upload.
v1::PointMonth Numbered() {
  v1::MonthInputs inputs = EmptyInputs(v1::SERIES_FIXED, "2024-11");
  return AddMeasured(
      "a", v1::GROUP_A1, [](int hour) { return std::pair<uint64_t, uint64_t>(hour, 1'000 * hour); }, inputs);
}

MonthSlots November(int offset_hours = 1) { return SlotsOf({2024, 11}, {2, offset_hours}, {}); }

// Of the hour's octets so many windows were lost.
void Lose(v1::PointMonth& point, int hour, uint32_t windows, uint64_t octets) {
  v1::HourVolume& volume = *point.mutable_hours(hour);
  volume.set_windows(volume.windows() - windows);
  volume.set_download_octets(volume.download_octets() - octets);
  volume.set_upload_octets(volume.upload_octets() - octets);
}

TEST(Impute, LeavesACompleteMonthAsItIs) {
  const ImputedPoint imputed = Impute(Numbered(), November());
  EXPECT_FALSE(imputed.is_filled);
  EXPECT_FALSE(imputed.withheld.has_value());
  EXPECT_EQ(imputed.present_seconds, 2'592'000);
  EXPECT_EQ(imputed.download.slots.front().octets, 0);       // hour 0
  EXPECT_EQ(imputed.download.slots[1].octets, 1 + 2);        // 01-03
  EXPECT_EQ(imputed.upload.slots[2].octets, 3'000 + 4'000);  // 03-05
  EXPECT_EQ(imputed.download.slots.back().octets, 719);
  EXPECT_EQ(imputed.download.filled_octets, 0);
}

// Computed by hand. The first Friday's slot 09-11 is hours 9 and 10. Weekdays of November 2024 (no calendar
// of holidays here) are the 1st, 4th to 8th, 11th to 15th, 18th to 22nd, 25th to 29th: 21, of which 20 are
// complete. Day d's slot holds 24 (d - 1) + 9 + 24 (d - 1) + 10 = 48 (d - 1) + 19. The median of twenty is
// the mean of the tenth and the eleventh, days 15 and 18: of 691 and 835 it is 763. One window of 720 is
// missing.
TEST(Impute, FillsOneMissingWindowWithItsShareOfTheMedian) {
  v1::PointMonth point = Numbered();
  Lose(point, 9, 1, 5);
  const ImputedPoint imputed = Impute(point, November());
  EXPECT_TRUE(imputed.is_filled);
  EXPECT_EQ(imputed.present_seconds, 2'592'000 - 10);
  EXPECT_EQ(imputed.download.filled_octets, QuotientOf(763, 720));
  EXPECT_EQ(imputed.download.slots[5].octets, 9 + 10 - 5 + QuotientOf(763, 720));
  EXPECT_EQ(imputed.upload.filled_octets, QuotientOf(763'000, 720));
}

TEST(Impute, TakesTheMiddleOfAnOddNumberOfSlots) {
  v1::PointMonth point = Numbered();
  Lose(point, 9, 1, 5);
  Lose(point, 9 + 28 * kDay, 1, 0);  // Friday the 29th: nineteen are left, the middle is day 15
  EXPECT_EQ(Impute(point, November()).download.filled_octets, QuotientOf(2 * 691, 720));
}

TEST(Impute, FillsAWholeMissingSlotWithTheMedian) {
  v1::PointMonth point = Numbered();
  point.mutable_hours()->DeleteSubrange(9, 2);
  const ImputedPoint imputed = Impute(point, November());
  EXPECT_EQ(imputed.download.slots[5].octets, 763);
  EXPECT_EQ(imputed.present_seconds, 2'592'000 - 7'200);
}

TEST(Impute, TakesHolidaysForHolidays) {
  v1::PointMonth point = Numbered();
  Lose(point, 9 + kDay, 360, 0);  // Saturday the 2nd
  // The other eight days: 3, 9, 10, 16 | 17, 23, 24, 30.
  const Rational median = QuotientOf(48 * 15 + 19 + 48 * 16 + 19, 2);
  EXPECT_EQ(Impute(point, November()).download.filled_octets, median / 2);
}

// The halves of 23-01 at both edges are of the slots of whole days, of which they miss a half at most.
TEST(Impute, FillsTheHalfSlotsOfTheEdgesFromWholeOnes) {
  v1::PointMonth point = Numbered();
  Lose(point, 0, 360, 0);
  const ImputedPoint imputed = Impute(point, November());
  // It began on Thursday, 31 October. The slots of weekdays that are whole: all 21. The middle one is the
  // 15th's, hours 14 x 24 + 23 and the next: 359 + 360.
  EXPECT_EQ(imputed.download.slots.front().octets, QuotientOf(719, 2));
  EXPECT_EQ(imputed.download.filled_octets, QuotientOf(719, 2));
}

TEST(Impute, TakesNoHalfSlotForAWholeOne) {
  v1::PointMonth point = Numbered();
  for (int day = 0; day < 29; ++day) Lose(point, day * kDay + 23, 1, 0);
  const ImputedPoint imputed = Impute(point, November());
  ASSERT_TRUE(imputed.withheld.has_value());
  EXPECT_EQ(imputed.withheld->reason, v1::WITHHELD_REASON_UNFILLABLE);
  EXPECT_EQ(
      imputed.withheld->because,
      "windows are missing at 23-01 on weekdays, and a point has no complete slot of that kind to fill them "
      "from");
}

TEST(Impute, SaysWhereNothingIsLeftToFillFrom) {
  v1::PointMonth point = Numbered();
  for (const int day : {2, 3, 9, 10, 16, 17, 23, 24, 30}) Lose(point, (day - 1) * kDay + 9, 1, 0);
  const auto because = [&](int offset_hours) {
    const auto withheld = Impute(point, November(offset_hours)).withheld;
    return withheld.has_value() ? withheld->because : "it is filled";
  };
  EXPECT_EQ(
      because(1),
      "windows are missing at 09-11 on holidays, and a point has no complete slot of that kind to fill them "
      "from");
  // At even hours hour 9 is of 08-10.
  EXPECT_EQ(
      because(0),
      "windows are missing at 08-10 on holidays, and a point has no complete slot of that kind to fill them "
      "from");
}

TEST(Impute, HasNothingOfAPointThatNeverReported) {
  const ImputedPoint imputed = Impute(v1::PointMonth(), November());
  EXPECT_EQ(imputed.present_seconds, 0);
  EXPECT_TRUE(imputed.withheld.has_value());
}

TEST(Impute, LeavesOutHoursOfOtherMonths) {
  v1::PointMonth point = Numbered();
  v1::HourVolume& later = *point.add_hours();
  later = point.hours(0);
  later.set_start_unix_seconds(EndUnixSeconds({2024, 11}));
  later.set_download_octets(1'000'000);
  EXPECT_EQ(Impute(point, November()).download.slots.back().octets, 719);
}

TEST(Impute, TakesNoMoreWindowsThanAnHourHas) {
  v1::PointMonth point = Numbered();
  Lose(point, 9, 1, 0);
  point.mutable_hours(10)->set_windows(361);
  EXPECT_TRUE(Impute(point, November()).is_filled);
}

TEST(Impute, AddsTheVarianceOfSamples) {
  v1::PointMonth point = Numbered();
  point.mutable_hours(1)->mutable_download_variance()->set_low(7);
  point.mutable_hours(2)->mutable_download_variance()->set_high(1);
  const ImputedPoint imputed = Impute(point, November());
  EXPECT_EQ(imputed.download.slots[1].variance, ToInteger(absl::MakeUint128(1, 7)));
  EXPECT_EQ(imputed.upload.slots[1].variance, 0);
}

}  // namespace
}  // namespace kansoku::aggregator
