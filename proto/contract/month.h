// SPDX-License-Identifier: Apache-2.0
//
// Months in Japan, in which figures are cut (METRICS 1.2): Asia/Tokyo has been UTC+9 without daylight saving
// since 1952. Pure; any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace kansoku {

inline constexpr int64_t kTokyoOffsetSeconds = 9 * 3600;

struct Month {
  int year = 1970;
  int month = 1;  // 1 to 12
  friend auto operator<=>(const Month&, const Month&) = default;
};

// "2024-11", from 1971-01 to 9998-12. INVALID_ARGUMENT says what is accepted.
absl::StatusOr<Month> ParseMonth(std::string_view text);
std::string MonthText(Month month);

Month AddMonths(Month month, int months);
// The month that holds an instant.
Month MonthOf(absl::Time time);

// Half-open [start, end), in seconds of the Unix epoch.
int64_t StartUnixSeconds(Month month);
int64_t EndUnixSeconds(Month month);

// The last month of the latest quarter that ended before the month began: of 2024-11 it is 2024-09, of
// 2024-09 it is 2024-06 (METRICS 3.7, F8).
Month QuarterEndBefore(Month month);

}  // namespace kansoku
