// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/month.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"

namespace kansoku {
namespace {

absl::TimeZone Tokyo() { return absl::FixedTimeZone(kTokyoOffsetSeconds); }

Month ToMonth(absl::CivilMonth month) { return {static_cast<int>(month.year()), month.month()}; }

absl::CivilMonth ToCivil(Month month) { return absl::CivilMonth(month.year, month.month); }

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

absl::StatusOr<Month> ParseMonth(std::string_view text) {
  bool well_formed = text.size() == 7;
  for (size_t i = 0; well_formed && i < text.size(); ++i)
    well_formed = i == 4 ? text[i] == '-' : IsDigit(text[i]);
  Month parsed;
  if (well_formed) {
    const auto digit = [&](size_t i) { return text[i] - '0'; };
    parsed = {digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3), digit(5) * 10 + digit(6)};
    well_formed =
        parsed.month >= 1 && parsed.month <= 12 && parsed >= Month{1971, 1} && parsed <= Month{9998, 12};
  }
  if (well_formed) return parsed;
  return absl::InvalidArgumentError(absl::StrCat("'", absl::string_view(text.data(), text.size()),
                                                 "' is not a month; write 2024-11 (1971-01 to 9998-12)"));
}

std::string MonthText(Month month) { return absl::StrFormat("%04d-%02d", month.year, month.month); }

Month AddMonths(Month month, int months) { return ToMonth(ToCivil(month) + months); }

Month MonthOf(absl::Time time) { return ToMonth(absl::ToCivilMonth(time, Tokyo())); }

int64_t StartUnixSeconds(Month month) {
  return absl::ToUnixSeconds(absl::FromCivil(ToCivil(month), Tokyo()));
}

int64_t EndUnixSeconds(Month month) { return StartUnixSeconds(AddMonths(month, 1)); }

Month QuarterEndBefore(Month month) { return AddMonths(month, -((month.month - 1) % 3 + 1)); }

}  // namespace kansoku
