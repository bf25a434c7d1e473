// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/roll_up.h"

#include <algorithm>
#include <vector>

#include "aggregator/store/bucket_scan.h"

namespace kansoku::aggregator {

int64_t RollUpThrough(int64_t point, uint32_t window_seconds, int64_t to) {
  const int64_t last = to / window_seconds - 1;
  return (last - (last + point) % kWindowsPerRollUp) * window_seconds;
}

absl::Status RollUp(BucketReader& reader, const BucketPoint& point, int64_t through, TierWriter& tiers) {
  return reader.ReadWindows(point, point.unrolled_from, std::min(through, point.unrolled_to),
                            [&](int64_t start, const v1::Measurement& measurement) {
                              tiers.AddAbove(point.id, start, measurement);
                            });
}

absl::Status RollUpBefore(Database& database, const Horizons& horizons, int64_t before_unix_seconds) {
  absl::StatusOr<std::vector<BucketPoint>> points = ReadUnrolledPoints(database);
  if (!points.ok()) return points.status();
  std::erase_if(*points,
                [&](const BucketPoint& point) { return point.unrolled_from >= before_unix_seconds; });
  if (points->empty()) return absl::OkStatus();
  BucketReader reader(database);
  TierWriter tiers(database, horizons);
  Statement mark = database.Prepare("UPDATE point SET unrolled_from = unrolled_to WHERE id = ?");
  for (const BucketPoint& point : *points) {
    absl::Status done = RollUp(reader, point, point.unrolled_to, tiers);
    if (done.ok()) done = mark.Bind(point.id).Run();
    if (!done.ok()) return done;
  }
  return tiers.Write();
}

}  // namespace kansoku::aggregator
