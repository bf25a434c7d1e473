// SPDX-License-Identifier: Apache-2.0
//
// Reading a range of time from the store: which buckets belong to it, how they add up, and how many windows
// there should have been.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "aggregator/figures/gap_sum.h"
#include "aggregator/figures/time_steps.h"
#include "aggregator/store/store.h"

namespace kansoku::aggregator {

// Windows of the point that start in [start, end), counted from the point's first window on: a point is
// expected to report from its first report until the end of what is asked, so silence lowers coverage and a
// point that never reported expects nothing. A range that reaches into the future expects windows that cannot
// have come yet.
uint64_t ExpectedWindows(const PointRecord& point, int64_t start_unix_seconds, int64_t end_unix_seconds);

// The records of `names`, by name and each once; of every point if there are none. NOT_FOUND names a
// stranger.
absl::StatusOr<std::vector<PointRecord>> SelectPoints(const StoreReader& store,
                                                      std::span<const std::string> names);

// The least length that the windows of these points divide which may start in the range: at its multiples
// their time can be cut.
uint32_t CommonWindowSeconds(std::span<const PointRecord> points, const TimeSteps& range);

// Calls `visit` with every bucket of these points in the range, and the start of the step it belongs to.
// Steps come in rising order. Each window is visited in one bucket only, whichever tiers hold the range.
// INVALID_ARGUMENT: an edge or the step would split a bucket.
absl::Status ScanSteps(const StoreReader& store, const TimeSteps& steps, std::span<const PointRecord> points,
                       absl::FunctionRef<void(int64_t step_start, const Bucket& bucket)> visit);

// The sensors whose packets each point ever reported, by point; points without any are left out.
using SensorsOfPoints = std::map<std::string, std::vector<std::string>, std::less<>>;
absl::StatusOr<SensorsOfPoints> SensorsByPoint(const StoreReader& store);

// Seconds by UTC hour, under its start.
using SecondsByHour = std::map<int64_t, uint64_t>;

// What one point measured over a period.
struct PointSum {
  PointRecord point;
  v1::Measurement measurement;  // `windows` in it are those present
  uint64_t expected_windows = 0;
  GapSum gaps = {};
  std::vector<std::string> sensors;  // as by SensorsByPoint: also if no packet came in this period
  // By sensor whose monitored addresses the point stated: how long it was covered.
  std::map<std::string, SecondsByHour> watched;
};

// Every point of the store, by name, summed over the range (its step is ignored).
absl::StatusOr<std::vector<PointSum>> SumByPoint(const StoreReader& store, const TimeSteps& range);

}  // namespace kansoku::aggregator
