// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "collector/classify/survey_lists.h"
#include "collector/config.h"
#include "collector/export/exporter.h"
#include "collector/link_totals.h"
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
    // What reports of a live link carry for as long as its machine is as it is, rising; asked whenever one of
    // its windows has closed, by its worker's thread. None: nothing.
    std::function<std::vector<v1::QualityFlag>(const v1::LinkConfig& link)> flags_of = nullptr;
  };

  // Opens the spool and every source, so that what is wrong is known before the first packet.
  static absl::StatusOr<std::unique_ptr<Collector>> Open(const CheckedConfig& config, Callbacks callbacks);
  ~Collector();

  void Start();

  // Takes what it can of a configuration that was read again: how packets are told apart from the first
  // window on that begins more than a second after all is checked, the aggregator and the spool's limits at
  // once. On an error nothing has changed. Between Start() and Stop().
  struct Reloaded {
    std::vector<std::string> taken;             // keys that changed
    std::vector<std::string> awaiting_restart;  // the same
    absl::Time counted_from;
  };
  absl::StatusOr<Reloaded> Reload(const CheckedConfig& wanted);

  // What the aggregator is told of reloads, those that failed before Reload() among them.
  void TellConfiguration(const v1::ConfigurationState& state) { exporter_->TellConfiguration(state); }

  // Closes the open windows as partial, waits for their acknowledgement, and stops. What is not acknowledged
  // after the timeout stays in the spool. Idempotent.
  void Stop(absl::Duration timeout);

  // The account of the reports, and what could not even be spooled.
  ExportStatus export_status() const { return exporter_->Status(); }
  // What each point captured and lost, by its name. Any thread.
  std::map<std::string, LinkTotal> link_totals() const { return totals_.Read(); }
  // Null where sources are not told apart. Constant; any thread.
  const SurveyLists* survey_lists() const { return survey_lists_.get(); }
  // How much of the links' files has been read, in all; of nothing, where there is none that ends. Any
  // thread.
  ReadShare read_share() const;
  // Whether a link ended with an error.
  bool failed() const { return failed_; }

 private:
  struct Worker {
    std::string point;
    bool is_live = false;
    bool reports_address_seconds = false;
    std::optional<uint32_t> processor;  // to stay on
    std::unique_ptr<LinkWorker> link_worker;
    std::function<void()> end;  // after its last report
    std::jthread thread;
  };

  explicit Collector(Callbacks callbacks) : callbacks_(std::move(callbacks)) {}
  static Classification ClassificationOf(const CheckedConfig& checked, const v1::LinkConfig& link,
                                         const Worker& worker);
  absl::Status AddLink(const CheckedConfig& checked, const std::optional<DarkSourceOptions>& dark_sources,
                       const v1::LinkConfig& link);
  void RunWorker(Worker& worker, std::stop_token stop);
  void AwaitEnd(std::stop_token stop);

  Callbacks callbacks_;
  v1::CollectorConfig config_;  // in force
  std::unique_ptr<Exporter> exporter_;
  LinkTotals totals_;
  std::shared_ptr<const SurveyLists> survey_lists_;
  std::vector<Worker> workers_;
  int live_workers_ = 0;
  std::promise<void> workers_ended_;
  std::jthread ending_;
  std::atomic<bool> failed_ = false;
};

}  // namespace kansoku::collector
