// SPDX-License-Identifier: Apache-2.0
//
// Which tier still holds which time. Pure functions; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "aggregator/store/store.h"

namespace kansoku::aggregator {

inline constexpr std::array<Tier, 4> kTiers = {Tier::kWindow, Tier::kFiveMinutes, Tier::kHour, Tier::kEver};

// How long each tier is kept. The units are those of the configuration (RetentionConfig).
struct Retention {
  uint32_t window_hours = 48;
  uint32_t five_minute_days = 62;
  uint32_t hour_days = 0;  // 0: for ever
  // What single sources of dark packets sent. A day is judged an hour after its end, by the whole of it: its
  // first windows must be there until then. Of a day that is not judged, because all of it came at once or
  // judging fails, it is kept for longer. No configuration changes either: raw records are to be kept for a
  // day at most (METRICS 10), and though these are keyed hashes without an address, a day is the measure.
  uint32_t source_hours = 26;
  uint32_t unjudged_source_hours = 48;
};

// Per tier, the time from which on it is kept, in seconds of the Unix epoch: a whole hour, so that tiers meet
// exactly. 0 as long as nothing was forgotten.
using Horizons = std::array<int64_t, kTiers.size()>;

// Start of the bucket that a window is added to.
int64_t BucketStart(Tier tier, int64_t window_start_unix_seconds);

// Length of a bucket; 0 for kEver.
uint32_t BucketSeconds(Tier tier, uint32_t window_seconds);

// Where the horizons move to. They never move back, whatever the clock does.
Horizons MoveHorizons(const Horizons& horizons, const Retention& retention, absl::Time now);

// From which start on windows keep what they told of single sources: not where the window itself is
// forgotten. `unjudged` is the start of the first day that is not judged yet. What comes late is kept until
// the next Expire.
int64_t SourcesKeptFrom(const Horizons& horizons, const Retention& retention, int64_t unjudged,
                        absl::Time now);

// As Store::Plan.
absl::StatusOr<std::vector<TierSpan>> PlanSpans(const Horizons& horizons, int64_t window_seconds,
                                                int64_t start_unix_seconds, int64_t end_unix_seconds,
                                                uint32_t step_seconds);

}  // namespace kansoku::aggregator
