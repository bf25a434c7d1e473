// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/schema.h"

#include <iterator>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::aggregator {
namespace {

// "KANS", in PRAGMA application_id: tells our files from other SQLite databases.
constexpr int64_t kApplicationId = 0x4b414e53;

// kSteps[n] brings version n to n + 1. A step is never edited once it was released.
constexpr const char* kSteps[] = {
    // Unsigned 64-bit columns hold the signed integer of the same bits. `bucket.start` is 0 in the tier for
    // ever.
    R"(
    CREATE TABLE collector (
      name TEXT PRIMARY KEY,
      isp TEXT NOT NULL,
      software_version TEXT NOT NULL,
      epoch INTEGER NOT NULL,
      duplicate_reports INTEGER NOT NULL DEFAULT 0,
      missing_reports INTEGER NOT NULL DEFAULT 0,
      last_heard_unix_ns INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE epoch (
      collector TEXT NOT NULL,
      epoch INTEGER NOT NULL,
      committed_through INTEGER NOT NULL,
      delivery BLOB NOT NULL DEFAULT x'',
      PRIMARY KEY (collector, epoch)
    ) WITHOUT ROWID;
    CREATE TABLE point (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      collector TEXT NOT NULL,
      isp TEXT NOT NULL,
      traffic_group INTEGER NOT NULL,
      window_seconds INTEGER NOT NULL,
      first_window_start INTEGER NOT NULL DEFAULT 0,
      last_window_start INTEGER NOT NULL DEFAULT 0,
      windows INTEGER NOT NULL DEFAULT 0,
      acknowledged_packets INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE bucket (
      tier INTEGER NOT NULL,
      start INTEGER NOT NULL,
      point INTEGER NOT NULL,
      measurement BLOB NOT NULL,
      PRIMARY KEY (tier, start, point)
    ) WITHOUT ROWID;
    CREATE TABLE horizon (
      tier INTEGER PRIMARY KEY,
      start INTEGER NOT NULL
    );
    )",
    // A row for each report that carried records; a window that was reported in two parts has two.
    R"(
    CREATE TABLE flow_records (
      id INTEGER PRIMARY KEY,
      start INTEGER NOT NULL,
      point INTEGER NOT NULL,
      report BLOB NOT NULL
    );
    CREATE INDEX flow_records_by_start ON flow_records (start);
    )",
    // `gap` has the windows that tombstones stand for; those in quarantine are gaps until they are admitted.
    // A row for each report in quarantine; `report` is empty once it is not held any more. What is kept of
    // each collector is bounded by its `quarantine_octets`; what ever came is in `quarantine_count`.
    R"(
    CREATE TABLE quarantine (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      collector TEXT NOT NULL,
      epoch INTEGER NOT NULL,
      sequence INTEGER NOT NULL,
      point TEXT NOT NULL,
      start INTEGER NOT NULL,
      window_seconds INTEGER NOT NULL,
      reason INTEGER NOT NULL,
      text TEXT NOT NULL,
      received_unix_ns INTEGER NOT NULL,
      report BLOB NOT NULL,
      state INTEGER NOT NULL,
      decided_by TEXT NOT NULL DEFAULT '',
      decided_unix_ns INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX quarantine_by_state ON quarantine (collector, state DESC, id);
    CREATE INDEX quarantine_by_start ON quarantine (start);
    CREATE TABLE quarantine_count (
      collector TEXT NOT NULL,
      reason INTEGER NOT NULL,
      reports INTEGER NOT NULL DEFAULT 0,
      admitted INTEGER NOT NULL DEFAULT 0,
      discarded INTEGER NOT NULL DEFAULT 0,
      dropped INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (collector, reason)
    ) WITHOUT ROWID;
    ALTER TABLE collector ADD COLUMN quarantine_octets INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE gap (
      start INTEGER NOT NULL,
      point INTEGER NOT NULL,
      reason INTEGER NOT NULL,
      windows INTEGER NOT NULL,
      packets INTEGER NOT NULL,
      PRIMARY KEY (start, point, reason)
    ) WITHOUT ROWID;
    CREATE TABLE probe (
      id INTEGER PRIMARY KEY,
      filler BLOB NOT NULL
    );
    )",
    // Of each point, windows with start in [unrolled_from, unrolled_to) are in no tier but the finest yet
    // (roll_up.h). All of an older version are; none is longer than 300 s.
    R"(
    ALTER TABLE point ADD COLUMN unrolled_from INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE point ADD COLUMN unrolled_to INTEGER NOT NULL DEFAULT 0;
    UPDATE point SET unrolled_from = (SELECT coalesce(max(start) + 300, 0) FROM bucket WHERE tier = 0);
    UPDATE point SET unrolled_to = unrolled_from;
    )",
    // `statistics`, `figures` and `inputs` are compressed (compression.h). What an older version stored
    // counts
    // as one change of every month in Japan from the first to the last.
    R"(
    CREATE TABLE register (
      digest TEXT PRIMARY KEY,
      statistics BLOB NOT NULL
    );
    CREATE TABLE vintage (
      series INTEGER NOT NULL,
      month TEXT NOT NULL,
      number INTEGER NOT NULL,
      state INTEGER NOT NULL,
      computed_unix_seconds INTEGER NOT NULL,
      computed_by TEXT NOT NULL,
      because TEXT NOT NULL,
      method_version TEXT NOT NULL,
      register_digest TEXT NOT NULL,
      month_changes INTEGER NOT NULL,
      figures BLOB NOT NULL,
      inputs BLOB NOT NULL,
      PRIMARY KEY (series, month, number)
    );
    CREATE TABLE month_change (
      month TEXT PRIMARY KEY,
      changes INTEGER NOT NULL
    ) WITHOUT ROWID;
    WITH RECURSIVE month (start, last) AS (
      SELECT date(min(first_window_start) + 32400, 'unixepoch', 'start of month'),
             date(max(last_window_start) + 32400, 'unixepoch', 'start of month')
      FROM point WHERE windows > 0
      UNION ALL
      SELECT date(start, '+1 month'), last FROM month WHERE start < last
    )
    INSERT INTO month_change SELECT strftime('%Y-%m', start), 1 FROM month WHERE start IS NOT NULL;
    )",
    // As flow_records: a row for each report that told of single sources of dark packets.
    R"(
    CREATE TABLE darknet_sources (
      id INTEGER PRIMARY KEY,
      start INTEGER NOT NULL,
      point INTEGER NOT NULL,
      report BLOB NOT NULL
    );
    CREATE INDEX darknet_sources_by_start ON darknet_sources (start);
    )",
    // `record` is compressed; `isp` is empty for everyone. What an older version stored: CountOlderDays.
    R"(
    CREATE TABLE telescope_day (
      isp TEXT NOT NULL,
      day TEXT NOT NULL,
      revision INTEGER NOT NULL,
      day_changes INTEGER NOT NULL,
      record BLOB NOT NULL,
      PRIMARY KEY (isp, day, revision)
    );
    CREATE TABLE day_change (
      day TEXT PRIMARY KEY,
      changes INTEGER NOT NULL
    ) WITHOUT ROWID;
    )",
    // Empty: its collector says none.
    R"(
    ALTER TABLE point ADD COLUMN region TEXT NOT NULL DEFAULT '';
    )",
};
static_assert(std::size(kSteps) == kStoreSchemaVersion);
constexpr int64_t kBeforeDays = 6;

// What was stored before version 7 counts as one change of every day in Japan from the first to the last of
// each point that ever told of dark addresses, but none before 1971 (period_change_rows.cc). SQL cannot see
// which do.
absl::Status CountOlderDays(Database& database) {
  Statement read = database.Prepare("SELECT point, measurement FROM bucket WHERE tier = 3");
  Statement count = database.Prepare(R"(
    WITH RECURSIVE day (start, last) AS (
      SELECT date(max(first_window_start, 31536000) + 32400, 'unixepoch'),
             date(last_window_start + 32400, 'unixepoch')
      FROM point WHERE id = ? AND windows > 0
      UNION ALL
      SELECT date(start, '+1 day'), last FROM day WHERE start < last
    )
    INSERT OR IGNORE INTO day_change SELECT start, 1 FROM day)");
  v1::Measurement measurement;
  while (true) {
    absl::StatusOr<bool> row = read.Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
    const std::string_view bytes = read.Bytes(1);
    if (!measurement.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) continue;
    if (measurement.darknet().empty()) continue;
    if (absl::Status done = count.Bind(read.Int(0)).Run(); !done.ok()) return done;
  }
}

}  // namespace

absl::Status PrepareSchema(Database& database, const std::string& path,
                           const std::function<void(int done, int steps)>& on_step) {
  absl::StatusOr<Transaction> transaction = Transaction::BeginWrite(database);
  if (!transaction.ok()) return transaction.status();
  absl::StatusOr<int64_t> application = database.ReadInt("PRAGMA application_id");
  if (!application.ok()) return application.status();
  absl::StatusOr<int64_t> tables = database.ReadInt("SELECT count(*) FROM sqlite_schema");
  if (!tables.ok()) return tables.status();
  absl::StatusOr<int64_t> version = database.ReadInt("PRAGMA user_version");
  if (!version.ok()) return version.status();

  if (*application != kApplicationId && *tables > 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": is a database, but not a store of Kansoku; give another path"));
  }
  if (*version > kStoreSchemaVersion) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": written by a newer version (schema ", *version,
                                                      ", this program knows ", kStoreSchemaVersion,
                                                      "); install that version, or give another path"));
  }
  if (*version == kStoreSchemaVersion) return absl::OkStatus();
  for (int64_t step = *version; step < kStoreSchemaVersion; ++step) {
    if (on_step) on_step(static_cast<int>(step - *version), static_cast<int>(kStoreSchemaVersion - *version));
    if (absl::Status done = database.Execute(kSteps[step]); !done.ok()) return done;
    if (step != kBeforeDays) continue;
    if (absl::Status done = CountOlderDays(database); !done.ok()) return done;
  }
  const std::string mark = absl::StrCat("PRAGMA application_id = ", kApplicationId,
                                        "; PRAGMA user_version = ", kStoreSchemaVersion);
  if (absl::Status done = database.Execute(mark.c_str()); !done.ok()) return done;
  return transaction->Commit();
}

}  // namespace kansoku::aggregator
