// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/month_change_rows.h"

#include "absl/time/time.h"

namespace kansoku::aggregator {
namespace {

// Months outside have no name (month.h).
bool HasMonth(int64_t start_unix_seconds) {
  static const int64_t first = StartUnixSeconds({1971, 1});
  static const int64_t end = EndUnixSeconds({9998, 12});
  return start_unix_seconds >= first && start_unix_seconds < end;
}

}  // namespace

const Month& MonthChangeWriter::MonthHolding(int64_t start_unix_seconds) {
  if (start_unix_seconds < month_start_ || start_unix_seconds >= month_end_) {
    month_ = MonthOf(absl::FromUnixSeconds(start_unix_seconds));
    month_start_ = StartUnixSeconds(month_);
    month_end_ = EndUnixSeconds(month_);
  }
  return month_;
}

void MonthChangeWriter::AddWindow(int64_t start_unix_seconds) {
  if (HasMonth(start_unix_seconds)) with_windows_.insert(MonthHolding(start_unix_seconds));
}

void MonthChangeWriter::AddGap(int64_t start_unix_seconds) {
  if (HasMonth(start_unix_seconds)) with_gaps_.insert(MonthHolding(start_unix_seconds));
}

absl::Status MonthChangeWriter::Write() {
  Statement raise = database_.Prepare(
      "INSERT INTO month_change (month, changes) VALUES (?, 1) ON CONFLICT (month) DO UPDATE SET changes = "
      "changes + 1");
  for (const Month& month : with_windows_) {
    if (absl::Status done = raise.Bind(MonthText(month)).Run(); !done.ok()) return done;
    with_gaps_.erase(month);
  }
  Statement raise_known = database_.Prepare("UPDATE month_change SET changes = changes + 1 WHERE month = ?");
  for (const Month& month : with_gaps_) {
    if (absl::Status done = raise_known.Bind(MonthText(month)).Run(); !done.ok()) return done;
  }
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> ReadMonthChanges(Database& database, const std::string& month) {
  Statement read = database.Prepare("SELECT changes FROM month_change WHERE month = ?");
  absl::StatusOr<bool> found = read.Bind(month).Step();
  if (!found.ok()) return found.status();
  return *found ? read.Unsigned(0) : 0;
}

}  // namespace kansoku::aggregator
