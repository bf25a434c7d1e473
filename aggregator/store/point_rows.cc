// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/point_rows.h"

#include <limits>
#include <map>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "aggregator/store/bucket_reader.h"
#include "aggregator/store/bucket_scan.h"
#include "proto/contract/identity.h"
#include "proto/contract/window.h"

namespace kansoku::aggregator {
namespace {

// What PointOf reads, in its order.
constexpr char kPointColumns[] =
    "name, collector, isp, traffic_group, window_seconds, first_window_start, last_window_start, windows, "
    "acknowledged_packets, region";
constexpr int kPointColumnCount = 10;

PointRecord PointOf(const Statement& row) {
  PointRecord point;
  point.point = row.Bytes(0);
  point.collector = row.Bytes(1);
  point.isp = row.Bytes(2);
  point.group = static_cast<v1::Group>(row.Int(3));
  point.window_seconds = static_cast<uint32_t>(row.Int(4));
  point.first_window_start_unix_seconds = row.Int(5);
  point.last_window_start_unix_seconds = row.Int(6);
  point.windows = row.Unsigned(7);
  point.last_window_end_unix_seconds = point.windows == 0 ? 0 : row.Int(6) + row.Int(4);
  point.acknowledged_packets = row.Unsigned(8);
  point.region = row.Bytes(9);
  return point;
}

}  // namespace

absl::StatusOr<std::vector<PointRecord>> ReadPoints(Database& database) {
  Statement read = database.Prepare(absl::StrCat("SELECT ", kPointColumns, " FROM point ORDER BY name"));
  std::vector<PointRecord> points;
  while (true) {
    absl::StatusOr<bool> row = read.Step();
    if (!row.ok()) return row.status();
    if (!*row) return points;
    points.push_back(PointOf(read));
  }
}

absl::StatusOr<std::vector<PointTotals>> ReadEverTotals(Database& database) {
  Statement read = database.Prepare(
      absl::StrCat("SELECT ", kPointColumns, ", id, unrolled_from, unrolled_to FROM point ORDER BY name"));
  BucketReader buckets(database);
  std::vector<PointTotals> totals;
  v1::Measurement hour;
  while (true) {
    absl::StatusOr<bool> row = read.Step();
    if (!row.ok()) return row.status();
    if (!*row) return totals;
    PointTotals& of_point = totals.emplace_back();
    of_point.point = PointOf(read);
    const BucketPoint point{.id = read.Int(kPointColumnCount),
                            .name = of_point.point.point,
                            .window_seconds = of_point.point.window_seconds,
                            .unrolled_from = read.Int(kPointColumnCount + 1),
                            .unrolled_to = read.Int(kPointColumnCount + 2)};
    absl::StatusOr<bool> held = buckets.Read(Tier::kEver, 0, point, of_point.ever);
    if (!held.ok()) return held.status();
    if (!InterfaceIdentity(of_point.ever.ledger()).has_value()) continue;
    const int64_t last_hour = FloorTo(of_point.point.last_window_start_unix_seconds, kHourSeconds);
    held = buckets.Read(Tier::kHour, last_hour, point, hour);
    if (!held.ok()) return held.status();
    of_point.last_hour = hour.ledger();
  }
}

absl::Status AddHourPackets(Database& database, std::vector<PointTotals>& totals) {
  std::map<std::string_view, uint64_t*> packets;
  for (PointTotals& of_point : totals) {
    packets[of_point.point.point] = &of_point.hour_packets.emplace(0);
  }
  return ScanAll(database, Tier::kHour, 0, std::numeric_limits<int64_t>::max(), [&](const Bucket& bucket) {
    *packets.at(bucket.point) += Totals(bucket.measurement).stored_packets();
  });
}

}  // namespace kansoku::aggregator
