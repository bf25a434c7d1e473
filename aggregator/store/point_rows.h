// SPDX-License-Identifier: Apache-2.0
//
// Reading points over one connection. Results as Store::Points and Store::ReadTotals; what reads more than
// one row must be inside a transaction.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "aggregator/store/sqlite.h"
#include "aggregator/store/store.h"

namespace kansoku::aggregator {

absl::StatusOr<std::vector<PointRecord>> ReadPoints(Database& database);

// hour_packets stay unset.
absl::StatusOr<std::vector<PointTotals>> ReadEverTotals(Database& database);

// Sets hour_packets of all of them, which must be of the same transaction.
absl::Status AddHourPackets(Database& database, std::vector<PointTotals>& totals);

}  // namespace kansoku::aggregator
