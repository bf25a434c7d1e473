// SPDX-License-Identifier: Apache-2.0
//
// Where closed windows wait, on disk, until the aggregator has committed them. One SQLite file (WAL,
// synchronous=FULL), held under an exclusive lock while open. Every call that changes something is one
// transaction, with the account in it: after a crash at any point the file is as before the call or as after
// it.
//
// Each report gets the next sequence number of the spool's epoch; numbers are consecutive and never given out
// twice. When the reports held are larger than max_bytes the oldest lose their content and leave a tombstone
// under their number. Tombstones are not bounded; one takes about 50 bytes.
//
// Any one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collector/export/sqlite_session.h"
#include "kansoku/v1/ingest.pb.h"

namespace kansoku::collector {

class Spool {
 public:
  // Opens or creates the file. A new file starts a new random epoch. NOT_FOUND: no such folder.
  // PERMISSION_DENIED: not writable. UNAVAILABLE: in use by another process. FAILED_PRECONDITION: not a
  // spool, or one that a newer version wrote. DATA_LOSS: damaged.
  static absl::StatusOr<std::unique_ptr<Spool>> Open(const std::string& path, uint64_t max_bytes);

  // Numbers and stores the entries; a sequence number already in them is ignored. A tombstone among them is a
  // report that was lost on its way here: it counts as closed and evicted. All or nothing.
  absl::Status Append(std::span<const v1::SequencedReport> entries);

  // Entries after the given number, in order and without a gap: as many as fit into max_bytes, but at least
  // one. Empty when there are none. DATA_LOSS: the first of them is damaged.
  absl::StatusOr<std::vector<v1::SequencedReport>> Read(uint64_t after_sequence, uint64_t max_bytes) const;

  // Forgets the entries up to and including this number: they are committed. INVALID_ARGUMENT when the number
  // was never given out.
  absl::Status TrimThrough(uint64_t sequence);

  // For when the aggregator has committed numbers that this spool never gave out: the file was restored from
  // a copy. Entries still held are numbered anew, from 1, and the account starts over with them.
  absl::Status StartNewEpoch();

  uint64_t epoch() const { return state_.epoch; }  // never 0
  uint64_t first_sequence() const {
    return state_.first_sequence;
  }  // of the oldest entry held, or the next one's
  uint64_t last_sequence() const { return state_.last_sequence; }  // given out last; 0: none
  uint64_t held_bytes() const { return state_.held_bytes; }        // of reports, as serialised

  // The account of this epoch: closed = acknowledged + spooled + evicted. The four are counted independently.
  v1::Delivery account() const;

 private:
  struct State {
    uint64_t epoch = 0;
    uint64_t first_sequence = 1;
    uint64_t last_sequence = 0;
    uint64_t acknowledged = 0;
    uint64_t evicted = 0;
    uint64_t held_reports = 0;  // entries with content
    uint64_t held_bytes = 0;
    uint64_t evicted_through = 0;  // no entry up to here has content: where the search for the oldest begins
  };

  Spool(SqliteSession session, uint64_t max_bytes) : session_(std::move(session)), max_bytes_(max_bytes) {}

  absl::Status Lock();
  absl::Status CheckFormat();
  absl::Status Prepare();
  absl::Status Load();
  absl::Status Insert(std::span<const v1::SequencedReport> entries, State& next);
  absl::Status EvictOldest(State& next);
  absl::Status WriteAccount(const State& next);

  SqliteSession session_;
  uint64_t max_bytes_;
  State state_;  // of the last commit
};

}  // namespace kansoku::collector
