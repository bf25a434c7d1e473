// SPDX-License-Identifier: Apache-2.0
//
// When windows reach the tiers above the finest. A commit writes each window to the finest tier alone. Once
// there are enough of a point, the same transaction adds them to all tiers above, each of whose rows is then
// read and written once for all of them. Readers add what is still waiting (bucket_reader.h), so nobody sees
// the difference. A window that is older than what was rolled up goes to all tiers at once.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "aggregator/store/bucket_reader.h"
#include "aggregator/store/retention.h"
#include "aggregator/store/sqlite.h"
#include "aggregator/store/tier_writer.h"

namespace kansoku::aggregator {

// More: fewer writes, and more windows for readers to add up.
inline constexpr int64_t kWindowsPerRollUp = 12;

// Up to where a point whose windows reach `to` is rolled up. Each point has its own turn: of windows that all
// collectors send at once, a twelfth of them is rolled up.
int64_t RollUpThrough(int64_t point, uint32_t window_seconds, int64_t to);

// Rolls up the stored windows of the point in [unrolled_from, through). Leaves the point's row alone.
absl::Status RollUp(BucketReader& reader, const BucketPoint& point, int64_t through, TierWriter& tiers);

// Rolls up, inside an open write transaction, every point with a waiting window that starts before.
absl::Status RollUpBefore(Database& database, const Horizons& horizons, int64_t before_unix_seconds);

}  // namespace kansoku::aggregator
