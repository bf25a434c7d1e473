// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/gap_rows.h"

namespace kansoku::aggregator {
namespace {

constexpr int kMaxErasedRows = 20'000;

}  // namespace

// Reasons of newer collectors are one: unspecified.
absl::Status WriteGap(Database& database, int64_t point, const v1::Tombstone& tombstone) {
  const bool is_known = v1::Tombstone::Reason_IsValid(tombstone.reason());
  const v1::Tombstone::Reason reason = is_known ? tombstone.reason() : v1::Tombstone::REASON_UNSPECIFIED;
  return database
      .Prepare(
          "INSERT INTO gap (start, point, reason, windows, packets) VALUES (?1, ?2, ?3, 1, ?4) ON CONFLICT "
          "(start, point, reason) DO UPDATE SET windows = windows + 1, packets = packets + ?4")
      .Bind(tombstone.window_start_unix_seconds(), point, static_cast<int>(reason),
            tombstone.captured_packets())
      .Run();
}

absl::Status EraseGaps(Database& database, int64_t before_unix_seconds) {
  Statement erase =
      database.Prepare("DELETE FROM gap WHERE start = (SELECT min(start) FROM gap) AND start < ?");
  int changes = 1;
  for (int erased = 0; changes > 0 && erased < kMaxErasedRows; erased += changes) {
    if (absl::Status done = erase.Bind(before_unix_seconds).Run(); !done.ok()) return done;
    changes = sqlite3_changes(database.handle());
  }
  return absl::OkStatus();
}

absl::Status ScanGaps(Database& database, int64_t start_unix_seconds, int64_t end_unix_seconds,
                      absl::FunctionRef<void(const Gap&)> visit) {
  // What a collector says of another's point is no gap of it.
  Statement read = database.Prepare(
      "SELECT name, start, reason, 0, gap.windows, packets FROM gap JOIN point ON point.id = gap.point "
      "WHERE start >= ?1 AND start < ?2 "
      "UNION ALL "
      "SELECT name, start, 0, reason, 1, 0 FROM quarantine JOIN point ON point.name = quarantine.point AND "
      "point.collector = quarantine.collector WHERE start >= ?1 AND start < ?2 AND state != ?3");
  read.Bind(start_unix_seconds, end_unix_seconds, static_cast<int>(v1::QUARANTINE_STATE_ADMITTED));
  while (true) {
    absl::StatusOr<bool> row = read.Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
    Gap gap{.point = read.Bytes(0), .start_unix_seconds = read.Int(1)};
    gap.count.set_evicted_because(static_cast<v1::Tombstone::Reason>(read.Int(2)));
    gap.count.set_quarantined_because(static_cast<v1::QuarantineReason>(read.Int(3)));
    gap.count.set_windows(read.Unsigned(4));
    gap.count.set_packets(read.Unsigned(5));
    visit(gap);
  }
}

}  // namespace kansoku::aggregator
