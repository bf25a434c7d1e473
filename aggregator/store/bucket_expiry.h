// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"
#include "aggregator/store/retention.h"
#include "aggregator/store/sqlite.h"

namespace kansoku::aggregator {

// Erases buckets that begin an hour or more before their tier's horizon, oldest first, and in one call about
// as many as a commit writes: what is left is for the next. Each row costs the same, however many there are.
absl::Status EraseBuckets(Database& database, const Horizons& horizons);

}  // namespace kansoku::aggregator
