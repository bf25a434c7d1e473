// SPDX-License-Identifier: Apache-2.0
//
// Where closed windows wait, on disk, until the aggregator has committed them. One SQLite file (WAL,
// synchronous=FULL), held under an exclusive lock while open, and a copy of its account beside it
// (spool_account.h). Every call that changes something is one transaction, with the account in it: after a
// crash at any point the file is as before the call or as after it.
//
// Each report gets the next sequence number of an epoch; numbers are consecutive and never given out twice,
// not even by two copies of one file: each opening starts a new epoch. What an earlier one left is sent
// first, under its own epoch and numbers. When the reports held are larger than max_bytes the oldest lose
// their content and leave a tombstone under their number. Those that have been here for longer
// than max_age do the same. Tombstones are not bounded; one takes about 100 bytes.
//
// Age is the time that collectors have run on the spool, by a steady clock: wall-clock time may jump by years
// when a router boots, and must not empty a spool.
//
// A damaged file is rebuilt (spool_rebuild.h) and moved to `<path>.damaged`, where the newest one is kept.
//
// Any one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "collector/export/spool_account.h"
#include "collector/export/spool_row.h"
#include "collector/export/sqlite_session.h"
#include "kansoku/v1/config.pb.h"
#include "kansoku/v1/ingest.pb.h"

namespace kansoku::collector {

class Spool {
 public:
  struct Repair {
    std::string reason;
    uint64_t kept = 0;  // entries
    uint64_t lost = 0;  // reports that became tombstones
  };

  struct Limits {
    uint64_t max_bytes = UINT64_MAX;
    absl::Duration max_age = absl::InfiniteDuration();
  };

  static Limits LimitsOf(const v1::SpoolConfig& config) {
    return {.max_bytes = config.max_bytes(), .max_age = absl::Hours(config.max_age_hours())};
  }

  // Opens or creates the file, repairs it if it is damaged, and starts a new random epoch. NOT_FOUND: no such
  // folder. PERMISSION_DENIED: not writable. UNAVAILABLE: in use by another process. FAILED_PRECONDITION: not
  // a spool, or one that a newer version wrote.
  static absl::StatusOr<std::unique_ptr<Spool>> Open(const std::string& path, const Limits& limits);

  // What Open() had to repair.
  const std::optional<Repair>& repair_at_open() const { return repair_at_open_; }

  // After any call said DATA_LOSS: makes a sound file of what can be read, under the same numbers. On an
  // error the file is as it was.
  absl::StatusOr<Repair> Rebuild(const absl::Status& damage);

  // Held from the next Append() on.
  void SetLimits(const Limits& limits) { limits_ = limits; }

  // Numbers and stores the entries; a sequence number already in them is ignored. A tombstone among them is a
  // report that was lost on its way here: it counts as closed and evicted. Then the limits are held. All or
  // nothing. `now`: of a steady clock. Reports of epoch() up to `sent_through` are on their way: one of them
  // that has to give way may have been counted all the same. It counts as evicted until that is known.
  absl::Status Append(std::span<const v1::SequencedReport> entries, absl::Time now,
                      uint64_t sent_through = 0);

  // Of epoch() no more than this was committed, and nothing is on its way: what gave way beyond it was not
  // counted.
  absl::Status Settle(uint64_t committed_through);

  // Entries of epoch() after the given number, in order and without a gap: as many as fit into max_bytes, but
  // at least one. Empty when there are none. DATA_LOSS: one of them is damaged.
  absl::StatusOr<std::vector<v1::SequencedReport>> Read(uint64_t after_sequence, uint64_t max_bytes) const;

  // Forgets the entries of epoch() up to and including this number: they are committed, as they were sent. A
  // report that gave way after it was sent has arrived, then, and counts as acknowledged. After the last one
  // of an earlier opening, epoch() is the next. INVALID_ARGUMENT when the number was never given out.
  absl::Status TrimThrough(uint64_t sequence);

  // For when the aggregator says that it has committed numbers of this opening's epoch that were never given
  // out. Entries after `sent_through`, which never left, are numbered anew; whether the others were counted
  // nobody can tell, and they become tombstones.
  absl::Status StartNewEpoch(uint64_t sent_through);

  // The epoch to send now: the oldest of which entries are held, or this opening's.
  uint64_t epoch() const { return state_.account.epochs.front().epoch; }  // never 0
  bool is_current_epoch() const { return state_.account.epochs.size() == 1; }
  uint64_t first_sequence() const;  // of the oldest entry held, or the next one's
  uint64_t last_sequence() const;   // given out last in epoch(); 0: none
  bool empty() const { return state_.account.first_place > state_.account.last_place; }
  uint64_t held_bytes() const { return state_.held_bytes; }  // of reports, as serialised
  const SpoolAccount& spool_account() const { return state_.account; }

  // closed = acknowledged + spooled + evicted. The four are counted independently.
  v1::Delivery account() const;

 private:
  struct State {
    SpoolAccount account;
    uint64_t held_reports = 0;  // entries with content
    uint64_t held_bytes = 0;
    uint64_t undecided = 0;  // tombstones whose report may have been counted
  };

  Spool(std::string path, const Limits& limits) : path_(std::move(path)), limits_(limits) {}

  absl::Status Attach();
  absl::Status Lock();
  absl::Status CheckFormat();
  bool IsOurs() const;
  absl::Status Prepare();
  absl::Status Load();
  absl::Status Replace(bool keep_old);
  absl::Status BeginEpoch();
  absl::Status Insert(std::span<const v1::SequencedReport> entries, State& next);
  uint64_t RunningSeconds(absl::Time now);
  v1::Tombstone::Reason ReasonToEvict(const SpoolRow& oldest, const State& next) const;
  absl::Status EvictOldest(uint64_t sent_through, State& next);
  absl::Status AcknowledgeUndecided(uint64_t through_place, State& next);
  absl::Status Commit(SqliteTransaction& transaction, State next);

  const std::string path_;
  Limits limits_;
  AccountFile account_file_;
  SqliteSession session_;
  bool is_attached_ = false;
  bool is_version_1_ = false;
  State state_;  // of the last commit
  std::optional<absl::Time> first_append_at_;
  uint64_t running_seconds_at_open_ = 0;
  std::optional<Repair> repair_at_open_;
};

}  // namespace kansoku::collector
