// SPDX-License-Identifier: Apache-2.0
//
// The store on one machine: an SQLite file in WAL mode with synchronous=FULL, so that what was committed
// survives the loss of power. Beside it lie its -wal and -shm files. Each bucket is one row, whose value is
// the serialized v1::Measurement: equal contents have equal bytes, whatever the order and batching of the
// reports.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "aggregator/store/reader_pool.h"
#include "aggregator/store/retention.h"
#include "aggregator/store/sqlite.h"
#include "aggregator/store/store.h"

namespace kansoku::aggregator {

struct SqliteStoreOptions {
  std::string path;  // created if absent; its folder must exist
  Retention retention = {};
  uint64_t quarantine_octets = 16 << 20;  // of each collector
  // Told by Open() alone, where the file is brought to this version: how many steps are done, of how many.
  std::function<void(int done, int steps)> on_migration = nullptr;
};

class SqliteStore final : public Store {
 public:
  // Opens, creates or migrates the file. The errors name the path and say what to do: FAILED_PRECONDITION if
  // the file is of a newer version or not a store; NOT_FOUND, INVALID_ARGUMENT, PERMISSION_DENIED,
  // UNAVAILABLE or DATA_LOSS if it cannot be used.
  static absl::StatusOr<std::unique_ptr<Store>> Open(const SqliteStoreOptions& options);

  absl::StatusOr<uint64_t> Welcome(const v1::Hello& hello, absl::Time now) override;
  absl::StatusOr<std::vector<uint64_t>> Commit(std::span<const CollectorBatch> batches,
                                               absl::Time now) override;
  absl::Status RecordDelivery(const std::string& collector, uint64_t epoch, const v1::Delivery& delivery,
                              absl::Time now) override;
  absl::StatusOr<v1::QuarantinedReport> Decide(const QuarantineDecision& decision, absl::Time now) override;
  absl::Status AddVintage(const v1::Vintage& vintage, const v1::Statistics& statistics) override;
  absl::Status AddTelescopeDay(const v1::TelescopeDay& day) override;
  absl::StatusOr<std::vector<ChangedDay>> ChangedDays() const override;
  absl::Status Probe() override;
  // A row is erased one hour after the tiers below took over, so that a reader who planned just before still
  // finds it; and a bounded number at a time, so that commits do not wait for long. Call it every few
  // seconds.
  absl::Status Expire(absl::Time now) override;
  absl::StatusOr<std::vector<TierSpan>> Plan(int64_t start_unix_seconds, int64_t end_unix_seconds,
                                             uint32_t step_seconds, uint32_t window_seconds) const override;
  absl::Status Scan(Tier tier, int64_t start_unix_seconds, int64_t end_unix_seconds,
                    std::span<const std::string> points,
                    absl::FunctionRef<void(const Bucket&)> visit) const override;
  absl::Status ScanFlowRecords(
      int64_t start_unix_seconds, int64_t end_unix_seconds, std::span<const std::string> points,
      FlowRecordPlace first,
      absl::FunctionRef<bool(FlowRecordPlace, const v1::WindowReport&)> visit) const override;
  absl::Status ScanDarknetSources(int64_t start_unix_seconds, int64_t end_unix_seconds,
                                  std::span<const std::string> points,
                                  absl::FunctionRef<void(const v1::WindowReport&)> visit) const override;
  absl::Status ScanGaps(int64_t start_unix_seconds, int64_t end_unix_seconds,
                        absl::FunctionRef<void(const Gap&)> visit) const override;
  absl::StatusOr<std::vector<v1::QuarantinedReport>> Quarantine(
      const QuarantineFilter& filter) const override;
  absl::StatusOr<v1::QuarantinedReport> FindQuarantined(uint64_t id) const override;
  absl::StatusOr<std::vector<PointRecord>> Points() const override;
  absl::StatusOr<std::vector<CollectorRecord>> Collectors() const override;
  absl::StatusOr<std::vector<PointTotals>> ReadTotals(bool with_hours) const override;
  absl::StatusOr<std::vector<v1::Vintage>> Vintages(const VintageFilter& filter) const override;
  absl::StatusOr<v1::Vintage> FindVintage(v1::Series series, const std::string& month,
                                          uint32_t number) const override;
  absl::StatusOr<v1::Statistics> FindRegister(const std::string& digest) const override;
  absl::StatusOr<uint64_t> MonthChanges(const std::string& month) const override;
  absl::Status ScanTelescopeDays(const std::string& isp, const std::string& first_day,
                                 const std::string& last_day,
                                 absl::FunctionRef<void(const v1::TelescopeDay&)> visit) const override;
  absl::StatusOr<KeptDay> LastTelescopeDay(const std::string& isp, const std::string& first_day,
                                           const std::string& last_day) const override;
  absl::StatusOr<std::vector<KeptDay>> KeptTelescopeDays(const std::string& isp, const std::string& first_day,
                                                         const std::string& last_day) const override;
  absl::StatusOr<uint64_t> DayChanges(const std::string& day) const override;

 private:
  SqliteStore(const SqliteStoreOptions& options, Database writer);

  const Retention retention_;
  const uint64_t quarantine_octets_;
  std::mutex write_mutex_;
  Database writer_;  // guarded by write_mutex_
  mutable ReaderPool readers_;
};

}  // namespace kansoku::aggregator
