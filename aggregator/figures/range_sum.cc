// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/range_sum.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "proto/contract/measurement.h"
#include "proto/contract/window.h"

namespace kansoku::aggregator {

uint64_t ExpectedWindows(const PointRecord& point, int64_t start_unix_seconds, int64_t end_unix_seconds) {
  if (point.windows == 0 || point.window_seconds == 0) return 0;
  const int64_t window = point.window_seconds;
  const int64_t first = CeilTo(std::max(start_unix_seconds, point.first_window_start_unix_seconds), window);
  const int64_t end = CeilTo(end_unix_seconds, window);
  return first < end ? static_cast<uint64_t>((end - first) / window) : 0;
}

absl::StatusOr<std::vector<PointRecord>> SelectPoints(const StoreReader& store,
                                                      std::span<const std::string> names) {
  absl::StatusOr<std::vector<PointRecord>> points = store.Points();
  if (!points.ok() || names.empty()) return points;
  for (const std::string& name : names) {
    if (std::none_of(points->begin(), points->end(), [&](const PointRecord& p) { return p.point == name; })) {
      return absl::NotFoundError(absl::StrCat("points: no collector has reported a point \"", name,
                                              "\"; ListPoints names those there are"));
    }
  }
  std::erase_if(*points, [&](const PointRecord& point) {
    return std::find(names.begin(), names.end(), point.point) == names.end();
  });
  return points;
}

uint32_t CommonWindowSeconds(std::span<const PointRecord> points, const TimeSteps& range) {
  uint32_t common = 1;
  for (const PointRecord& point : points) {
    const bool reported = point.windows > 0 && point.window_seconds > 0 &&
                          point.first_window_start_unix_seconds < range.end_unix_seconds &&
                          point.last_window_end_unix_seconds > range.start_unix_seconds;
    if (reported) common = std::lcm(common, point.window_seconds);
  }
  return common;
}

absl::Status ScanSteps(const StoreReader& store, const TimeSteps& steps, std::span<const PointRecord> points,
                       absl::FunctionRef<void(int64_t, const Bucket&)> visit) {
  const auto spans = store.Plan(steps.start_unix_seconds, steps.end_unix_seconds, steps.step_seconds,
                                CommonWindowSeconds(points, steps));
  if (!spans.ok()) return spans.status();
  if (points.empty()) return absl::OkStatus();  // to the store, no names would mean all
  std::vector<std::string> names;
  for (const PointRecord& point : points) names.push_back(point.point);
  for (const TierSpan& span : *spans) {
    const absl::Status scanned =
        store.Scan(span.tier, span.start_unix_seconds, span.end_unix_seconds, names,
                   [&](const Bucket& bucket) { visit(steps.StepStart(bucket.start_unix_seconds), bucket); });
    if (!scanned.ok()) return scanned;
  }
  return absl::OkStatus();
}

absl::StatusOr<SensorsOfPoints> SensorsByPoint(const StoreReader& store) {
  SensorsOfPoints sensors_of;
  const absl::Status scanned = store.Scan(Tier::kEver, 0, 0, {}, [&](const Bucket& bucket) {
    if (bucket.measurement.darknet().empty()) return;
    std::vector<std::string>& sensors = sensors_of[std::string(bucket.point)];
    for (const v1::DarknetTally& tally : bucket.measurement.darknet()) sensors.push_back(tally.sensor());
  });
  if (!scanned.ok()) return scanned;
  return sensors_of;
}

absl::StatusOr<std::vector<PointSum>> SumByPoint(const StoreReader& store, const TimeSteps& range) {
  absl::StatusOr<std::vector<PointRecord>> points = store.Points();
  if (!points.ok()) return points.status();
  const TimeSteps whole{range.start_unix_seconds, range.end_unix_seconds, 0};

  struct Sum {
    v1::Measurement measurement;
    std::map<std::string, SecondsByHour> watched;
    GapSum gaps;
  };
  std::map<std::string, Sum, std::less<>> sums;
  const absl::Status scanned = ScanSteps(store, whole, *points, [&](int64_t, const Bucket& bucket) {
    auto sum = sums.find(bucket.point);
    if (sum == sums.end()) sum = sums.emplace(bucket.point, Sum()).first;
    Merge(bucket.measurement, sum->second.measurement);
    std::set<std::string_view> watched;  // once each, whatever the number of its tallies
    for (const v1::DarknetTally& tally : bucket.measurement.darknet()) {
      if (tally.address_seconds() == 0 || !watched.insert(tally.sensor()).second) continue;
      sum->second.watched[tally.sensor()][FloorTo(bucket.start_unix_seconds, kHourSeconds)] +=
          bucket.measurement.covered_seconds();
    }
  });
  if (!scanned.ok()) return scanned;

  const absl::Status gaps =
      store.ScanGaps(whole.start_unix_seconds, whole.end_unix_seconds,
                     [&](const Gap& gap) { sums[std::string(gap.point)].gaps.Add(gap.count); });
  if (!gaps.ok()) return gaps;

  auto sensors_of = SensorsByPoint(store);
  if (!sensors_of.ok()) return sensors_of.status();

  std::vector<PointSum> result;
  for (PointRecord& point : *points) {
    Sum sum = std::move(sums[point.point]);
    const uint64_t expected = ExpectedWindows(point, whole.start_unix_seconds, whole.end_unix_seconds);
    std::vector<std::string> sensors = std::move((*sensors_of)[point.point]);
    result.push_back({.point = std::move(point),
                      .measurement = std::move(sum.measurement),
                      .expected_windows = expected,
                      .gaps = std::move(sum.gaps),
                      .sensors = std::move(sensors),
                      .watched = std::move(sum.watched)});
  }
  return result;
}

}  // namespace kansoku::aggregator
