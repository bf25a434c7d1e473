// SPDX-License-Identifier: Apache-2.0
#include "collector/window_merge.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string>
#include <utility>

#include "collector/meter/dark_sources.h"
#include "collector/meter/darknet_tally.h"
#include "collector/meter/flow_records.h"
#include "proto/contract/darknet_sources.h"
#include "proto/contract/measurement.h"
#include "proto/contract/merge_sorted.h"

namespace kansoku::collector {
namespace {

void AddFlag(v1::QualityFlag flag, v1::Measurement& measurement) {
  auto& flags = *measurement.mutable_flags();
  const auto place = std::lower_bound(flags.begin(), flags.end(), flag);
  if (place != flags.end() && *place == flag) return;
  const auto position = place - flags.begin();
  flags.Add(flag);
  std::rotate(flags.begin() + position, flags.end() - 1, flags.end());
}

// Those of a late report may have been looked up in other survey lists, one having ended since: then they are
// counted together.
void Join(const v1::DarknetSources& from, v1::DarknetSources& into) {
  if (Merge(from, into).ok()) return;
  uint64_t packets = from.further_packets();
  for (const v1::DarknetSource& source : from.sources())
    packets += source.probe_packets() + source.backscatter_packets() + source.other_packets();
  into.set_further_packets(into.further_packets() + packets);
  into.set_most_of_one(into.most_of_one() + packets);
}

void Join(v1::WindowReport from, v1::WindowReport& into) {
  Merge(from.measurement(), *into.mutable_measurement());
  MergeSorted(
      from.darknet_sources(), *into.mutable_darknet_sources(),
      [](const v1::DarknetSources& sources) -> const std::string& { return sources.sensor(); },
      [](const v1::DarknetSources& sources, v1::DarknetSources& sum) { Join(sources, sum); });
  auto& records = *into.mutable_flow_records();
  records.Reserve(records.size() + from.flow_records_size());
  for (v1::FlowRecord& record : *from.mutable_flow_records()) *records.Add() = std::move(record);
}

}  // namespace

WindowMerge::WindowMerge(const WindowMergeOptions& options, Sink sink)
    : options_(options),
      sink_(std::move(sink)),
      reported_through_(options.workers, std::numeric_limits<int64_t>::min()),
      of_next_report_(options.workers),
      offload_judge_(options.workers) {}

void WindowMerge::Add(size_t worker, v1::WindowReport report) {
  const std::lock_guard lock(mutex_);
  int64_t start = report.window_start_unix_seconds();
  if (start < reported_through_[worker]) GoBackTo(start);
  reported_through_[worker] = start;
  if (next_start_.has_value() && start < *next_start_) {
    start = *next_start_;
    report.set_window_start_unix_seconds(start);
    AddFlag(v1::QUALITY_FLAG_LATE_PACKETS, *report.mutable_measurement());
  }
  Waiting& window = waiting_[start];
  if (window.bytes == 0) {
    window.report = std::move(report);
  } else {
    Join(std::move(report), window.report);
  }
  if (std::optional<DarkSubscribers>& seen = of_next_report_[worker]; seen.has_value()) {
    if (!window.subscribers.has_value()) window.subscribers.emplace();
    window.subscribers->Add(*seen);
    seen.reset();
  }
  waiting_bytes_ -= window.bytes;
  window.bytes = BytesOf(window);
  waiting_bytes_ += window.bytes;
  PassOnComplete();
}

void WindowMerge::AddSubscribers(size_t worker, DarkSubscribers seen) {
  const std::lock_guard lock(mutex_);
  of_next_report_[worker] = std::move(seen);
}

size_t WindowMerge::BytesOf(const Waiting& window) {
  return window.report.ByteSizeLong() + (window.subscribers.has_value() ? window.subscribers->octets() : 0);
}

void WindowMerge::End(size_t worker) {
  const std::lock_guard lock(mutex_);
  reported_through_[worker] = std::numeric_limits<int64_t>::max();
  PassOnComplete();
}

void WindowMerge::PassOnComplete() {
  const int64_t complete_through = *std::min_element(reported_through_.begin(), reported_through_.end());
  while (!waiting_.empty() && waiting_.begin()->first <= complete_through) PassOn(waiting_.begin());
  while (waiting_bytes_ > options_.max_waiting_bytes) PassOnPartial(waiting_.begin());
}

void WindowMerge::GoBackTo(int64_t start) {
  for (auto later = waiting_.upper_bound(start); later != waiting_.end(); later = waiting_.upper_bound(start))
    PassOnPartial(later);
  if (next_start_.has_value()) next_start_ = std::min(*next_start_, start);
}

void WindowMerge::PassOnPartial(Windows::iterator window) {
  AddFlag(v1::QUALITY_FLAG_PARTIAL, *window->second.report.mutable_measurement());
  PassOn(window);
}

void WindowMerge::PassOn(Windows::iterator window) {
  v1::WindowReport report = std::move(window->second.report);
  next_start_ = window->first + report.window_seconds();
  waiting_bytes_ -= window->second.bytes;
  v1::Measurement& measurement = *report.mutable_measurement();
  if (window->second.subscribers.has_value()) {
    *measurement.mutable_darknet_subscribers() =
        subscriber_day_.Add(window->first, *window->second.subscribers);
  } else {
    subscriber_day_ = {};
  }
  waiting_.erase(window);

  measurement.set_windows(1);
  measurement.set_covered_seconds(report.window_seconds());
  BoundDarknetCells(measurement);
  BoundDarkPrefixes(measurement);
  BoundDarknetSources(options_.max_darknet_sources, report);
  BoundFlowRecords(options_.max_flow_records, report);
  if (offload_judge_.IsOffloaded(report)) AddFlag(v1::QUALITY_FLAG_OFFLOADED, measurement);
  sink_(std::move(report));
}

}  // namespace kansoku::collector
