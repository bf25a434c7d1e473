// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "collector/config.h"
#include "collector/export/exporter.h"
#include "collector/link_worker.h"

namespace kansoku::collector {

// The program as an object: one thread for each worker of each link, one export thread, started and stopped
// in the order of the data. Created, started and stopped by one thread.
class Collector {
 public:
  struct Callbacks {
    std::function<void(const std::string&)> say;  // one line about a change of state; any thread
    // Every link has ended and every report is acknowledged. Never called while a live link is up. Any
    // thread.
    std::function<void()> finished;
  };

  // Opens the spool and every source, so that what is wrong is known before the first packet.
  static absl::StatusOr<std::unique_ptr<Collector>> Open(const CheckedConfig& config, Callbacks callbacks);
  ~Collector();

  void Start();

  // Closes the open windows as partial, waits up to the deadline for their acknowledgement, and stops. What
  // is not acknowledged by then stays in the spool. Idempotent.
  void Stop(absl::Time deadline);

  // The account of the reports, and what could not even be spooled.
  ExportStatus export_status() const { return exporter_->Status(); }
  // Whether a link ended with an error.
  bool failed() const { return failed_; }

 private:
  struct Worker {
    std::string point;
    std::optional<uint32_t> processor;  // to stay on
    std::unique_ptr<LinkWorker> link_worker;
    std::function<void()> end;  // after its last report
    std::jthread thread;
  };

  explicit Collector(Callbacks callbacks) : callbacks_(std::move(callbacks)) {}
  absl::Status AddLink(const CheckedConfig& checked, const v1::LinkConfig& link);
  void RunWorker(Worker& worker, std::stop_token stop);
  void AwaitEnd(std::stop_token stop);

  Callbacks callbacks_;
  std::unique_ptr<Exporter> exporter_;
  std::vector<Worker> workers_;
  int live_workers_ = 0;
  std::promise<void> workers_ended_;
  std::jthread ending_;
  std::atomic<bool> failed_ = false;
};

}  // namespace kansoku::collector
