// SPDX-License-Identifier: Apache-2.0
#include "collector/export/spool_row.h"

#include <zlib.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace kansoku::collector {
namespace {

constexpr char kSchema[] = R"(
  CREATE TABLE account(account TEXT NOT NULL);
  CREATE TABLE entry(
    place INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, point TEXT NOT NULL,
    window_start INTEGER NOT NULL, window_seconds INTEGER NOT NULL, captured_packets INTEGER NOT NULL,
    reason INTEGER NOT NULL, octets INTEGER NOT NULL, spooled_at INTEGER NOT NULL, checksum INTEGER NOT NULL);
  CREATE TABLE content(
    place INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, checksum INTEGER NOT NULL,
    report BLOB NOT NULL);
)";

int64_t Checksum(std::string_view head, std::string_view tail) {
  const auto add = [](uLong sum, std::string_view text) {
    // Where there is no buffer zlib begins anew, at 0: blank columns would be what their blank checksum says.
    if (text.empty()) return sum;
    return crc32_z(sum, reinterpret_cast<const Bytef*>(text.data()), static_cast<z_size_t>(text.size()));
  };
  return static_cast<int64_t>(add(add(0, head), tail));
}

int64_t ChecksumOf(const SpoolRow& row) {
  return Checksum(
      absl::StrCat(row.place, "|", row.epoch, "|", row.sequence, "|", row.window.window_start_unix_seconds(),
                   "|", row.window.window_seconds(), "|", row.window.captured_packets(), "|",
                   static_cast<int>(row.window.reason()), "|", row.octets, "|", row.spooled_at, "|"),
      row.window.point());
}

int64_t ChecksumOf(const SpoolContent& content) {
  return Checksum(absl::StrCat(content.place, "|", content.epoch, "|", content.sequence, "|"),
                  content.report);
}

}  // namespace

const char kEntryColumns[] =
    "entry.place, entry.epoch, entry.sequence, point, window_start, window_seconds, captured_packets, "
    "reason, "
    "octets, spooled_at, entry.checksum";
const char kContentColumns[] =
    "content.place, content.epoch, content.sequence, content.checksum, content.report";

v1::Tombstone WindowOf(const v1::WindowReport& report) {
  v1::Tombstone window;
  window.set_point(report.point());
  window.set_window_start_unix_seconds(report.window_start_unix_seconds());
  window.set_window_seconds(report.window_seconds());
  window.set_captured_packets(report.measurement().ledger().captured_packets());
  return window;
}

absl::Status CreateSpoolTables(SqliteSession& session) {
  const std::string pragmas = absl::StrCat("PRAGMA application_id=", kSpoolApplicationId,
                                           "; PRAGMA user_version=", kSpoolFormatVersion);
  if (absl::Status status = session.Execute(pragmas.c_str()); !status.ok()) return status;
  return session.Execute(kSchema);
}

std::optional<SpoolRow> ReadSpoolRow(const SqliteStatement& statement, int first_column) {
  const auto number = [&](int column) { return statement.Integer(first_column + column); };
  SpoolRow row{.place = FromSql(number(0)), .epoch = FromSql(number(1)), .sequence = FromSql(number(2))};
  row.window.set_point(std::string(statement.Bytes(first_column + 3)));
  row.window.set_window_start_unix_seconds(number(4));
  row.window.set_window_seconds(static_cast<uint32_t>(number(5)));
  row.window.set_captured_packets(FromSql(number(6)));
  row.window.set_reason(static_cast<v1::Tombstone::Reason>(number(7)));
  row.octets = FromSql(number(8));
  row.spooled_at = FromSql(number(9));
  if (number(10) != ChecksumOf(row)) return std::nullopt;
  return row;
}

std::optional<SpoolContent> ReadSpoolContent(const SqliteStatement& statement, int first_column) {
  const auto number = [&](int column) { return statement.Integer(first_column + column); };
  const SpoolContent content{.place = FromSql(number(0)),
                             .epoch = FromSql(number(1)),
                             .sequence = FromSql(number(2)),
                             .report = statement.Bytes(first_column + 4)};
  if (number(3) != ChecksumOf(content)) return std::nullopt;
  return content;
}

SpoolRowWriter::SpoolRowWriter(SqliteSession& session)
    : entry_(session, "INSERT OR REPLACE INTO entry VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      content_(session, "INSERT OR REPLACE INTO content VALUES(?, ?, ?, ?, ?)"),
      forget_(session, "DELETE FROM content WHERE place = ?") {}

absl::Status SpoolRowWriter::Put(const SpoolRow& row, std::string_view report) {
  entry_.Bind(1, ToSql(row.place)).Bind(2, ToSql(row.epoch)).Bind(3, ToSql(row.sequence));
  entry_.BindText(4, row.window.point()).Bind(5, row.window.window_start_unix_seconds());
  entry_.Bind(6, row.window.window_seconds()).Bind(7, ToSql(row.window.captured_packets()));
  entry_.Bind(8, row.window.reason()).Bind(9, ToSql(row.octets)).Bind(10, ToSql(row.spooled_at));
  if (absl::Status status = entry_.Bind(11, ChecksumOf(row)).Run(); !status.ok()) return status;
  if (!row.is_held()) return forget_.Bind(1, ToSql(row.place)).Run();
  const SpoolContent content{
      .place = row.place, .epoch = row.epoch, .sequence = row.sequence, .report = report};
  content_.Bind(1, ToSql(row.place)).Bind(2, ToSql(row.epoch)).Bind(3, ToSql(row.sequence));
  return content_.Bind(4, ChecksumOf(content)).BindBlob(5, report).Run();
}

}  // namespace kansoku::collector
