// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/points_query.h"

namespace kansoku::aggregator {

absl::StatusOr<v1::ListPointsResponse> ReadPoints(const StoreReader& store) {
  const auto records = store.Points();
  if (!records.ok()) return records.status();
  v1::ListPointsResponse response;
  for (const PointRecord& record : *records) {
    v1::Point& point = *response.add_points();
    point.set_point(record.point);
    point.set_collector(record.collector);
    point.set_isp(record.isp);
    point.set_group(record.group);
    point.set_region(record.region);
    point.set_window_seconds(record.window_seconds);
    point.set_windows(record.windows);
    if (record.windows == 0) continue;
    point.mutable_last_window()->set_start_unix_seconds(record.last_window_start_unix_seconds);
    point.mutable_last_window()->set_end_unix_seconds(record.last_window_end_unix_seconds);
    point.mutable_held()->set_start_unix_seconds(record.first_window_start_unix_seconds);
    point.mutable_held()->set_end_unix_seconds(record.last_window_end_unix_seconds);
  }
  return response;
}

}  // namespace kansoku::aggregator
