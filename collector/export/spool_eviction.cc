// SPDX-License-Identifier: Apache-2.0
//
// Which reports of a spool give way, and what becomes of those that were on their way when they did.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "collector/export/spool.h"

namespace kansoku::collector {

v1::Tombstone::Reason Spool::ReasonToEvict(const SpoolRow& oldest, const State& next) const {
  const uint64_t waited_seconds = next.account.running_seconds - oldest.spooled_at;
  if (absl::Seconds(waited_seconds) > limits_.max_age) return v1::Tombstone::REASON_EXPIRED;
  if (next.held_bytes > limits_.max_bytes) return v1::Tombstone::REASON_SPOOL_FULL;
  return v1::Tombstone::REASON_UNSPECIFIED;
}

absl::Status Spool::EvictOldest(uint64_t sent_through, State& next) {
  // Of the entries held, no others than those of the oldest epoch were ever sent.
  const uint64_t sent_through_place =
      std::min(next.account.epochs.front().base + sent_through, next.account.LastPlaceOf(0));
  std::vector<SpoolRow> evicted;
  SqliteStatement oldest(session_, absl::StrCat("SELECT ", kEntryColumns,
                                                " FROM entry WHERE place > ? AND reason = 0 ORDER BY place")
                                       .c_str());
  oldest.Bind(1, ToSql(next.account.evicted_through));
  while (oldest.Next()) {
    std::optional<SpoolRow> row = ReadSpoolRow(oldest);
    if (!row.has_value()) return absl::DataLossError(absl::StrCat("spool ", path_, ": an entry is damaged"));
    const v1::Tombstone::Reason reason = ReasonToEvict(*row, next);
    if (reason == v1::Tombstone::REASON_UNSPECIFIED) break;
    next.account.evicted_through = row->place;
    next.held_bytes -= row->octets;
    --next.held_reports;
    if (row->place > sent_through_place) row->octets = 0;
    row->window.set_reason(reason);
    ++next.account.evicted[reason];
    next.undecided += row->is_undecided();
    evicted.push_back(*std::move(row));
  }
  if (!oldest.status().ok()) return oldest.status();
  SpoolRowWriter writer(session_);
  for (const SpoolRow& row : evicted) {
    if (absl::Status status = writer.Put(row, {}); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Spool::AcknowledgeUndecided(uint64_t through_place, State& next) {
  if (next.undecided == 0) return absl::OkStatus();
  SqliteStatement arrived(
      session_,
      "SELECT reason, count(*) FROM entry WHERE place <= ? AND reason != 0 AND octets > 0 "
      "GROUP BY reason");
  arrived.Bind(1, ToSql(through_place));
  while (arrived.Next()) {
    const uint64_t reason = FromSql(arrived.Integer(0)), reports = FromSql(arrived.Integer(1));
    next.undecided -= reports;
    // An account that was lost and surveyed anew has them all as damaged: as many stay there.
    if (reason >= next.account.evicted.size()) continue;
    const uint64_t corrected = std::min(next.account.evicted[reason], reports);
    next.account.evicted[reason] -= corrected;
    next.account.acknowledged += corrected;
  }
  return arrived.status();
}

absl::Status Spool::Settle(uint64_t committed_through) {
  if (state_.undecided == 0) return absl::OkStatus();
  if (absl::Status status = Attach(); !status.ok()) return status;
  SqliteTransaction transaction(session_);
  if (!transaction.status().ok()) return transaction.status();
  State next = state_;
  std::vector<SpoolRow> lost;
  SqliteStatement undecided(
      session_, absl::StrCat("SELECT ", kEntryColumns,
                             " FROM entry WHERE place > ? AND reason != 0 AND octets > 0 ORDER BY place")
                    .c_str());
  undecided.Bind(1, ToSql(next.account.epochs.front().base + committed_through));
  while (undecided.Next()) {
    std::optional<SpoolRow> row = ReadSpoolRow(undecided);
    if (!row.has_value()) return absl::DataLossError(absl::StrCat("spool ", path_, ": an entry is damaged"));
    row->octets = 0;
    --next.undecided;
    lost.push_back(*std::move(row));
  }
  if (!undecided.status().ok()) return undecided.status();
  if (lost.empty()) return absl::OkStatus();
  SpoolRowWriter writer(session_);
  for (const SpoolRow& row : lost) {
    if (absl::Status status = writer.Put(row, {}); !status.ok()) return status;
  }
  return Commit(transaction, std::move(next));
}

}  // namespace kansoku::collector
