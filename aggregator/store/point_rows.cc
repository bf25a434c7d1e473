// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/point_rows.h"

#include <limits>
#include <map>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "aggregator/store/bucket_scan.h"
#include "proto/contract/identity.h"
#include "proto/contract/window.h"

namespace kansoku::aggregator {
namespace {

// What PointOf reads, in its order.
constexpr char kPointColumns[] =
    "name, collector, isp, traffic_group, window_seconds, first_window_start, last_window_start, windows, "
    "acknowledged_packets";
constexpr int kPointColumnCount = 9;

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
  return point;
}

bool Parse(std::string_view bytes, v1::Measurement& measurement) {
  return measurement.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
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
      absl::StrCat("SELECT ", kPointColumns,
                   ", ever.measurement, hour.measurement FROM point "
                   "LEFT JOIN bucket AS ever ON ever.tier = ?1 AND ever.start = 0 AND ever.point = point.id "
                   "LEFT JOIN bucket AS hour ON hour.tier = ?2 AND hour.start = last_window_start - "
                   "last_window_start % ?3 "
                   "AND hour.point = point.id ORDER BY name"));
  read.Bind(static_cast<int>(Tier::kEver), static_cast<int>(Tier::kHour), kHourSeconds);
  std::vector<PointTotals> totals;
  v1::Measurement hour;
  while (true) {
    absl::StatusOr<bool> row = read.Step();
    if (!row.ok()) return row.status();
    if (!*row) return totals;
    PointTotals& of_point = totals.emplace_back();
    of_point.point = PointOf(read);
    bool is_readable = Parse(read.Bytes(kPointColumnCount), of_point.ever);
    if (InterfaceIdentity(of_point.ever.ledger()).has_value()) {
      is_readable = is_readable && Parse(read.Bytes(kPointColumnCount + 1), hour);
      of_point.last_hour = hour.ledger();
    }
    if (!is_readable) {
      return absl::DataLossError(absl::StrCat("the store's sums of point ", of_point.point.point,
                                              " cannot be read; restore the store from a copy"));
    }
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
