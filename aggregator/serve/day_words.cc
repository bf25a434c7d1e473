// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/day_words.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "proto/contract/day.h"

namespace kansoku::aggregator {
namespace {

// Days: a year, and a month besides to compare with.
constexpr int64_t kMostPeriods = 400;

absl::StatusOr<absl::CivilDay> DayNamed(const char* field, const std::string& text) {
  absl::StatusOr<absl::CivilDay> day = ParseDay(text);
  if (day.ok()) return day;
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", day.status().message()));
}

int64_t CountPeriods(const DayPeriod& days, v1::TelescopeSelection::Step step) {
  switch (step) {
    case v1::TelescopeSelection::STEP_DAY:
      return days.days();
    case v1::TelescopeSelection::STEP_MONTH:
      return absl::CivilMonth(days.last) - absl::CivilMonth(days.first) + 1;
    case v1::TelescopeSelection::STEP_YEAR:
      return absl::CivilYear(days.last) - absl::CivilYear(days.first) + 1;
    default:
      return 1;
  }
}

}  // namespace

absl::StatusOr<DayPeriod> DaysSelected(const v1::TelescopeSelection& asked) {
  const auto first = DayNamed("telescope.first_day", asked.first_day());
  if (!first.ok()) return first.status();
  const auto last = asked.last_day().empty() ? first : DayNamed("telescope.last_day", asked.last_day());
  if (!last.ok()) return last.status();
  if (*last < *first) {
    return absl::InvalidArgumentError(
        absl::StrCat("telescope.last_day: ", asked.last_day(), " is before ", asked.first_day()));
  }
  if (!v1::TelescopeSelection::Step_IsValid(asked.step())) {
    return absl::InvalidArgumentError(absl::StrCat("telescope.step: ", static_cast<int>(asked.step()),
                                                   " is none; day, month and year are"));
  }
  const DayPeriod days{*first, *last};
  if (const int64_t periods = CountPeriods(days, asked.step()); periods > kMostPeriods) {
    return absl::InvalidArgumentError(absl::StrCat("telescope.last_day: by this step these are ", periods,
                                                   " periods; ask for ", kMostPeriods,
                                                   " at a time at most, or by a longer step"));
  }
  return days;
}

DayPeriod FirstPeriod(const DayPeriod& days, v1::TelescopeSelection::Step step) {
  switch (step) {
    case v1::TelescopeSelection::STEP_DAY:
      return {days.first, days.first};
    case v1::TelescopeSelection::STEP_MONTH:
      return {days.first, std::min(days.last, absl::CivilDay(absl::CivilMonth(days.first) + 1) - 1)};
    case v1::TelescopeSelection::STEP_YEAR:
      return {days.first, std::min(days.last, absl::CivilDay(absl::CivilYear(days.first) + 1) - 1)};
    default:
      return days;
  }
}

}  // namespace kansoku::aggregator
