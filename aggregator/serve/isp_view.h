// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "aggregator/store/store.h"

namespace kansoku::aggregator {

// What an ISP's operator sees of a store: its own points and collectors, as if there were no others.
// Questions that read through it can neither return nor sum what is not the ISP's. `store` must outlive this.
// Any thread.
class IspView final : public StoreReader {
 public:
  IspView(const StoreReader& store, std::string isp) : store_(store), isp_(std::move(isp)) {}

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
  // Published figures are of the whole nation, and for everyone. What they were computed from is not.
  absl::StatusOr<std::vector<v1::Vintage>> Vintages(const VintageFilter& filter) const override;
  absl::StatusOr<v1::Vintage> FindVintage(v1::Series series, const std::string& month,
                                          uint32_t number) const override;
  absl::StatusOr<v1::Statistics> FindRegister(const std::string& digest) const override;
  absl::StatusOr<uint64_t> MonthChanges(const std::string& month) const override;
  // Of its own sensors, also where everyone's are asked for.
  absl::Status ScanTelescopeDays(const std::string& isp, const std::string& first_day,
                                 const std::string& last_day,
                                 absl::FunctionRef<void(const v1::TelescopeDay&)> visit) const override;
  absl::StatusOr<KeptDay> LastTelescopeDay(const std::string& isp, const std::string& first_day,
                                           const std::string& last_day) const override;
  absl::StatusOr<std::vector<KeptDay>> KeptTelescopeDays(const std::string& isp, const std::string& first_day,
                                                         const std::string& last_day) const override;
  absl::StatusOr<uint64_t> DayChanges(const std::string& day) const override;

 private:
  absl::StatusOr<bool> IsOwn(const std::string& collector) const;
  // Those of `asked` that are the ISP's; of none asked, all of the ISP's.
  absl::StatusOr<std::vector<std::string>> Own(std::span<const std::string> asked) const;

  const StoreReader& store_;
  const std::string isp_;
};

}  // namespace kansoku::aggregator
