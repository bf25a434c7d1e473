// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/period_text.h"

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "proto/contract/month.h"

namespace kansoku {
namespace {

absl::CivilDay DayOf(int64_t unix_seconds) {
  return absl::ToCivilDay(absl::FromUnixSeconds(unix_seconds), absl::FixedTimeZone(kTokyoOffsetSeconds));
}

absl::CivilDay FirstDay(const v1::TimeRange& period) { return DayOf(period.start_unix_seconds()); }
absl::CivilDay LastDay(const v1::TimeRange& period) { return DayOf(period.end_unix_seconds() - 1); }

}  // namespace

std::string PeriodText(const v1::TimeRange& period) {
  const absl::CivilDay first = FirstDay(period), last = LastDay(period);
  const absl::CivilYear year(first);
  const absl::CivilMonth month(first);
  if (first == last) return absl::FormatCivilTime(first);
  if (first == absl::CivilDay(year) && last + 1 == absl::CivilDay(year + 1))
    return absl::FormatCivilTime(year);
  if (first == absl::CivilDay(month) && last + 1 == absl::CivilDay(month + 1)) {
    return absl::FormatCivilTime(month);
  }
  return absl::StrCat(absl::FormatCivilTime(first), "/", absl::FormatCivilTime(last));
}

std::string FirstDayText(const v1::TimeRange& period) { return absl::FormatCivilTime(FirstDay(period)); }
std::string LastDayText(const v1::TimeRange& period) { return absl::FormatCivilTime(LastDay(period)); }

}  // namespace kansoku
