// SPDX-License-Identifier: Apache-2.0
//
// Reports in quarantine over one connection. What writes must be inside an open write transaction.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "aggregator/store/sqlite.h"
#include "aggregator/store/store.h"

namespace kansoku::aggregator {

// What a row takes beside the report's content, as counted against the bound.
inline constexpr int64_t kQuarantineRowOctets = 512;

// Where a refused report came from.
struct RefusedReport {
  std::string collector;
  uint64_t epoch = 0;
  const v1::SequencedReport* report = nullptr;
  const Refusal* refusal = nullptr;
};
absl::Status WriteQuarantined(Database& database, const RefusedReport& refused, absl::Time now);

// Brings what is kept of a collector down to so many octets: the content of its oldest reports is dropped
// first, and counted; then rows are forgotten whole, those that were dropped first.
absl::Status BoundQuarantine(Database& database, const std::string& collector, uint64_t most_octets);

// Marks a held report as admitted or discarded, and erases its content.
absl::Status MarkDecided(Database& database, const v1::QuarantinedReport& held,
                         const QuarantineDecision& decision, absl::Time now);

// Results as Store::Quarantine and Store::FindQuarantined.
absl::StatusOr<std::vector<v1::QuarantinedReport>> ReadQuarantine(Database& database,
                                                                  const QuarantineFilter& filter);
absl::StatusOr<v1::QuarantinedReport> ReadQuarantined(Database& database, uint64_t id);

// By reason.
absl::StatusOr<std::vector<v1::QuarantineCount>> ReadQuarantineCounts(Database& database,
                                                                      const std::string& collector);

}  // namespace kansoku::aggregator
