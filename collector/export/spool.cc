// SPDX-License-Identifier: Apache-2.0
#include "collector/export/spool.h"

#include <random>

#include "absl/strings/str_cat.h"

namespace kansoku::collector {
namespace {

constexpr int64_t kFormatVersion = 1;
constexpr int64_t kApplicationId = 0x4b535053;  // "KSPS", so that another program's database is told apart

// A row whose content is NULL is a tombstone. The columns beside it are all that a tombstone says, so that
// eviction need not parse what it drops. The account's `closed` is last_sequence: each closed report has one
// number.
constexpr char kSchema[] = R"(
  CREATE TABLE account(
    epoch INTEGER NOT NULL, last_sequence INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL, evicted INTEGER NOT NULL);
  CREATE TABLE entry(
    sequence INTEGER PRIMARY KEY, point TEXT NOT NULL,
    window_start INTEGER NOT NULL, window_seconds INTEGER NOT NULL,
    captured_packets INTEGER NOT NULL, reason INTEGER NOT NULL, content BLOB);
)";

uint64_t RandomEpoch() {
  std::random_device device;
  uint64_t epoch = 0;
  while (epoch == 0) epoch = static_cast<uint64_t>(device()) << 32 | device();
  return epoch;
}

// SQLite's integers are signed; the bits are what counts.
int64_t ToSql(uint64_t value) { return static_cast<int64_t>(value); }
uint64_t FromSql(int64_t value) { return static_cast<uint64_t>(value); }

v1::Tombstone ToTombstone(const SqliteStatement& row) {
  v1::Tombstone tombstone;
  tombstone.set_point(std::string(row.Bytes(1)));
  tombstone.set_window_start_unix_seconds(row.Integer(2));
  tombstone.set_window_seconds(static_cast<uint32_t>(row.Integer(3)));
  tombstone.set_captured_packets(FromSql(row.Integer(4)));
  tombstone.set_reason(static_cast<v1::Tombstone::Reason>(row.Integer(5)));
  return tombstone;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Spool>> Spool::Open(const std::string& path, uint64_t max_bytes) {
  absl::StatusOr<SqliteSession> session = SqliteSession::Open(path);
  if (!session.ok()) return session.status();
  std::unique_ptr<Spool> spool(new Spool(*std::move(session), max_bytes));
  for (const auto step : {&Spool::Lock, &Spool::CheckFormat, &Spool::Prepare, &Spool::Load}) {
    if (absl::Status status = (*spool.*step)(); !status.ok()) return status;
  }
  return spool;
}

absl::Status Spool::Lock() {
  // In exclusive mode the first transaction takes the lock and keeps it until the file is closed. Nothing is
  // written before CheckFormat() has agreed: the file may be another program's.
  return session_.Execute("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT");
}

absl::Status Spool::CheckFormat() {
  const absl::StatusOr<int64_t> application = session_.QueryInteger("PRAGMA application_id");
  if (!application.ok()) return application.status();
  const absl::StatusOr<int64_t> version = session_.QueryInteger("PRAGMA user_version");
  if (!version.ok()) return version.status();
  const absl::StatusOr<int64_t> tables = session_.QueryInteger("SELECT count(*) FROM sqlite_master");
  if (!tables.ok()) return tables.status();
  if (*application == 0 && *version == 0 && *tables == 0) return absl::OkStatus();  // new
  if (*application != kApplicationId) {
    return absl::FailedPreconditionError(absl::StrCat(
        "spool ", session_.path(), ": this file is another program's database; change spool.path"));
  }
  if (*version != kFormatVersion) {
    return absl::FailedPreconditionError(absl::StrCat(
        "spool ", session_.path(), ": has format ", *version, ", this program reads format ", kFormatVersion,
        "; run the version that wrote it, or move the file away (its unsent reports would be lost)"));
  }
  return absl::OkStatus();
}

absl::Status Spool::Prepare() {
  if (absl::Status status = session_.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
      !status.ok()) {
    return status;
  }
  const absl::StatusOr<int64_t> version = session_.QueryInteger("PRAGMA user_version");
  if (!version.ok() || *version == kFormatVersion) return version.status();
  SqliteTransaction transaction(session_);
  if (!transaction.status().ok()) return transaction.status();
  const std::string pragmas =
      absl::StrCat("PRAGMA application_id=", kApplicationId, "; PRAGMA user_version=", kFormatVersion);
  if (absl::Status status = session_.Execute(pragmas.c_str()); !status.ok()) return status;
  if (absl::Status status = session_.Execute(kSchema); !status.ok()) return status;
  SqliteStatement account(session_, "INSERT INTO account VALUES(?, 0, 0, 0)");
  if (absl::Status status = account.Bind(1, ToSql(RandomEpoch())).Run(); !status.ok()) return status;
  return transaction.Commit();
}

absl::Status Spool::Load() {
  State state;
  SqliteStatement account(session_, "SELECT epoch, last_sequence, acknowledged, evicted FROM account");
  if (!account.Next()) {
    if (!account.status().ok()) return account.status();
    return absl::DataLossError(
        absl::StrCat("spool ", session_.path(), ": the account is missing; move the file away"));
  }
  state.epoch = FromSql(account.Integer(0));
  state.last_sequence = FromSql(account.Integer(1));
  state.acknowledged = FromSql(account.Integer(2));
  state.evicted = FromSql(account.Integer(3));
  SqliteStatement held(session_, "SELECT min(sequence), count(content), sum(length(content)) FROM entry");
  if (!held.Next()) return held.status();
  state.first_sequence = held.IsNull(0) ? state.last_sequence + 1 : FromSql(held.Integer(0));
  state.held_reports = FromSql(held.Integer(1));
  state.held_bytes = FromSql(held.Integer(2));
  state_ = state;
  return absl::OkStatus();
}

absl::Status Spool::Append(std::span<const v1::SequencedReport> entries) {
  if (entries.empty()) return absl::OkStatus();
  SqliteTransaction transaction(session_);
  if (!transaction.status().ok()) return transaction.status();
  State next = state_;
  if (absl::Status status = Insert(entries, next); !status.ok()) return status;
  if (absl::Status status = EvictOldest(next); !status.ok()) return status;
  if (absl::Status status = WriteAccount(next); !status.ok()) return status;
  if (absl::Status status = transaction.Commit(); !status.ok()) return status;
  state_ = next;
  return absl::OkStatus();
}

absl::Status Spool::Insert(std::span<const v1::SequencedReport> entries, State& next) {
  SqliteStatement insert(session_, "INSERT INTO entry VALUES(?, ?, ?, ?, ?, ?, ?)");
  for (const v1::SequencedReport& entry : entries) {
    insert.Bind(1, ToSql(++next.last_sequence));
    if (entry.has_tombstone()) {
      const v1::Tombstone& tombstone = entry.tombstone();
      insert.BindText(2, tombstone.point()).Bind(3, tombstone.window_start_unix_seconds());
      insert.Bind(4, tombstone.window_seconds()).Bind(5, ToSql(tombstone.captured_packets()));
      insert.Bind(6, tombstone.reason()).BindNull(7);
      ++next.evicted;
    } else {
      const v1::WindowReport& report = entry.report();
      const std::string content = report.SerializeAsString();
      insert.BindText(2, report.point()).Bind(3, report.window_start_unix_seconds());
      insert.Bind(4, report.window_seconds())
          .Bind(5, ToSql(report.measurement().ledger().captured_packets()));
      insert.Bind(6, 0).BindBlob(7, content);
      ++next.held_reports;
      next.held_bytes += content.size();
    }
    if (absl::Status status = insert.Run(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Spool::EvictOldest(State& next) {
  SqliteStatement oldest(
      session_,
      "SELECT sequence, length(content) FROM entry WHERE sequence > ? AND content IS NOT NULL "
      "ORDER BY sequence");
  oldest.Bind(1, ToSql(next.evicted_through));
  const uint64_t from = next.evicted_through;
  while (next.held_bytes > max_bytes_ && oldest.Next()) {
    next.evicted_through = FromSql(oldest.Integer(0));
    next.held_bytes -= FromSql(oldest.Integer(1));
    --next.held_reports;
    ++next.evicted;
  }
  if (!oldest.status().ok()) return oldest.status();
  if (next.evicted_through == from) return absl::OkStatus();
  SqliteStatement evict(session_,
                        "UPDATE entry SET content = NULL, reason = ? WHERE sequence > ? AND sequence <= ? "
                        "AND content IS NOT NULL");
  return evict.Bind(1, v1::Tombstone::REASON_SPOOL_FULL)
      .Bind(2, ToSql(from))
      .Bind(3, ToSql(next.evicted_through))
      .Run();
}

absl::Status Spool::WriteAccount(const State& next) {
  SqliteStatement account(session_,
                          "UPDATE account SET epoch = ?, last_sequence = ?, acknowledged = ?, evicted = ?");
  account.Bind(1, ToSql(next.epoch)).Bind(2, ToSql(next.last_sequence));
  return account.Bind(3, ToSql(next.acknowledged)).Bind(4, ToSql(next.evicted)).Run();
}

absl::StatusOr<std::vector<v1::SequencedReport>> Spool::Read(uint64_t after_sequence,
                                                             uint64_t max_bytes) const {
  std::vector<v1::SequencedReport> entries;
  uint64_t bytes = 0;
  SqliteStatement row(
      session_,
      "SELECT sequence, point, window_start, window_seconds, captured_packets, reason, content "
      "FROM entry WHERE sequence > ? ORDER BY sequence");
  row.Bind(1, ToSql(after_sequence));
  while (row.Next()) {
    v1::SequencedReport entry;
    entry.set_sequence(FromSql(row.Integer(0)));
    if (row.IsNull(6)) {
      *entry.mutable_tombstone() = ToTombstone(row);
    } else if (const std::string_view content = row.Bytes(6);
               !entry.mutable_report()->ParseFromArray(content.data(), static_cast<int>(content.size()))) {
      if (!entries.empty()) break;  // those before the damage can still be delivered
      return absl::DataLossError(
          absl::StrCat("spool ", session_.path(), ": report ", entry.sequence(),
                       " is damaged; move the file away, a new one starts a new epoch"));
    }
    bytes += entry.ByteSizeLong();
    if (!entries.empty() && bytes > max_bytes) break;
    entries.push_back(std::move(entry));
  }
  if (!row.status().ok()) return row.status();
  return entries;
}

absl::Status Spool::TrimThrough(uint64_t sequence) {
  if (sequence > state_.last_sequence) {
    return absl::InvalidArgumentError(absl::StrCat("spool ", session_.path(), ": asked to forget report ",
                                                   sequence, ", but ", state_.last_sequence,
                                                   " is the last one"));
  }
  if (sequence < state_.first_sequence) return absl::OkStatus();
  SqliteTransaction transaction(session_);
  if (!transaction.status().ok()) return transaction.status();
  State next = state_;
  if (SqliteStatement committed(session_,
                                "SELECT count(content), sum(length(content)) FROM entry WHERE sequence <= ?");
      committed.Bind(1, ToSql(sequence)).Next()) {
    next.acknowledged += FromSql(committed.Integer(0));
    next.held_reports -= FromSql(committed.Integer(0));
    next.held_bytes -= FromSql(committed.Integer(1));
  } else {
    return committed.status();
  }
  next.first_sequence = sequence + 1;
  SqliteStatement forget(session_, "DELETE FROM entry WHERE sequence <= ?");
  if (absl::Status status = forget.Bind(1, ToSql(sequence)).Run(); !status.ok()) return status;
  if (absl::Status status = WriteAccount(next); !status.ok()) return status;
  if (absl::Status status = transaction.Commit(); !status.ok()) return status;
  state_ = next;
  return absl::OkStatus();
}

absl::Status Spool::StartNewEpoch() {
  SqliteTransaction transaction(session_);
  if (!transaction.status().ok()) return transaction.status();
  const uint64_t entries = state_.last_sequence + 1 - state_.first_sequence;
  State next = state_;
  next.epoch = RandomEpoch();
  next.first_sequence = 1;
  next.last_sequence = entries;
  next.acknowledged = 0;
  next.evicted = entries - state_.held_reports;
  next.evicted_through = 0;
  // Two steps through the negative numbers: an update in place could meet a number that is still taken.
  SqliteStatement away(session_, "UPDATE entry SET sequence = ? - sequence");
  if (absl::Status status = away.Bind(1, ToSql(state_.first_sequence - 1)).Run(); !status.ok()) return status;
  if (absl::Status status = session_.Execute("UPDATE entry SET sequence = -sequence"); !status.ok())
    return status;
  if (absl::Status status = WriteAccount(next); !status.ok()) return status;
  if (absl::Status status = transaction.Commit(); !status.ok()) return status;
  state_ = next;
  return absl::OkStatus();
}

v1::Delivery Spool::account() const {
  v1::Delivery account;
  account.set_reports_closed(state_.last_sequence);
  account.set_reports_acknowledged(state_.acknowledged);
  account.set_reports_spooled(state_.held_reports);
  account.set_reports_evicted(state_.evicted);
  return account;
}

}  // namespace kansoku::collector
