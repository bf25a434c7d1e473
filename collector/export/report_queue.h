// SPDX-License-Identifier: Apache-2.0
//
// The hand-over from the capture threads to the export thread. Bounded in reports: a live capture never waits
// for the disk, so when the queue is full the oldest report in it becomes a tombstone, in place. Tombstones
// are small and not bounded.
//
// Any thread may push. One thread pops.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "absl/time/time.h"
#include "kansoku/v1/ingest.pb.h"

namespace kansoku::collector {

class ReportQueue {
 public:
  struct Counts {
    uint64_t pushed = 0;   // accepted, ever
    uint64_t evicted = 0;  // of those, became tombstones
    uint64_t refused = 0;  // pushed after Close(): lost
    uint64_t waiting = 0;  // reports in the queue now, tombstones not among them
  };

  explicit ReportQueue(size_t max_reports) : max_reports_(max_reports) {}

  // Never waits. False: the queue is closed, the report is lost and counted as refused.
  bool Push(v1::WindowReport report);

  // Waits for room, or until the queue is closed.
  bool PushAndWait(v1::WindowReport report);

  // Takes up to `max_entries` from the front, as soon as there are any. Empty after the timeout, an
  // Interrupt() or, once everything was taken, Close(). With max_entries == 0 it waits for the same and takes
  // nothing. Sequence numbers are not set.
  std::vector<v1::SequencedReport> Pop(size_t max_entries, absl::Duration timeout);

  // Makes the current or the next Pop() return at once.
  void Interrupt();

  // No more reports; those inside can still be popped.
  void Close();

  Counts counts() const;

 private:
  bool PushLocked(v1::WindowReport report);

  const size_t max_reports_;
  mutable std::mutex mutex_;
  std::condition_variable readable_;
  std::condition_variable room_;
  std::deque<v1::SequencedReport>
      entries_;  // tombstones first: it is always the oldest report that becomes one
  Counts counts_;
  bool interrupted_ = false;
  bool closed_ = false;
};

}  // namespace kansoku::collector
