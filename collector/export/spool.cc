// SPDX-License-Identifier: Apache-2.0
#include "collector/export/spool.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "collector/export/random_epoch.h"
#include "collector/export/spool_files.h"
#include "collector/export/spool_rebuild.h"

namespace kansoku::collector {

absl::StatusOr<std::unique_ptr<Spool>> Spool::Open(const std::string& path, const Limits& limits) {
  FinishReplacing(path);
  std::unique_ptr<Spool> spool(new Spool(path, limits));
  absl::Status status = spool->Attach();
  if (absl::IsDataLoss(status)) {
    const bool is_upgrade = spool->is_version_1_;
    const absl::StatusOr<Repair> repair = spool->Rebuild(status);
    if (!repair.ok()) return repair.status();
    if (!is_upgrade || repair->lost > 0) spool->repair_at_open_ = *repair;
    status = absl::OkStatus();
  }
  if (status.ok()) status = spool->BeginEpoch();
  if (!status.ok()) return status;
  return spool;
}

absl::Status Spool::Attach() {
  if (is_attached_) return absl::OkStatus();
  absl::StatusOr<SqliteSession> session = SqliteSession::Open(path_);
  if (!session.ok()) return session.status();
  session_ = *std::move(session);
  if (absl::Status status = account_file_.Open(path_, false); !status.ok() && !absl::IsNotFound(status)) {
    return status;
  }
  for (const auto step : {&Spool::Lock, &Spool::CheckFormat, &Spool::Prepare, &Spool::Load}) {
    if (absl::Status status = (this->*step)(); !status.ok()) return status;
  }
  is_attached_ = true;
  return absl::OkStatus();
}

absl::Status Spool::Lock() {
  // In exclusive mode the first transaction takes the lock and keeps it until the file is closed. Nothing is
  // written before CheckFormat() has agreed: the file may be another program's.
  absl::Status status = session_.Execute("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT");
  if (absl::IsFailedPrecondition(status) && IsOurs()) {
    return absl::DataLossError(absl::StrCat("spool ", path_, ": damaged: its first page is lost"));
  }
  return status;
}

// A file without a legible head is taken for a spool when one left its account beside it, or when it is what
// some file systems make of a file at a power loss: zeros.
bool Spool::IsOurs() const { return account_file_.Read().has_value() || BeginsWithZeros(path_); }

absl::Status Spool::CheckFormat() {
  const absl::StatusOr<int64_t> application = session_.QueryInteger("PRAGMA application_id");
  if (!application.ok()) return application.status();
  const absl::StatusOr<int64_t> version = session_.QueryInteger("PRAGMA user_version");
  if (!version.ok()) return version.status();
  const absl::StatusOr<int64_t> tables = session_.QueryInteger("SELECT count(*) FROM sqlite_master");
  if (!tables.ok()) return tables.status();
  if (*application == 0 && *version == 0 && *tables == 0) return absl::OkStatus();  // new
  if (*application != kSpoolApplicationId) {
    if (IsOurs()) return absl::DataLossError(absl::StrCat("spool ", path_, ": damaged: its head is wrong"));
    return absl::FailedPreconditionError(
        absl::StrCat("spool ", path_, ": this file is another program's database; change spool.path"));
  }
  is_version_1_ = *version == 1;
  if (is_version_1_)
    return absl::DataLossError(absl::StrCat("spool ", path_, ": has the format of version 1"));
  if (*version != kSpoolFormatVersion) {
    return absl::FailedPreconditionError(absl::StrCat(
        "spool ", path_, ": has format ", *version, ", this program reads format ", kSpoolFormatVersion,
        "; run the version that wrote it, or move the file away (its unsent reports would be lost)"));
  }
  return absl::OkStatus();
}

absl::Status Spool::Prepare() {
  if (absl::Status status = account_file_.Open(path_, true); !status.ok()) return status;
  if (absl::Status status = session_.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
      !status.ok()) {
    return status;
  }
  const absl::StatusOr<int64_t> version = session_.QueryInteger("PRAGMA user_version");
  if (!version.ok() || *version == kSpoolFormatVersion) return version.status();
  SqliteTransaction transaction(session_);
  if (!transaction.status().ok()) return transaction.status();
  if (absl::Status status = CreateSpoolTables(session_); !status.ok()) return status;
  SqliteStatement account(session_, "INSERT INTO account VALUES(?)");
  if (absl::Status status = account.BindText(1, EncodeAccount({})).Run(); !status.ok()) return status;
  return transaction.Commit();
}

// All entries are looked at, but not the reports: those are checked when they are read.
absl::Status Spool::Load() {
  const auto damaged = [this](absl::string_view what) {
    return absl::DataLossError(absl::StrCat("spool ", path_, ": damaged: ", what));
  };
  State state;
  SqliteStatement told(session_, "SELECT account FROM account");
  const bool is_told = told.Next();
  if (!told.status().ok()) return told.status();
  const std::optional<SpoolAccount> account = is_told ? DecodeAccount(told.Bytes(0)) : std::nullopt;
  if (!account.has_value()) return damaged("its account is lost");
  state.account = *account;
  const uint64_t known_revision =
      std::max(account_file_.Read().value_or(SpoolAccount{}).revision, state_.account.revision);
  if (known_revision > account->revision) return damaged("the last transactions are lost");
  uint64_t place = account->first_place;
  SqliteStatement rows(session_,
                       absl::StrCat("SELECT ", kEntryColumns, " FROM entry ORDER BY place").c_str());
  for (; rows.Next(); ++place) {
    const std::optional<SpoolRow> row = ReadSpoolRow(rows);
    if (!row.has_value() || row->place != place) return damaged("an entry is lost");
    if (!row->is_held() && state.held_reports == 0) state.account.evicted_through = place;
    state.held_reports += row->is_held();
    state.held_bytes += row->is_held() ? row->octets : 0;
    state.undecided += row->is_undecided();
  }
  if (!rows.status().ok()) return rows.status();
  if (place != account->last_place + 1) return damaged("the last entries are lost");
  state_ = state;
  account_file_.Write(state_.account);
  return absl::OkStatus();
}

absl::StatusOr<Spool::Repair> Spool::Rebuild(const absl::Status& damage) {
  std::optional<SpoolAccount> newest = account_file_.Read();
  const bool is_running = state_.account.revision > 0;
  if (is_running && (!newest.has_value() || newest->revision < state_.account.revision))
    newest = state_.account;
  RemoveDatabase(RebuiltPath(path_));
  const absl::StatusOr<RebuiltSpool> rebuilt = RebuildSpool(session_, newest, RebuiltPath(path_));
  if (!rebuilt.ok()) {
    return absl::Status(
        rebuilt.status().code(),
        absl::StrCat(damage.message(), "; it cannot be repaired now: ", rebuilt.status().message()));
  }
  const bool is_upgrade = std::exchange(is_version_1_, false);
  if (absl::Status status = Replace(!is_upgrade || rebuilt->lost > 0); !status.ok()) return status;
  return Repair{.reason = std::string(damage.message()), .kept = rebuilt->kept, .lost = rebuilt->lost};
}

absl::Status Spool::Replace(bool keep_old) {
  is_attached_ = false;
  session_.CloseAsItIs();
  if (absl::Status status = ReplaceDatabase(path_, keep_old); !status.ok()) return status;
  return Attach();
}

absl::Status Spool::Commit(SqliteTransaction& transaction, State next) {
  ++next.account.revision;
  SqliteStatement account(session_, "UPDATE account SET account = ?");
  if (absl::Status status = account.BindText(1, EncodeAccount(next.account)).Run(); !status.ok())
    return status;
  if (absl::Status status = transaction.Commit(); !status.ok()) return status;
  state_ = std::move(next);
  account_file_.Write(state_.account);
  return absl::OkStatus();
}

absl::Status Spool::BeginEpoch() {
  SqliteTransaction transaction(session_);
  if (!transaction.status().ok()) return transaction.status();
  State next = state_;
  next.account.epochs.push_back({.epoch = RandomEpoch(), .base = next.account.last_place});
  next.account.DropPastEpochs();
  return Commit(transaction, std::move(next));
}

uint64_t Spool::RunningSeconds(absl::Time now) {
  if (!first_append_at_.has_value()) {
    first_append_at_ = now;
    running_seconds_at_open_ = state_.account.running_seconds;
  }
  return running_seconds_at_open_ + static_cast<uint64_t>(absl::ToInt64Seconds(now - *first_append_at_));
}

absl::Status Spool::Append(std::span<const v1::SequencedReport> entries, absl::Time now,
                           uint64_t sent_through) {
  if (entries.empty()) return absl::OkStatus();
  if (absl::Status status = Attach(); !status.ok()) return status;
  SqliteTransaction transaction(session_);
  if (!transaction.status().ok()) return transaction.status();
  State next = state_;
  next.account.running_seconds = RunningSeconds(now);
  if (absl::Status status = Insert(entries, next); !status.ok()) return status;
  if (absl::Status status = EvictOldest(sent_through, next); !status.ok()) return status;
  return Commit(transaction, std::move(next));
}

absl::Status Spool::Insert(std::span<const v1::SequencedReport> entries, State& next) {
  SpoolRowWriter writer(session_);
  const SpoolEpoch& epoch = next.account.epochs.back();
  std::string content;
  for (const v1::SequencedReport& entry : entries) {
    SpoolRow row{.place = ++next.account.last_place, .epoch = epoch.epoch};
    row.sequence = row.place - epoch.base;
    row.spooled_at = next.account.running_seconds;
    content.clear();
    if (entry.has_tombstone()) {
      row.window = entry.tombstone();
      ++next.account.evicted[row.window.reason()];
    } else {
      row.window = WindowOf(entry.report());
      entry.report().SerializeToString(&content);
      row.octets = content.size();
      ++next.held_reports;
      next.held_bytes += row.octets;
    }
    if (absl::Status status = writer.Put(row, content); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::SequencedReport>> Spool::Read(uint64_t after_sequence,
                                                             uint64_t max_bytes) const {
  const auto damaged = [this](uint64_t sequence) {
    return absl::DataLossError(absl::StrCat("spool ", path_, ": report ", sequence, " is damaged"));
  };
  std::vector<v1::SequencedReport> entries;
  const uint64_t base = state_.account.epochs.front().base;
  uint64_t next = std::max(after_sequence + 1, first_sequence());
  uint64_t bytes = 0;
  SqliteStatement rows(session_,
                       absl::StrCat("SELECT ", kEntryColumns, ", ", kContentColumns,
                                    " FROM entry LEFT JOIN content ON content.place = entry.place "
                                    "WHERE entry.place >= ? AND entry.place <= ? ORDER BY entry.place")
                           .c_str());
  rows.Bind(1, ToSql(base + next)).Bind(2, ToSql(base + last_sequence()));
  for (; rows.Next(); ++next) {
    std::optional<SpoolRow> row = ReadSpoolRow(rows);
    if (!row.has_value() || row->sequence != next) return damaged(next);
    v1::SequencedReport entry;
    entry.set_sequence(next);
    if (row->is_held()) {
      const std::optional<SpoolContent> content = ReadSpoolContent(rows, kEntryColumnCount);
      if (!content.has_value() || content->place != row->place ||
          !entry.mutable_report()->ParseFromArray(content->report.data(),
                                                  static_cast<int>(content->report.size()))) {
        return damaged(next);
      }
    } else {
      *entry.mutable_tombstone() = std::move(row->window);
    }
    bytes += entry.ByteSizeLong();
    if (!entries.empty() && bytes > max_bytes) return entries;
    entries.push_back(std::move(entry));
  }
  if (!rows.status().ok()) return rows.status();
  if (next <= last_sequence()) return damaged(next);
  return entries;
}

absl::Status Spool::TrimThrough(uint64_t sequence) {
  if (sequence > last_sequence()) {
    return absl::InvalidArgumentError(absl::StrCat("spool ", path_, ": asked to forget report ", sequence,
                                                   ", but ", last_sequence(), " is the last one"));
  }
  if (sequence < first_sequence()) return absl::OkStatus();
  if (absl::Status status = Attach(); !status.ok()) return status;
  SqliteTransaction transaction(session_);
  if (!transaction.status().ok()) return transaction.status();
  State next = state_;
  const uint64_t through = next.account.epochs.front().base + sequence;
  SqliteStatement committed(session_,
                            "SELECT count(*), sum(octets) FROM entry WHERE place <= ? AND reason = 0");
  if (!committed.Bind(1, ToSql(through)).Next()) return committed.status();
  next.account.acknowledged += FromSql(committed.Integer(0));
  next.held_reports -= FromSql(committed.Integer(0));
  next.held_bytes -= FromSql(committed.Integer(1));
  if (absl::Status status = AcknowledgeUndecided(through, next); !status.ok()) return status;
  next.account.first_place = through + 1;
  next.account.DropPastEpochs();
  for (const char* forget : {"DELETE FROM entry WHERE place <= ?", "DELETE FROM content WHERE place <= ?"}) {
    SqliteStatement statement(session_, forget);
    if (absl::Status status = statement.Bind(1, ToSql(through)).Run(); !status.ok()) return status;
  }
  return Commit(transaction, std::move(next));
}

absl::Status Spool::StartNewEpoch(uint64_t sent_through) {
  if (absl::Status status = Attach(); !status.ok()) return status;
  absl::StatusOr<std::vector<v1::SequencedReport>> held = Read(0, UINT64_MAX);
  if (!held.ok()) return held.status();
  SqliteTransaction transaction(session_);
  if (!transaction.status().ok()) return transaction.status();
  State next = state_;
  SpoolAccount& account = next.account;
  // The same places again, under another name.
  account.epochs = {{.epoch = RandomEpoch(), .base = account.first_place - 1}};
  account.last_place = account.first_place - 1;
  next.held_reports = 0;
  next.held_bytes = 0;
  next.undecided = 0;
  for (v1::SequencedReport& entry : *held) {
    if (entry.has_tombstone()) {
      --account.evicted[entry.tombstone().reason()];  // Insert() counts it again
    } else if (entry.sequence() <= sent_through) {
      v1::Tombstone window = WindowOf(entry.report());
      window.set_reason(v1::Tombstone::REASON_UNDECIDED);
      *entry.mutable_tombstone() = std::move(window);
    }
  }
  if (absl::Status status = Insert(*held, next); !status.ok()) return status;
  return Commit(transaction, std::move(next));
}

uint64_t Spool::first_sequence() const {
  const SpoolAccount& account = state_.account;
  return std::max(account.first_place - account.epochs.front().base, uint64_t{1});
}

uint64_t Spool::last_sequence() const {
  return state_.account.LastPlaceOf(0) - state_.account.epochs.front().base;
}

v1::Delivery Spool::account() const {
  v1::Delivery account;
  account.set_reports_closed(state_.account.last_place);
  account.set_reports_acknowledged(state_.account.acknowledged);
  account.set_reports_spooled(state_.held_reports);
  account.set_reports_evicted(state_.account.evicted_reports());
  return account;
}

}  // namespace kansoku::collector
