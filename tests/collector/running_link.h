// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "collector/link_sources.h"
#include "collector/link_worker.h"
#include "collector/machine_clocks.h"
#include "collector/window_merge.h"
#include "proto/contract/measurement.h"
#include "tests/collector/classify/planning.h"

namespace kansoku::collector {

inline v1::LinkConfig Link(const std::string& interface) {
  v1::LinkConfig link;
  link.set_point("point-" + interface);
  link.set_interface(interface);
  return link;
}

inline v1::CaptureConfig Capture(v1::CaptureMethod method, uint32_t workers = 1) {
  v1::CaptureConfig capture;
  capture.set_method(method);
  capture.set_workers(workers);
  capture.set_snap_length(192);
  capture.set_ring_bytes(64 << 20);
  capture.set_block_bytes(256 << 10);
  return capture;
}

// A link with all of its workers running, and what it reported. Windows are of one second.
class RunningLink {
 public:
  RunningLink(const v1::LinkConfig& link, const v1::CaptureConfig& capture) {
    auto plan = CompilePlan("");
    auto sources = OpenSources(link, capture, [this](const std::string& line) { Say(line); });
    EXPECT_TRUE(plan.ok() && sources.ok()) << plan.status() << sources.status();
    if (!plan.ok() || !sources.ok()) return;
    merge_ = std::make_unique<WindowMerge>(WindowMergeOptions{.workers = sources->size()},
                                           [this](v1::WindowReport report) { Keep(std::move(report)); });
    for (size_t i = 0; i < sources->size(); ++i) {
      LinkMeterOptions options;
      options.point = link.point();
      options.window_seconds = 1;
      options.flow_table_entries = 65536;
      options.every_window = true;
      workers_.push_back(std::make_unique<LinkWorker>(
          std::move((*sources)[i]), DecodeOptions(), Classifier(*plan, link),
          LinkMeter(options, [this, i](v1::WindowReport report) { merge_->Add(i, std::move(report)); }),
          ReadMachineClocks));
    }
    for (size_t i = 0; i < workers_.size(); ++i) {
      threads_.emplace_back([this, i](std::stop_token stop) {
        const absl::Status status = workers_[i]->Run(stop);
        EXPECT_TRUE(status.ok()) << status;
        merge_->End(i);
      });
    }
  }
  ~RunningLink() { Stop(); }

  void Stop() { threads_.clear(); }

  // Waits until reports say that so many packets were captured.
  bool WaitForPackets(uint64_t packets) {
    return WaitFor(
        [&](const v1::Measurement& total) { return total.ledger().captured_packets() >= packets; });
  }
  bool WaitForLine(const std::string& text) {
    return WaitFor([&](const v1::Measurement&) { return said_.find(text) != std::string::npos; });
  }
  bool WaitForFlag(v1::QualityFlag flag) {
    return WaitFor([&](const v1::Measurement& total) {
      return std::find(total.flags().begin(), total.flags().end(), flag) != total.flags().end();
    });
  }
  template <typename Condition>
  bool WaitFor(Condition holds) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return holds(total_); });
  }

  // After Stop().
  const v1::Measurement& total() const { return total_; }
  const std::vector<v1::WindowReport>& reports() const { return reports_; }

 private:
  void Keep(v1::WindowReport report) {
    const std::lock_guard lock(mutex_);
    Merge(report.measurement(), total_);
    reports_.push_back(std::move(report));
    changed_.notify_all();
  }
  void Say(const std::string& line) {
    const std::lock_guard lock(mutex_);
    said_ += line + "\n";
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<v1::WindowReport> reports_;
  v1::Measurement total_;
  std::string said_;
  std::unique_ptr<WindowMerge> merge_;
  std::vector<std::unique_ptr<LinkWorker>> workers_;
  std::vector<std::jthread> threads_;
};

struct Sum {
  uint64_t packets = 0, wire_octets = 0, new_flows = 0;
};
template <typename Condition>
Sum SumOf(const v1::Measurement& total, Condition condition) {
  Sum sum;
  for (const v1::Cell& cell : total.cells()) {
    if (!condition(cell.traffic_class())) continue;
    sum.packets += cell.packets();
    sum.wire_octets += cell.wire_octets();
    sum.new_flows += cell.new_flows();
  }
  return sum;
}
inline Sum SumOf(const v1::Measurement& total, v1::Family family) {
  return SumOf(total, [&](const v1::TrafficClass& c) { return c.family() == family; });
}

// Identity 2, and what holds on a link that nothing disturbs.
inline void ExpectNothingLost(const RunningLink& link) {
  const v1::Ledger& ledger = link.total().ledger();
  uint64_t counted = ledger.not_sampled_packets();
  for (const v1::Cell& cell : link.total().cells()) counted += cell.packets();
  for (const v1::Refused& refused : ledger.refused()) counted += refused.packets();
  EXPECT_EQ(ledger.captured_packets() + ledger.segmented_packets(), counted);
  EXPECT_EQ(ledger.received_packets(), ledger.captured_packets());
  EXPECT_EQ(ledger.kernel_dropped_packets(), 0u);
  EXPECT_EQ(ledger.interface_dropped_packets(), 0u);
  std::set<int64_t> starts;
  for (const v1::WindowReport& report : link.reports()) {
    EXPECT_TRUE(starts.insert(report.window_start_unix_seconds()).second) << "one report for each window";
    EXPECT_EQ(report.measurement().windows(), 1u);
    EXPECT_EQ(report.measurement().covered_seconds(), 1u);
  }
}

}  // namespace kansoku::collector
