// SPDX-License-Identifier: Apache-2.0
//
// The spool's tables. An entry is kept in two of them, in different pages of the file: `entry` says which
// window of which point it is, `content` holds the report, which says the same again. Each row carries its
// number and a checksum, so that a damaged one is known, and so that damage to one table leaves what the
// other knows.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "collector/export/sqlite_session.h"
#include "kansoku/v1/ingest.pb.h"

namespace kansoku::collector {

constexpr int64_t kSpoolFormatVersion = 2;
constexpr int64_t kSpoolApplicationId = 0x4b535053;  // "KSPS": other programs' databases are told apart

// SQLite's integers are signed; the bits are what counts.
inline int64_t ToSql(uint64_t value) { return static_cast<int64_t>(value); }
inline uint64_t FromSql(int64_t value) { return static_cast<uint64_t>(value); }

struct SpoolRow {
  uint64_t place = 0;  // rises by one with each report of the spool
  uint64_t epoch = 0;  // with the sequence: the number under which the report counts once
  uint64_t sequence = 0;
  v1::Tombstone window;  // a reason of 0: the report is held
  // Of the report, if it is held. Of a tombstone: not 0 while the report that it replaced may have been
  // counted.
  uint64_t octets = 0;
  uint64_t spooled_at = 0;  // SpoolAccount::running_seconds then

  bool is_held() const { return window.reason() == v1::Tombstone::REASON_UNSPECIFIED; }
  bool is_undecided() const { return !is_held() && octets > 0; }
};

struct SpoolContent {
  uint64_t place = 0;
  uint64_t epoch = 0;
  uint64_t sequence = 0;
  std::string_view report;  // valid until the statement moves on
};

// What a tombstone will say of this report.
v1::Tombstone WindowOf(const v1::WindowReport& report);

absl::Status CreateSpoolTables(SqliteSession& session);

// Columns to select, and the rows that were selected; `first_column` is where they begin. Nothing for a row
// whose checksum is wrong.
extern const char kEntryColumns[];  // kEntryColumnCount of them
extern const char kContentColumns[];
constexpr int kEntryColumnCount = 11;
std::optional<SpoolRow> ReadSpoolRow(const SqliteStatement& statement, int first_column = 0);
std::optional<SpoolContent> ReadSpoolContent(const SqliteStatement& statement, int first_column = 0);

// Writes rows, new ones or over those of the same place. The session must outlive it.
class SpoolRowWriter {
 public:
  explicit SpoolRowWriter(SqliteSession& session);

  // `report` is empty for a tombstone, whose content is deleted.
  absl::Status Put(const SpoolRow& row, std::string_view report);

 private:
  SqliteStatement entry_;
  SqliteStatement content_;
  SqliteStatement forget_;
};

}  // namespace kansoku::collector
