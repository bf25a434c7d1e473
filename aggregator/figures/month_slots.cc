// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/month_slots.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "proto/contract/window.h"

namespace kansoku::aggregator {

SlotGrid GridOf(v1::Series series, const v1::StatisticsRegister& statistics_register) {
  if (series == v1::SERIES_MOBILE) return {.hours = 1, .offset_hours = 0};
  return {.hours = 2, .offset_hours = static_cast<int>(statistics_register.slot_offset_hours())};
}

int64_t MonthSlots::slot_seconds() const { return int64_t{grid.hours} * kHourSeconds; }

int64_t MonthSlots::month_seconds() const {
  return slots.back().end_unix_seconds - slots.front().start_unix_seconds;
}

std::optional<size_t> MonthSlots::IndexOf(int64_t unix_seconds) const {
  if (unix_seconds < slots.front().start_unix_seconds || unix_seconds >= slots.back().end_unix_seconds) {
    return std::nullopt;
  }
  // Only the first and the last slot may be short, so every other one says where the grid lies.
  const int64_t grid_start = slots.front().end_unix_seconds - slot_seconds();
  return static_cast<size_t>((unix_seconds - grid_start) / slot_seconds());
}

MonthSlots SlotsOf(Month month, SlotGrid grid, const v1::Statistics& statistics) {
  const int64_t month_start = StartUnixSeconds(month), month_end = EndUnixSeconds(month);
  MonthSlots result{grid, {}};
  const int64_t length = result.slot_seconds();
  const int64_t offset = int64_t{grid.offset_hours} * kHourSeconds;
  const absl::TimeZone tokyo = absl::FixedTimeZone(kTokyoOffsetSeconds);
  absl::CivilDay day;
  DayType day_type = DayType::kWeekday;
  // The month starts at midnight, where a day's slots are counted from.
  for (int64_t start = month_start - (length - offset) % length; start < month_end; start += length) {
    const absl::CivilHour hour = absl::ToCivilHour(absl::FromUnixSeconds(start), tokyo);
    if (result.slots.empty() || absl::CivilDay(hour) != day) {
      day = absl::CivilDay(hour);
      day_type = DayTypeOf(statistics, day);
    }
    result.slots.push_back({.start_unix_seconds = std::max(start, month_start),
                            .end_unix_seconds = std::min(start + length, month_end),
                            .is_whole = start >= month_start && start + length <= month_end,
                            .hour = hour.hour(),
                            .day_type = day_type,
                            .weekday = absl::GetWeekday(day)});
  }
  return result;
}

std::string SlotLabel(SlotGrid grid, int hour) {
  return absl::StrFormat("%02d-%02d", hour, (hour + grid.hours) % 24);
}

}  // namespace kansoku::aggregator
