// SPDX-License-Identifier: Apache-2.0
//
// From a closed window to its acknowledgement: queue, spool, stream, and the one thread that moves reports
// along them. Nothing is lost silently: a report is acknowledged, in the spool, or a counted tombstone.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "collector/export/delivery.h"
#include "collector/export/export_change.h"
#include "collector/export/report_queue.h"
#include "collector/export/spool.h"
#include "kansoku/v1/config.pb.h"
#include "kansoku/v1/ingest.pb.h"

namespace kansoku::collector {

class ExportStream;

struct ExportOptions {
  std::string collector;
  std::string isp;
  std::string software_version;
  v1::AggregatorAddress aggregator;  // with every default in place; its certificates' files were checked
  v1::SpoolConfig spool;
  std::vector<v1::PointDescription> points;
  uint64_t jitter_seed = 0;  // different in each collector, so that they do not reconnect in step
  size_t max_queued_reports = 1024;
  // What the aggregator is told of the time at which something was sent. Called from the export thread.
  std::function<absl::Time()> wall_clock = [] { return absl::UnixEpoch(); };
  // What the aggregator is told of the process, with each account; nothing without it. Called from the export
  // thread.
  std::function<v1::ProcessUse()> process_use = nullptr;
  // One line for each change of state: "connected to ...", "lost ...: reason; next try in 1.2s". Status()
  // agrees with the line by then. Called from the export thread, and from Stop()'s caller.
  std::function<void(std::string)> on_change = [](const std::string&) {};
};

struct ExportStatus {
  bool connected = false;
  std::string last_error;   // of the connection; empty while it is well
  std::string spool_error;  // empty while the spool can be written
  uint64_t epoch = 0;       // the one being sent
  v1::Delivery delivery;    // the spool's account
  SpoolAccount spool;       // the same in more detail: what was evicted, by reason
  uint64_t repairs = 0;     // of a damaged spool, since Open
  uint64_t waiting = 0;     // reports closed and not yet in the spool
  uint64_t refused = 0;     // submitted after Stop(): lost
  uint64_t reconnects = 0;  // streams welcomed after the first
  // When the spool was empty last, by the wall clock; none: not yet in this run.
  std::optional<absl::Time> caught_up_at;
};

class Exporter {
 public:
  // Opens the spool; its errors are passed on. Reports that it still holds will be sent.
  static absl::StatusOr<std::unique_ptr<Exporter>> Open(ExportOptions options);
  ~Exporter();  // Stop()

  // The owner's thread, once.
  void Start();

  // Any thread. Never waits; see ReportQueue::Push.
  void Submit(v1::WindowReport report);

  // Any thread. Waits for room in the queue: for sources that can wait, such as files.
  void SubmitAndWait(v1::WindowReport report);

  // Waits until every report submitted so far is acknowledged and the account that says so was sent. False
  // after the timeout or after Stop(). Any thread.
  bool Drain(absl::Duration timeout);

  // Moves what was submitted into the spool, says good-bye to the aggregator and ends the thread. Takes no
  // longer than a second or two, whatever the aggregator does. The owner's thread; again without effect.
  void Stop();

  // Takes other settings. Where they concern the aggregator it is connected anew; what was sent and not yet
  // acknowledged is sent again, and the same store counts it once. Before another address is connected to,
  // the acknowledgements still owed are awaited, for a second at most: what an aggregator with another store
  // is sent after that may be counted in both. Fails, and changes nothing, where credentials cannot be made.
  // Any thread.
  absl::Status Reconfigure(ExportSettings settings);

  // What the aggregator is told of the configuration, beside the account of the spool. Any thread.
  void TellConfiguration(const v1::ConfigurationState& state);

  ExportStatus Status() const;  // any thread

 private:
  static constexpr absl::Duration kGoodbye = absl::Seconds(1);

  Exporter(ExportOptions options, std::shared_ptr<grpc::ChannelCredentials> credentials,
           std::unique_ptr<Spool> spool);

  void Run();
  void TakeChange(absl::Time now);
  void TakeSettings(ExportChange change, absl::Time now);
  void SayGoodbye(absl::Time now);
  void Wait(absl::Time now);
  void SpoolReports(absl::Time now);
  void SpoolRest();
  void HandleEvents(absl::Time now);
  void Greet(uint64_t committed_through, absl::Time now);
  void StartNewEpoch(absl::Time now);
  void Trim(absl::Time now);
  void Turn(absl::Time now);
  void KeepConnection(absl::Time now);
  void Connect(absl::Time now);
  void Lose(const absl::Status& reason, absl::Time now, bool heals_soon = true);
  void Send(absl::Time now);
  void NoteSpool(const absl::Status& status, absl::Time now);
  template <typename Call>
  auto WithRepair(const Call& call);
  void AnnounceEviction(const SpoolAccount& before);
  void AnnounceRepair(const Spool::Repair& repair);
  void Announce(const std::string& line);
  void Publish();

  ReportQueue queue_;
  std::thread thread_;
  std::atomic<bool> stopping_ = false;

  // The export thread's, and after it has ended Stop()'s.
  ExportOptions options_;
  std::shared_ptr<grpc::ChannelCredentials> credentials_;
  std::optional<v1::ConfigurationState> configuration_;  // none: it was not told
  std::unique_ptr<Spool> spool_;
  Delivery delivery_;
  std::mt19937_64 random_;
  std::unique_ptr<ExportStream> stream_;
  std::vector<v1::SequencedReport> unspooled_;  // taken from the queue, not yet on disk
  uint64_t spooled_entries_ = 0;                // since Open
  absl::Time spool_retry_at_ = absl::InfinitePast();
  absl::Status spool_status_;
  absl::Status connection_status_;
  bool account_due_ = false;
  bool evicting_ = false;
  uint64_t welcomes_ = 0;      // not counting those of a turn
  bool is_turning_ = false;    // from one epoch to the next: no connection was lost
  uint64_t sent_through_ = 0;  // of the epoch that began with this run
  // Of the spool's epoch(): further ones were surely not committed.
  uint64_t may_be_counted_through_ = 0;
  uint64_t repairs_ = 0;

  PendingExportChange change_;

  mutable std::mutex status_mutex_;
  std::condition_variable status_changed_;
  ExportStatus status_;
  uint64_t published_entries_ = 0;           // spooled_entries_ at the time of status_
  std::optional<uint64_t> settled_entries_;  // as many of spooled_entries_ are acknowledged and accounted for
};

}  // namespace kansoku::collector
