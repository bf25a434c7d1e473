// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "aggregator/ingest/store_health.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/ingest.pb.h"

namespace kansoku::aggregator {

struct CommitQueueOptions {
  // How long the first batch waits for others to share its commit. Longer: fewer commits, later
  // acknowledgements.
  absl::Duration interval = absl::Milliseconds(50);
  // A commit that has this many reports does not wait any longer.
  size_t reports_per_commit = 1'000;
  // What may wait, in bytes of messages. One message is always taken.
  size_t max_bytes = size_t{64} << 20;
  // How often the store forgets what is past its retention. That is counted back from the end of the newest
  // window that was counted since the start, never from a clock that is ahead of it.
  absl::Duration expire_every = absl::Seconds(10);
  // While the store cannot be written and nobody asks for it, how often it is tried.
  absl::Duration probe_every = absl::Seconds(1);
  // How long writes must succeed before the store counts as well again.
  absl::Duration settle = absl::Seconds(5);
  // Told when the store can no longer be written (why), and when it can again (OK). Called on the queue's
  // thread with no lock held; must not call back.
  std::function<void(const absl::Status&)> on_store_change = [](const absl::Status&) {};
};

struct CommitCounts {
  uint64_t commits = 0;        // transactions committed, welcomes among them
  uint64_t commit_errors = 0;  // transactions that the store failed; what was in them was not acknowledged
  uint64_t expire_errors = 0;
  std::string store_error;  // why the store cannot be written; empty while it can
};

// The one thread that writes to the store, for all streams: it gathers what they bring into one transaction
// (group commit) and tells each what became of its part. Anyone may call anything from any thread, except
// Stop from a callback.
class CommitQueue {
 public:
  // The sequence committed through, or why nothing of this batch was. Called on the queue's thread, with no
  // lock held; must not block.
  using Done = std::function<void(const absl::StatusOr<uint64_t>& through)>;
  // What became of a decision about the quarantine; otherwise as Done.
  using Decided = std::function<void(const absl::StatusOr<v1::QuarantinedReport>& decided)>;

  // `store` must outlive this. `clock` is read on the queue's thread only.
  CommitQueue(Store& store, const CommitQueueOptions& options, std::function<absl::Time()> clock);
  ~CommitQueue();

  void Start();
  // Commits what is waiting, calls every callback, and ends the thread.
  void Stop();

  // Each is answered by exactly one call of `done`, in the order of arrival for one collector; unless the
  // result is an error, then never. UNAVAILABLE: stopped. RESOURCE_EXHAUSTED: max_bytes are waiting; come
  // back.
  absl::Status Welcome(v1::Hello hello, Done done);
  absl::Status Commit(CollectorBatch batch, size_t bytes, Done done);
  // As Store::Decide, after judging again what is to be admitted (admission.h).
  absl::Status Decide(QuarantineDecision decision, Decided decided);

  CommitCounts counts() const;

 private:
  struct WaitingHello {
    v1::Hello hello;
    Done done;
  };
  struct WaitingDecision {
    QuarantineDecision decision;
    Decided decided;
  };
  struct WaitingBatches {
    std::vector<CollectorBatch> batches;
    std::vector<Done> done;
    size_t reports = 0;
    size_t bytes = 0;
  };

  void Run();
  void WelcomeAll(std::vector<WaitingHello> hellos);
  void CommitAll(WaitingBatches waiting);
  void DecideAll(const std::vector<WaitingDecision>& decisions);
  absl::StatusOr<std::vector<uint64_t>> CommitGroup(std::span<const CollectorBatch> batches);
  void Count(const absl::Status& committed);
  void NoteStore(const absl::Status& written);
  void ExpireIfDue();

  Store& store_;
  const CommitQueueOptions options_;
  const std::function<absl::Time()> clock_;
  absl::Time next_expire_ = absl::InfinitePast();  // this and the next two: the thread's own
  absl::Time newest_end_ = absl::InfinitePast();   // of the windows that were counted
  StoreHealth health_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false;  // this and what follows: guarded by mutex_
  std::vector<WaitingHello> hellos_;
  WaitingBatches batches_;
  std::vector<WaitingDecision> decisions_;
  CommitCounts counts_;

  std::thread thread_;
};

}  // namespace kansoku::aggregator
