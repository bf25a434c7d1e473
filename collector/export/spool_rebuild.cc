// SPDX-License-Identifier: Apache-2.0
#include "collector/export/spool_rebuild.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collector/export/random_epoch.h"
#include "collector/export/spool_row.h"

namespace kansoku::collector {
namespace {

// What is known of one place. Either part may be missing.
struct Finding {
  std::optional<SpoolRow> row;
  std::string report;  // empty: none that can be read
};

// Reads single rows of a file of which any part may be damaged. One row's lookup does not touch the pages of
// others, except those above them.
class Salvage {
 public:
  explicit Salvage(SqliteSession& session) : session_(session) {
    // With it SQLite opens a file that is shorter than its header says.
    session_.Execute("PRAGMA writable_schema=ON").IgnoreError();
    is_version_1_ = session_.QueryInteger("PRAGMA user_version").value_or(kSpoolFormatVersion) == 1;
    account_ = is_version_1_ ? AccountOfVersion1() : OwnAccount();
  }

  // Not OK: the disk could not be read just now, so that what was not found may be there all the same.
  const absl::Status& status() const { return status_; }

  const std::optional<SpoolAccount>& account() const { return account_; }

  // From the rows alone, all of which are looked at.
  SpoolAccount Survey() { return is_version_1_ ? SurveyVersion1() : SurveyOwn(); }

  // `epoch` is the place's by the account, which the rows of version 1 do not say.
  Finding Find(uint64_t place, const SpoolEpoch& epoch) {
    return is_version_1_ ? FindOfVersion1(place, epoch) : FindOwn(place);
  }

 private:
  // What a damaged file says is no error of the disk.
  void Note(const SqliteStatement& statement) {
    const absl::Status& status = statement.status();
    if (!status.ok() && !absl::IsDataLoss(status) && !absl::IsFailedPrecondition(status)) status_ = status;
  }

  std::optional<SpoolAccount> OwnAccount();
  std::optional<SpoolAccount> AccountOfVersion1();
  SpoolAccount SurveyOwn();
  SpoolAccount SurveyVersion1();
  Finding FindOwn(uint64_t place);
  Finding FindOfVersion1(uint64_t place, const SpoolEpoch& epoch);
  void NarrowToFile(SpoolAccount& account) const;

  SqliteSession& session_;
  absl::Status status_;
  bool is_version_1_ = false;
  std::optional<SpoolAccount> account_;
};

std::optional<SpoolAccount> Salvage::OwnAccount() {
  SqliteStatement account(session_, "SELECT account FROM account");
  if (account.Next()) return DecodeAccount(account.Bytes(0));
  Note(account);
  return std::nullopt;
}

std::optional<SpoolAccount> Salvage::AccountOfVersion1() {
  SqliteStatement row(session_, "SELECT epoch, last_sequence, acknowledged, evicted FROM account");
  if (!row.Next()) {
    Note(row);
    return std::nullopt;
  }
  SpoolAccount account{.revision = 1,
                       .last_place = FromSql(row.Integer(1)),
                       .acknowledged = FromSql(row.Integer(2)),
                       .epochs = {{.epoch = FromSql(row.Integer(0)), .base = 0}}};
  account.evicted[v1::Tombstone::REASON_SPOOL_FULL] = FromSql(row.Integer(3));
  account.first_place = account.last_place + 1;
  SqliteStatement oldest(session_, "SELECT min(sequence) FROM entry WHERE sequence > 0");
  if (oldest.Next() && !oldest.IsNull(0)) account.first_place = FromSql(oldest.Integer(0));
  Note(oldest);
  NarrowToFile(account);
  return account;
}

SpoolAccount Salvage::SurveyOwn() {
  SpoolAccount account;
  std::map<uint64_t, uint64_t> epochs;  // by base
  const auto note = [&](uint64_t place, uint64_t epoch, uint64_t sequence) {
    account.first_place = account.last_place == 0 ? place : std::min(account.first_place, place);
    account.last_place = std::max(account.last_place, place);
    epochs.emplace(place - sequence, epoch);
  };
  // From both ends, as far as each leads.
  for (const char* order : {" ORDER BY place", " ORDER BY place DESC"}) {
    SqliteStatement rows(session_, absl::StrCat("SELECT ", kEntryColumns, " FROM entry", order).c_str());
    while (rows.Next()) {
      if (const auto row = ReadSpoolRow(rows)) note(row->place, row->epoch, row->sequence);
    }
    Note(rows);
    SqliteStatement contents(session_,
                             absl::StrCat("SELECT ", kContentColumns, " FROM content", order).c_str());
    while (contents.Next()) {
      if (const auto found = ReadSpoolContent(contents)) note(found->place, found->epoch, found->sequence);
    }
    Note(contents);
  }
  // What became of those before is not known; nothing says that they were lost.
  account.acknowledged = account.first_place - 1;
  for (const auto& [base, epoch] : epochs) account.epochs.push_back({.epoch = epoch, .base = base});
  return account;
}

SpoolAccount Salvage::SurveyVersion1() {
  SpoolAccount account;
  for (const char* end :
       {"SELECT min(sequence) FROM entry WHERE sequence > 0", "SELECT max(sequence) FROM entry"}) {
    SqliteStatement row(session_, end);
    if (row.Next() && !row.IsNull(0)) {
      account.first_place = account.last_place == 0 ? FromSql(row.Integer(0)) : account.first_place;
      account.last_place = FromSql(row.Integer(0));
    }
    Note(row);
  }
  NarrowToFile(account);
  account.acknowledged = account.first_place - 1;
  return account;
}

// Version 1 has no checksums, so that a damaged number may be any: each place takes more than an octet.
void Salvage::NarrowToFile(SpoolAccount& account) const {
  uint64_t octets = 0;
  for (const char* part : {"", "-wal"}) {
    std::error_code absent;
    const uintmax_t size = std::filesystem::file_size(session_.path() + part, absent);
    if (!absent) octets += size;
  }
  const uint64_t most = uint64_t{INT64_MAX} - octets;
  account.first_place = std::clamp<uint64_t>(account.first_place, 1, most);
  account.last_place =
      std::clamp(account.last_place, account.first_place - 1, account.first_place - 1 + octets);
}

Finding Salvage::FindOwn(uint64_t place) {
  Finding finding;
  SqliteStatement entry(session_,
                        absl::StrCat("SELECT ", kEntryColumns, " FROM entry WHERE place = ?").c_str());
  if (entry.Bind(1, ToSql(place)).Next()) finding.row = ReadSpoolRow(entry);
  Note(entry);
  SqliteStatement row(session_,
                      absl::StrCat("SELECT ", kContentColumns, " FROM content WHERE place = ?").c_str());
  v1::WindowReport report;
  if (row.Bind(1, ToSql(place)).Next()) {
    const std::optional<SpoolContent> content = ReadSpoolContent(row);
    if (content.has_value() && content->place == place &&
        report.ParseFromArray(content->report.data(), static_cast<int>(content->report.size()))) {
      finding.report = std::string(content->report);
      const SpoolRow same{
          .place = place, .epoch = content->epoch, .sequence = content->sequence, .window = WindowOf(report)};
      if (!finding.row.has_value()) finding.row = same;
    }
  }
  Note(row);
  return finding;
}

Finding Salvage::FindOfVersion1(uint64_t place, const SpoolEpoch& epoch) {
  Finding finding;
  SqliteStatement row(session_,
                      "SELECT point, window_start, window_seconds, captured_packets, reason, content "
                      "FROM entry WHERE sequence = ?");
  if (row.Bind(1, ToSql(place)).Next()) {
    SpoolRow& found = finding.row.emplace(SpoolRow{.place = place});
    // With the account the epoch is lost, and with it the number.
    if (account_.has_value()) {
      found.epoch = epoch.epoch;
      found.sequence = place - epoch.base;
    }
    found.window.set_point(std::string(row.Bytes(0)));
    found.window.set_window_start_unix_seconds(row.Integer(1));
    found.window.set_window_seconds(static_cast<uint32_t>(row.Integer(2)));
    found.window.set_captured_packets(FromSql(row.Integer(3)));
    found.window.set_reason(static_cast<v1::Tombstone::Reason>(row.Integer(4)));
    v1::WindowReport report;
    const std::string_view content = row.Bytes(5);
    // Without a checksum, the row and its report vouch for each other.
    if (!row.IsNull(5) && report.ParseFromArray(content.data(), static_cast<int>(content.size())) &&
        WindowOf(report).SerializeAsString() == found.window.SerializeAsString()) {
      finding.report = std::string(content);
    }
  }
  Note(row);
  return finding;
}

// The entry as it can still be sent: under its own number, or as a tombstone. `is_behind`: it may have
// changed since, in transactions that are lost.
SpoolRow Judge(Finding& finding, uint64_t place, const SpoolEpoch& epoch, const SpoolAccount& account,
               bool is_behind) {
  SpoolRow row = finding.row.value_or(SpoolRow{});
  const bool is_known = finding.row.has_value();
  const bool is_numbered_as_accounted = row.epoch == epoch.epoch && row.sequence == place - epoch.base;
  row.place = place;
  row.epoch = epoch.epoch;
  row.sequence = place - epoch.base;
  row.spooled_at = std::min(row.spooled_at, account.running_seconds);
  // What gave way in transactions that are lost may have left as a tombstone: its report does not come back.
  if (is_known && row.is_held() && place <= account.evicted_through)
    row.window.set_reason(v1::Tombstone::REASON_SPOOL_FULL);
  const bool was_tombstone = !row.is_held();
  if (was_tombstone) finding.report.clear();
  if (is_known && row.is_held() && !is_numbered_as_accounted) {
    row.window.set_reason(v1::Tombstone::REASON_UNDECIDED);
  } else if (row.is_held() && finding.report.empty()) {
    row.window.set_reason(v1::Tombstone::REASON_DAMAGED);
  }
  if (row.is_held()) {
    row.octets = finding.report.size();
  } else {
    finding.report.clear();
    // Whether the report of a tombstone had been counted may have been decided, and the tombstone sent: what
    // is acknowledged of it then is no report.
    if (!was_tombstone || is_behind) row.octets = 0;
  }
  return row;
}

absl::Status Copy(Salvage& salvage, SqliteSession& to, RebuiltSpool& rebuilt) {
  SpoolAccount& account = rebuilt.account;
  SpoolRowWriter writer(to);
  const bool is_behind = !salvage.account().has_value() || salvage.account()->revision < account.revision;
  uint64_t held = 0;
  for (uint64_t place = account.first_place; place <= account.last_place; ++place) {
    const SpoolEpoch& epoch = *account.EpochAt(place);
    Finding finding = salvage.Find(place, epoch);
    if (!salvage.status().ok()) return salvage.status();
    const bool was_tombstone =
        finding.row.has_value() && (!finding.row->is_held() || place <= account.evicted_through);
    const SpoolRow row = Judge(finding, place, epoch, account, is_behind);
    if (absl::Status status = writer.Put(row, finding.report); !status.ok()) return status;
    held += row.is_held();
    const bool is_lost = !row.is_held() && !was_tombstone;
    rebuilt.lost += is_lost;
    rebuilt.kept += !is_lost;
    if (is_lost) ++account.evicted[row.window.reason()];
  }
  account.Settle(held);
  ++account.revision;
  SqliteStatement insert(to, "INSERT INTO account VALUES(?)");
  return insert.BindText(1, EncodeAccount(account)).Run();
}

}  // namespace

absl::StatusOr<RebuiltSpool> RebuildSpool(SqliteSession& damaged, std::optional<SpoolAccount> account,
                                          const std::string& path) {
  Salvage salvage(damaged);
  const std::optional<SpoolAccount>& own = salvage.account();
  if (own.has_value() && (!account.has_value() || own->revision > account->revision)) account = own;
  RebuiltSpool rebuilt{.account = account.has_value() ? *account : salvage.Survey()};
  if (!salvage.status().ok()) return salvage.status();
  // Places without an epoch: their numbers are lost with it.
  if (rebuilt.account.EpochAt(rebuilt.account.first_place) == nullptr) {
    rebuilt.account.epochs.insert(rebuilt.account.epochs.begin(),
                                  {.epoch = RandomEpoch(), .base = rebuilt.account.first_place - 1});
  }
  absl::StatusOr<SqliteSession> to = SqliteSession::Open(path);
  if (!to.ok()) return to.status();
  SqliteTransaction transaction(*to);
  if (!transaction.status().ok()) return transaction.status();
  if (absl::Status status = CreateSpoolTables(*to); !status.ok()) return status;
  if (absl::Status status = Copy(salvage, *to, rebuilt); !status.ok()) return status;
  if (absl::Status status = transaction.Commit(); !status.ok()) return status;
  return rebuilt;
}

}  // namespace kansoku::collector
