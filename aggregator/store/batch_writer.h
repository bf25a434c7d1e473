// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "aggregator/store/bucket_reader.h"
#include "aggregator/store/period_change_rows.h"
#include "aggregator/store/quarantine_rows.h"
#include "aggregator/store/retention.h"
#include "aggregator/store/sqlite.h"
#include "aggregator/store/store.h"
#include "aggregator/store/tier_writer.h"

namespace kansoku::aggregator {

// One commit's work inside an open write transaction: first every batch is added, then each row they touch is
// read and written once. Borrows the batches until Write has returned. Used by one thread, once.
class BatchWriter {
 public:
  // Of each collector, the quarantine keeps so many octets.
  BatchWriter(Database& database, const Horizons& horizons, uint64_t quarantine_octets, absl::Time now);

  // Returns the sequence that is committed through once the transaction is. Errors as Store::Commit; after
  // one, the transaction must be rolled back.
  absl::StatusOr<uint64_t> Add(const CollectorBatch& batch);
  // A report whose sequence number was committed before, without being counted.
  absl::Status AddAdmitted(const std::string& collector, const v1::SequencedReport& report);
  absl::Status Write();

 private:
  struct Epoch {
    uint64_t committed_through = 0;
    uint64_t duplicate_reports = 0;
    uint64_t missing_reports = 0;
    const v1::Delivery* delivery = nullptr;
  };
  struct Point {
    BucketPoint stored;
    std::string collector;
    // As they will be stored. Windows from unrolled_from on are to wait, but for those that complete a
    // roll-up: `fresh` are the ones of this commit.
    int64_t unrolled_from = 0;
    int64_t unrolled_to = 0;
    std::vector<std::pair<int64_t, const v1::Measurement*>> fresh = {};
    int64_t first_window_start = 0;
    int64_t last_window_start = 0;
    uint64_t windows = 0;
    uint64_t acknowledged_packets = 0;
  };

  absl::StatusOr<Epoch*> FindEpoch(const std::string& collector, uint64_t epoch);
  absl::StatusOr<Point*> FindPoint(const std::string& name);
  absl::Status AddReport(const std::string& collector, const v1::SequencedReport& report);
  void AddWindow(Point& point, int64_t start, const v1::Measurement& measurement);
  absl::Status RollUpPoints();
  absl::Status WriteParts();
  absl::Status WriteGaps();
  absl::Status WriteQuarantine();
  absl::Status WritePoints();
  absl::Status WriteEpochs();

  Database& database_;
  const Horizons horizons_;
  const uint64_t quarantine_octets_;
  const absl::Time now_;
  const v1::Measurement evicted_window_;
  Statement find_epoch_;
  Statement find_point_;
  absl::flat_hash_map<std::pair<std::string, uint64_t>, Epoch> epochs_;
  absl::flat_hash_map<std::string, Point> points_;
  TierWriter tiers_;
  PeriodChangeWriter periods_;
  // By arrival, with the point's id.
  std::vector<std::pair<int64_t, const v1::WindowReport*>> flow_records_, darknet_sources_;
  std::vector<std::pair<int64_t, const v1::Tombstone*>> gaps_;  // with the point's id
  std::vector<RefusedReport> refused_;
};

}  // namespace kansoku::aggregator
