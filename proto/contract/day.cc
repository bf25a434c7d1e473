// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/day.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "proto/contract/month.h"

namespace kansoku {
namespace {

absl::TimeZone Tokyo() { return absl::FixedTimeZone(kTokyoOffsetSeconds); }

}  // namespace

absl::StatusOr<absl::CivilDay> ParseDay(std::string_view text) {
  absl::CivilDay day;
  // What reads as a day may be written in other ways too.
  if (absl::ParseCivilTime(absl::string_view(text.data(), text.size()), &day) && day.year() >= 1971 &&
      day.year() <= 9998 && DayText(day) == text) {
    return day;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("'", absl::string_view(text.data(), text.size()),
                   "' is not a day; write 2024-11-01 (1971-01-01 to 9998-12-31)"));
}

std::string DayText(absl::CivilDay day) {
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

absl::CivilDay DayOf(absl::Time time) { return absl::ToCivilDay(time, Tokyo()); }

int64_t DayStartUnixSeconds(absl::CivilDay day) { return absl::ToUnixSeconds(absl::FromCivil(day, Tokyo())); }

}  // namespace kansoku
