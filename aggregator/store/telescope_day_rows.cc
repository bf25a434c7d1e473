// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/telescope_day_rows.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "aggregator/store/compression.h"
#include "proto/contract/day.h"
#include "proto/contract/deterministic_bytes.h"

namespace kansoku::aggregator {
namespace {

std::string Name(const v1::TelescopeDay& day) {
  return absl::StrCat("revision ", day.revision(), " of telescope day ", day.day(),
                      day.isp().empty() ? "" : " of ", day.isp());
}

absl::Status CheckRevision(Database& database, const v1::TelescopeDay& day) {
  Statement read = database.Prepare("SELECT max(revision) FROM telescope_day WHERE isp = ? AND day = ?");
  absl::StatusOr<bool> found = read.Bind(day.isp(), day.day()).Step();
  if (!found.ok()) return found.status();
  const int64_t last = read.Int(0);
  if (day.revision() == last + 1) return absl::OkStatus();
  if (day.revision() > last || day.revision() == 0) {
    return absl::FailedPreconditionError(absl::StrCat(Name(day), ": ", last + 1, " is the next one"));
  }
  return absl::AlreadyExistsError(absl::StrCat(Name(day), ": is kept already, and never changes"));
}

}  // namespace

std::string Pack(const v1::TelescopeDay& day) { return Compress(DeterministicBytes(day)); }

absl::Status WriteTelescopeDay(Database& database, const v1::TelescopeDay& day, const std::string& packed) {
  if (absl::Status next = CheckRevision(database, day); !next.ok()) return next;
  return database
      .Prepare("INSERT INTO telescope_day (isp, day, revision, day_changes, record) VALUES (?, ?, ?, ?, ?)")
      .Bind(day.isp(), day.day(), day.revision(), day.day_changes(), Blob{packed})
      .Run();
}

absl::Status ScanTelescopeDays(Database& database, const std::string& isp, const std::string& first_day,
                               const std::string& last_day,
                               absl::FunctionRef<void(const v1::TelescopeDay&)> visit) {
  Statement read = database.Prepare(
      "SELECT day, record FROM telescope_day AS one WHERE isp = ?1 AND day BETWEEN ?2 AND ?3 AND revision = "
      "(SELECT max(revision) FROM telescope_day AS other WHERE other.isp = one.isp AND other.day = one.day) "
      "ORDER BY day");
  read.Bind(isp, first_day, last_day);
  v1::TelescopeDay day;
  while (true) {
    absl::StatusOr<bool> row = read.Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
    const absl::StatusOr<std::string> bytes = Decompress(read.Bytes(1));
    if (!bytes.ok() || !day.ParseFromString(*bytes)) {
      return absl::DataLossError(absl::StrCat("the store's telescope day ", std::string(read.Bytes(0)),
                                              " cannot be read; restore the store from a copy"));
    }
    visit(day);
  }
}

absl::StatusOr<KeptDay> ReadLastTelescopeDay(Database& database, const std::string& isp,
                                             const std::string& first_day, const std::string& last_day) {
  Statement read = database.Prepare(
      "SELECT day, revision FROM telescope_day WHERE isp = ? AND day BETWEEN ? AND ? ORDER BY day DESC, "
      "revision DESC LIMIT 1");
  const absl::StatusOr<bool> found = read.Bind(isp, first_day, last_day).Step();
  if (!found.ok()) return found.status();
  if (!*found) return KeptDay();
  return KeptDay{.day = std::string(read.Bytes(0)), .revision = static_cast<uint32_t>(read.Unsigned(1))};
}

absl::StatusOr<std::vector<KeptDay>> ReadKeptTelescopeDays(Database& database, const std::string& isp,
                                                           const std::string& first_day,
                                                           const std::string& last_day) {
  Statement read = database.Prepare(
      "SELECT day, max(revision) FROM telescope_day WHERE isp = ? AND day BETWEEN ? AND ? GROUP BY day ORDER "
      "BY day");
  read.Bind(isp, first_day, last_day);
  std::vector<KeptDay> days;
  while (true) {
    const absl::StatusOr<bool> row = read.Step();
    if (!row.ok()) return row.status();
    if (!*row) return days;
    days.push_back({.day = std::string(read.Bytes(0)), .revision = static_cast<uint32_t>(read.Unsigned(1))});
  }
}

absl::StatusOr<std::vector<ChangedDay>> ReadChangedDays(Database& database, int64_t hours_from_unix_seconds) {
  Statement read = database.Prepare(
      "SELECT day, changes FROM day_change WHERE changes != coalesce((SELECT day_changes FROM telescope_day "
      "WHERE isp = '' AND telescope_day.day = day_change.day ORDER BY revision DESC LIMIT 1), 0) ORDER BY "
      "day");
  std::vector<ChangedDay> days;
  while (true) {
    absl::StatusOr<bool> row = read.Step();
    if (!row.ok()) return row.status();
    if (!*row) return days;
    const absl::StatusOr<absl::CivilDay> day = ParseDay(read.Bytes(0));
    if (!day.ok()) return day.status();
    days.push_back({.day = DayText(*day),
                    .changes = read.Unsigned(1),
                    .is_partly_forgotten = DayStartUnixSeconds(*day) < hours_from_unix_seconds});
  }
}

absl::StatusOr<int64_t> ReadFirstUnkeptDay(Database& database, int64_t from_unix_seconds) {
  Statement read = database.Prepare(
      "SELECT min(day) FROM day_change WHERE day >= ? AND NOT EXISTS (SELECT 1 FROM telescope_day WHERE isp "
      "= '' AND telescope_day.day = day_change.day)");
  absl::StatusOr<bool> found = read.Bind(DayText(DayOf(absl::FromUnixSeconds(from_unix_seconds)))).Step();
  if (!found.ok()) return found.status();
  if (read.Bytes(0).empty()) return std::numeric_limits<int64_t>::max();
  const absl::StatusOr<absl::CivilDay> day = ParseDay(read.Bytes(0));
  if (!day.ok()) return day.status();
  return DayStartUnixSeconds(*day);
}

}  // namespace kansoku::aggregator
