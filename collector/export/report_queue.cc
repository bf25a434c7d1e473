// SPDX-License-Identifier: Apache-2.0
#include "collector/export/report_queue.h"

#include <algorithm>
#include <iterator>

namespace kansoku::collector {
namespace {

// Longer waits would overflow the clock behind the condition variable.
constexpr absl::Duration kLongestWait = absl::Hours(24);

void Bury(v1::SequencedReport& entry) {
  v1::Tombstone tombstone;
  tombstone.set_point(entry.report().point());
  tombstone.set_window_start_unix_seconds(entry.report().window_start_unix_seconds());
  tombstone.set_window_seconds(entry.report().window_seconds());
  tombstone.set_reason(v1::Tombstone::REASON_QUEUE_FULL);
  tombstone.set_captured_packets(entry.report().measurement().ledger().captured_packets());
  *entry.mutable_tombstone() = std::move(tombstone);
}

}  // namespace

bool ReportQueue::Push(v1::WindowReport report) {
  const std::lock_guard lock(mutex_);
  if (!closed_ && counts_.waiting >= max_reports_) {
    Bury(entries_[entries_.size() - counts_.waiting]);
    --counts_.waiting;
    ++counts_.evicted;
  }
  return PushLocked(std::move(report));
}

bool ReportQueue::PushAndWait(v1::WindowReport report) {
  std::unique_lock lock(mutex_);
  room_.wait(lock, [this] { return closed_ || counts_.waiting < max_reports_; });
  return PushLocked(std::move(report));
}

bool ReportQueue::PushLocked(v1::WindowReport report) {
  if (closed_) {
    ++counts_.refused;
    return false;
  }
  *entries_.emplace_back().mutable_report() = std::move(report);
  ++counts_.pushed;
  ++counts_.waiting;
  readable_.notify_one();
  return true;
}

std::vector<v1::SequencedReport> ReportQueue::Pop(size_t max_entries, absl::Duration timeout) {
  std::unique_lock lock(mutex_);
  readable_.wait_for(lock, absl::ToChronoNanoseconds(std::clamp(timeout, absl::ZeroDuration(), kLongestWait)),
                     [&] { return interrupted_ || closed_ || (max_entries > 0 && !entries_.empty()); });
  interrupted_ = false;
  const auto end = entries_.begin() + static_cast<ptrdiff_t>(std::min(max_entries, entries_.size()));
  std::vector<v1::SequencedReport> taken(std::make_move_iterator(entries_.begin()),
                                         std::make_move_iterator(end));
  entries_.erase(entries_.begin(), end);
  counts_.waiting = std::min<uint64_t>(counts_.waiting, entries_.size());
  room_.notify_all();
  return taken;
}

void ReportQueue::Interrupt() {
  const std::lock_guard lock(mutex_);
  interrupted_ = true;
  readable_.notify_one();
}

void ReportQueue::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  readable_.notify_all();
  room_.notify_all();
}

ReportQueue::Counts ReportQueue::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace kansoku::collector
