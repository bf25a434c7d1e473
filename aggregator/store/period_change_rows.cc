// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/period_change_rows.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "proto/contract/darknet_ways.h"
#include "proto/contract/day.h"

namespace kansoku::aggregator {
namespace {

constexpr char kMonth[] = "month";
constexpr char kDay[] = "day";

// Months and days outside have no name (month.h).
bool HasName(int64_t start_unix_seconds) {
  static const int64_t first = StartUnixSeconds({1971, 1});
  static const int64_t end = EndUnixSeconds({9998, 12});
  return start_unix_seconds >= first && start_unix_seconds < end;
}

absl::CivilDay DayHolding(int64_t start_unix_seconds) {
  return DayOf(absl::FromUnixSeconds(start_unix_seconds));
}

std::string Text(Month month) { return MonthText(month); }
std::string Text(absl::CivilDay day) { return DayText(day); }

template <typename Changed>
absl::Status Raise(Database& database, absl::string_view period, Changed& changed) {
  if (changed.with_windows.empty() && changed.with_gaps.empty()) return absl::OkStatus();
  Statement raise = database.Prepare(absl::StrCat("INSERT INTO ", period, "_change (", period,
                                                  ", changes) VALUES (?, 1) ON CONFLICT (", period,
                                                  ") DO UPDATE SET changes = changes + 1"));
  for (const auto& name : changed.with_windows) {
    if (absl::Status done = raise.Bind(Text(name)).Run(); !done.ok()) return done;
    changed.with_gaps.erase(name);
  }
  Statement raise_known = database.Prepare(
      absl::StrCat("UPDATE ", period, "_change SET changes = changes + 1 WHERE ", period, " = ?"));
  for (const auto& name : changed.with_gaps) {
    if (absl::Status done = raise_known.Bind(Text(name)).Run(); !done.ok()) return done;
  }
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> ReadChanges(Database& database, absl::string_view period, const std::string& name) {
  Statement read =
      database.Prepare(absl::StrCat("SELECT changes FROM ", period, "_change WHERE ", period, " = ?"));
  absl::StatusOr<bool> found = read.Bind(name).Step();
  if (!found.ok()) return found.status();
  return *found ? read.Unsigned(0) : 0;
}

}  // namespace

const Month& PeriodChangeWriter::MonthHolding(int64_t start_unix_seconds) {
  if (start_unix_seconds < month_start_ || start_unix_seconds >= month_end_) {
    month_ = MonthOf(absl::FromUnixSeconds(start_unix_seconds));
    month_start_ = StartUnixSeconds(month_);
    month_end_ = EndUnixSeconds(month_);
  }
  return month_;
}

void PeriodChangeWriter::AddWindow(int64_t start_unix_seconds, const v1::Measurement& measurement) {
  if (!HasName(start_unix_seconds)) return;
  months_.with_windows.insert(MonthHolding(start_unix_seconds));
  if (TellsOfTelescopes(measurement)) {
    days_.with_windows.insert(DayHolding(start_unix_seconds));
  } else if (measurement.evicted_windows() > 0) {
    days_.with_gaps.insert(DayHolding(start_unix_seconds));  // nobody knows what it held
  }
}

void PeriodChangeWriter::AddGap(int64_t start_unix_seconds) {
  if (!HasName(start_unix_seconds)) return;
  months_.with_gaps.insert(MonthHolding(start_unix_seconds));
  days_.with_gaps.insert(DayHolding(start_unix_seconds));
}

absl::Status PeriodChangeWriter::Write() {
  absl::Status done = Raise(database_, kMonth, months_);
  return done.ok() ? Raise(database_, kDay, days_) : done;
}

absl::StatusOr<uint64_t> ReadMonthChanges(Database& database, const std::string& month) {
  return ReadChanges(database, kMonth, month);
}

absl::StatusOr<uint64_t> ReadDayChanges(Database& database, const std::string& day) {
  return ReadChanges(database, kDay, day);
}

}  // namespace kansoku::aggregator
