// SPDX-License-Identifier: Apache-2.0
//
// How a person says a time on the command line. Pure: the present is an argument. Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// "90", "90s", "5m", "1h" or "30d", as seconds. At least 1 and at most ten years.
absl::StatusOr<uint32_t> ParseSeconds(std::string_view text);

// "2024-11-01T00:00:00+09:00" (RFC 3339), "2024-11-01" (midnight in UTC) or "1730419200" (seconds of the Unix
// epoch).
absl::StatusOr<absl::Time> ParseTime(std::string_view text);

// What was given of --last, --from and --to; empty where not.
struct TimeRangeText {
  std::string last;
  std::string from;
  std::string to;
};

// The usual window.
inline constexpr uint32_t kUsualWindowSeconds = 10;

// The length that the windows of these points (of none named: of all) divide, of those that hold some of the
// range; kUsualWindowSeconds where none does.
uint32_t EdgeSeconds(const v1::ListPointsResponse& points, std::span<const std::string> names,
                     const v1::TimeRange& range);

// The range to ask for. Its edges are multiples of the step; with a step of 0, of `window_seconds`, which
// divide five minutes.
//   --last        ends at the latest edge that has passed. Without a step, a span of more than a day has
//                 edges at multiples of 5 min, of more than 60 days at full hours, as the older part may be
//                 kept in rollups only
//   --from, --to  are widened to the edges around them; --to is now if absent
//   nothing       is the last hour
absl::StatusOr<v1::TimeRange> ToTimeRange(const TimeRangeText& text, uint32_t step_seconds, absl::Time now,
                                          uint32_t window_seconds = kUsualWindowSeconds);

}  // namespace kansoku::aggregator
