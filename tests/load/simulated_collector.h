// SPDX-License-Identifier: Apache-2.0
//
// A collector as its aggregator sees one: the exporter's stream and delivery, with reports that are made from
// their sequence numbers where the exporter has a spool. Thousands fit into one process.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <string>

#include "absl/time/time.h"
#include "collector/export/delivery.h"
#include "collector/export/export_stream.h"
#include "kansoku/v1/ingest.pb.h"

namespace kansoku::load {

inline constexpr uint32_t kWindowSeconds = 10;

struct SimulatedCollectorOptions {
  std::string name;  // also of its one point
  std::string aggregator;
  std::shared_ptr<grpc::ChannelCredentials> credentials;
  const v1::Measurement* measurement;  // of each report; outlives the collector
  int64_t first_window_unix_seconds;   // of sequence number 1; the others follow without a gap
  uint64_t backlog_windows;            // closed before the start
  absl::Duration max_backoff;
  uint64_t seed;  // of the jitter
};

// One thread, but for `notify`.
class SimulatedCollector {
 public:
  // How long windows waited from their close to their acknowledgement.
  using Acknowledged = std::function<void(absl::Duration)>;

  struct Counts {
    uint64_t welcomes = 0;
    uint64_t lost_streams = 0;  // ended by the aggregator or given up
    std::string last_error;
  };

  // `notify` is called from any thread when Proceed() has something to do.
  SimulatedCollector(SimulatedCollectorOptions options, std::function<void()> notify);

  // The next window closes.
  void CloseWindow(absl::Time now);

  // Does what is due. `acknowledged` is told of each window that came after the backlog.
  void Proceed(absl::Time now, const Acknowledged& acknowledged);

  bool has_started() const { return counts_.welcomes + counts_.lost_streams > 0 || stream_ != nullptr; }
  bool is_welcomed() const { return delivery_.phase() == collector::Delivery::Phase::kStreaming; }
  uint64_t closed_windows() const { return closed_windows_; }
  uint64_t acknowledged_windows() const { return acknowledged_; }
  const Counts& counts() const { return counts_; }

 private:
  void Take(absl::Time now, const Acknowledged& acknowledged);
  void Connect(absl::Time now);
  void Lose(const absl::Status& why, absl::Time now);
  void Send(absl::Time now);

  const SimulatedCollectorOptions options_;
  const std::function<void()> notify_;
  const uint64_t report_bytes_;
  collector::Delivery delivery_;
  std::unique_ptr<collector::ExportStream> stream_;
  std::mt19937_64 random_;
  uint64_t closed_windows_;  // the sequence number of the last one
  uint64_t acknowledged_ = 0;
  std::deque<absl::Time> closed_at_;  // of the windows closed since the start and not yet acknowledged
  bool account_due_ = false;
  Counts counts_;
};

}  // namespace kansoku::load
