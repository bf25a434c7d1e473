// SPDX-License-Identifier: Apache-2.0
//
// Windows that are missing for a known reason, over one connection. What writes must be inside an open write
// transaction.
#pragma once

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "aggregator/store/sqlite.h"
#include "aggregator/store/store.h"

namespace kansoku::aggregator {

// A window of which only the tombstone came. Parts of one window are added up.
absl::Status WriteGap(Database& database, int64_t point, const v1::Tombstone& tombstone);

// Erases the oldest rows with an earlier start, a bounded number at a time: commits wait meanwhile.
absl::Status EraseGaps(Database& database, int64_t before_unix_seconds);

// Arguments and results as Store::ScanGaps.
absl::Status ScanGaps(Database& database, int64_t start_unix_seconds, int64_t end_unix_seconds,
                      absl::FunctionRef<void(const Gap&)> visit);

}  // namespace kansoku::aggregator
