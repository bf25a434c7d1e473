// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/commit_queue.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "aggregator/ingest/admission.h"

namespace kansoku::aggregator {
namespace {

// Whether the next transaction would fail as this one did.
bool IsAway(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status);
}

// When the latest window in it that counts ended.
absl::Time NewestEnd(const CollectorBatch& batch) {
  int64_t newest = std::numeric_limits<int64_t>::min();
  auto refusal = batch.refusals.begin();
  for (const v1::SequencedReport& sequenced : batch.reports) {
    if (refusal != batch.refusals.end() && refusal->sequence == sequenced.sequence()) {
      ++refusal;
    } else if (sequenced.has_report()) {
      const v1::WindowReport& report = sequenced.report();
      newest = std::max(newest, report.window_start_unix_seconds() + int64_t{report.window_seconds()});
    }
  }
  return newest == std::numeric_limits<int64_t>::min() ? absl::InfinitePast() : absl::FromUnixSeconds(newest);
}

}  // namespace

CommitQueue::CommitQueue(Store& store, const CommitQueueOptions& options, std::function<absl::Time()> clock)
    : store_(store), options_(options), clock_(std::move(clock)), health_(options.settle) {}

CommitQueue::~CommitQueue() { Stop(); }

void CommitQueue::Start() {
  std::lock_guard lock(mutex_);
  if (running_) return;
  running_ = true;
  thread_ = std::thread([this] { Run(); });
}

void CommitQueue::Stop() {
  {
    std::lock_guard lock(mutex_);
    running_ = false;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

absl::Status CommitQueue::Welcome(v1::Hello hello, Done done) {
  {
    std::lock_guard lock(mutex_);
    if (!running_) return absl::UnavailableError("the aggregator is stopping; come back later");
    hellos_.push_back({std::move(hello), std::move(done)});
  }
  changed_.notify_all();
  return absl::OkStatus();
}

absl::Status CommitQueue::Commit(CollectorBatch batch, size_t bytes, Done done) {
  bool is_awaited = false;
  {
    std::lock_guard lock(mutex_);
    if (!running_) return absl::UnavailableError("the aggregator is stopping; come back later");
    if (batches_.bytes > 0 && batches_.bytes + bytes > options_.max_bytes) {
      return absl::ResourceExhaustedError("too much waits for the store to commit; come back later");
    }
    // The first starts the interval, and a full commit ends it; what comes between changes nothing.
    is_awaited = batches_.batches.empty();
    batches_.reports += batch.reports.size();
    batches_.bytes += bytes;
    batches_.batches.push_back(std::move(batch));
    batches_.done.push_back(std::move(done));
    is_awaited |= batches_.reports >= options_.reports_per_commit;
  }
  if (is_awaited) changed_.notify_all();
  return absl::OkStatus();
}

absl::Status CommitQueue::Decide(QuarantineDecision decision, Decided decided) {
  {
    std::lock_guard lock(mutex_);
    if (!running_) return absl::UnavailableError("the aggregator is stopping; come back later");
    decisions_.push_back({std::move(decision), std::move(decided)});
  }
  changed_.notify_all();
  return absl::OkStatus();
}

CommitCounts CommitQueue::counts() const {
  std::lock_guard lock(mutex_);
  return counts_;
}

void CommitQueue::Run() {
  const auto interval = absl::ToChronoNanoseconds(options_.interval);
  const auto expire_every = absl::ToChronoNanoseconds(options_.expire_every);
  const auto probe_every = absl::ToChronoNanoseconds(options_.probe_every);
  bool running = true;
  while (running) {
    std::vector<WaitingHello> hellos;
    WaitingBatches batches;
    std::vector<WaitingDecision> decisions;
    bool must_probe = false;
    {
      std::unique_lock lock(mutex_);
      const auto has_work = [this] {
        return !running_ || !hellos_.empty() || !batches_.batches.empty() || !decisions_.empty();
      };
      const bool is_well = health_.status().ok();
      const bool has_any = changed_.wait_for(lock, is_well ? expire_every : probe_every, has_work);
      must_probe = !is_well && !has_any;
      // Who waits for a welcome or a decision is not kept waiting for the reports of others.
      const auto is_full = [this] {
        return !running_ || !hellos_.empty() || !decisions_.empty() ||
               batches_.reports >= options_.reports_per_commit;
      };
      if (!batches_.batches.empty()) changed_.wait_for(lock, interval, is_full);
      hellos = std::exchange(hellos_, {});
      batches = std::exchange(batches_, {});
      decisions = std::exchange(decisions_, {});
      running = running_;
    }
    // Batches first: a collector whose older stream left some here is welcomed behind them.
    CommitAll(std::move(batches));
    WelcomeAll(std::move(hellos));
    DecideAll(decisions);
    if (must_probe) NoteStore(store_.Probe());
    ExpireIfDue();
  }
}

void CommitQueue::WelcomeAll(std::vector<WaitingHello> hellos) {
  absl::Status away;
  for (const WaitingHello& waiting : hellos) {
    // A locked file is waited for, so ten thousand collectors would wait for one another.
    if (!away.ok()) {
      waiting.done(away);
      continue;
    }
    const absl::StatusOr<uint64_t> through = store_.Welcome(waiting.hello, clock_());
    Count(through.status());
    if (IsAway(through.status())) away = through.status();
    waiting.done(through);
  }
}

absl::StatusOr<std::vector<uint64_t>> CommitQueue::CommitGroup(std::span<const CollectorBatch> batches) {
  absl::StatusOr<std::vector<uint64_t>> through = store_.Commit(batches, clock_());
  Count(through.status());
  if (through.ok()) {
    for (const CollectorBatch& batch : batches) newest_end_ = std::max(newest_end_, NewestEnd(batch));
  }
  return through;
}

void CommitQueue::Count(const absl::Status& committed) {
  // What a collector or an operator did wrong is no failure of the store.
  if (absl::IsFailedPrecondition(committed) || absl::IsNotFound(committed)) return;
  {
    std::lock_guard lock(mutex_);
    ++(committed.ok() ? counts_.commits : counts_.commit_errors);
  }
  NoteStore(committed);
}

void CommitQueue::NoteStore(const absl::Status& written) {
  if (!health_.Note(written, clock_())) return;
  {
    std::lock_guard lock(mutex_);
    counts_.store_error = std::string(health_.status().message());
  }
  options_.on_store_change(health_.status());
}

void CommitQueue::CommitAll(WaitingBatches waiting) {
  if (waiting.batches.empty()) return;
  const absl::StatusOr<std::vector<uint64_t>> all = CommitGroup(waiting.batches);
  const bool store_is_away = IsAway(all.status());
  for (size_t i = 0; i < waiting.batches.size(); ++i) {
    if (all.ok()) {
      waiting.done[i]((*all)[i]);
    } else if (store_is_away || waiting.batches.size() == 1) {
      waiting.done[i](all.status());
    } else {
      // One of them is bad. Alone, each gets its own answer.
      const absl::StatusOr<std::vector<uint64_t>> alone = CommitGroup({&waiting.batches[i], 1});
      waiting.done[i](alone.ok() ? absl::StatusOr<uint64_t>((*alone)[0]) : alone.status());
    }
  }
}

void CommitQueue::DecideAll(const std::vector<WaitingDecision>& decisions) {
  for (const auto& [decision, decided] : decisions) {
    const absl::Status may = decision.admit ? JudgeAdmission(store_, decision.id) : absl::OkStatus();
    if (!may.ok()) {
      decided(may);
      continue;
    }
    const absl::StatusOr<v1::QuarantinedReport> report = store_.Decide(decision, clock_());
    Count(report.status());
    decided(report);
  }
}

void CommitQueue::ExpireIfDue() {
  const absl::Time now = clock_();
  // Further away than one interval it is of a clock that was set back since.
  if (now < next_expire_ && next_expire_ <= now + options_.expire_every) return;
  // A clock that runs ahead must not make everything old.
  if (newest_end_ == absl::InfinitePast()) return;
  next_expire_ = now + options_.expire_every;
  // Where nothing is due it writes nothing, so only its failure says something.
  const absl::Status expired = store_.Expire(std::min(now, newest_end_));
  if (expired.ok()) return;
  NoteStore(expired);
  std::lock_guard lock(mutex_);
  ++counts_.expire_errors;
}

}  // namespace kansoku::aggregator
