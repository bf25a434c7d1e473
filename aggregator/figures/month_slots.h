// SPDX-License-Identifier: Apache-2.0
//
// A month in Japan cut into the slots in which its traffic is looked at (METRICS 1.2, 3.8): two-hour slots
// for the fixed series, which begin at odd hours if the register says so, and hours for the mobile one. A
// slot that reaches over the month's edge is cut there, so that the slots hold every second of the month
// once. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "kansoku/v1/statistics.pb.h"
#include "proto/contract/month.h"
#include "proto/contract/statistics_lookup.h"

namespace kansoku::aggregator {

// A day's slots: of so many hours each, the first that begins in the day so many hours after midnight.
struct SlotGrid {
  int hours = 2;         // divides 24
  int offset_hours = 0;  // below `hours`
};

// Two hours at the register's offset, or one hour.
SlotGrid GridOf(v1::Series series, const v1::StatisticsRegister& statistics_register);

struct Slot {
  int64_t start_unix_seconds = 0;  // cut to the month, as is the end
  int64_t end_unix_seconds = 0;
  bool is_whole = true;
  // Of the whole slot's start, also where the month cut it away.
  int hour = 0;  // in Japan, 0 to 23
  DayType day_type = DayType::kWeekday;
  absl::Weekday weekday = absl::Weekday::monday;

  int64_t seconds() const { return end_unix_seconds - start_unix_seconds; }
};

struct MonthSlots {
  SlotGrid grid;
  std::vector<Slot> slots;  // by time

  int64_t slot_seconds() const;   // of a whole one
  int64_t month_seconds() const;  // of all
  // The slot that holds an instant; none: the instant is not of the month.
  std::optional<size_t> IndexOf(int64_t unix_seconds) const;
};

MonthSlots SlotsOf(Month month, SlotGrid grid, const v1::Statistics& statistics);

// "21-23", "23-01".
std::string SlotLabel(SlotGrid grid, int hour);

}  // namespace kansoku::aggregator
