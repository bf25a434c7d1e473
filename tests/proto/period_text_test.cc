// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/period_text.h"

#include <gtest/gtest.h>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "proto/contract/month.h"

namespace kansoku {
namespace {

using Day = absl::CivilDay;

v1::TimeRange Days(Day first, Day end) {
  const absl::TimeZone tokyo = absl::FixedTimeZone(kTokyoOffsetSeconds);
  v1::TimeRange period;
  period.set_start_unix_seconds(absl::ToUnixSeconds(absl::FromCivil(first, tokyo)));
  period.set_end_unix_seconds(absl::ToUnixSeconds(absl::FromCivil(end, tokyo)));
  return period;
}

TEST(PeriodText, IsAsShortAsThePeriodIsWhole) {
  EXPECT_EQ(PeriodText(Days(Day(2026, 11, 21), Day(2026, 11, 22))), "2026-11-21");
  EXPECT_EQ(PeriodText(Days(Day(2026, 11, 1), Day(2026, 12, 1))), "2026-11");
  EXPECT_EQ(PeriodText(Days(Day(2026, 1, 1), Day(2027, 1, 1))), "2026");
  EXPECT_EQ(PeriodText(Days(Day(2026, 11, 1), Day(2026, 11, 21))), "2026-11-01/2026-11-20");
  EXPECT_EQ(PeriodText(Days(Day(2026, 1, 1), Day(2026, 12, 31))), "2026-01-01/2026-12-30");
  EXPECT_EQ(PeriodText(Days(Day(2025, 12, 1), Day(2026, 2, 1))), "2025-12-01/2026-01-31");
}

TEST(PeriodText, NamesTheFirstAndTheLastDay) {
  const v1::TimeRange february = Days(Day(2024, 2, 1), Day(2024, 3, 1));
  EXPECT_EQ(FirstDayText(february), "2024-02-01");
  EXPECT_EQ(LastDayText(february), "2024-02-29");
}

}  // namespace
}  // namespace kansoku
