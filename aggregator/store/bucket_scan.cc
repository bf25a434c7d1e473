// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/bucket_scan.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/contract/window.h"

namespace kansoku::aggregator {
namespace {

struct ScannedPoint {
  std::string name;
  int64_t id;
  uint32_t bucket_seconds;
};

uint32_t BucketSeconds(Tier tier, int64_t window_seconds) {
  switch (tier) {
    case Tier::kWindow:
      return static_cast<uint32_t>(window_seconds);
    case Tier::kFiveMinutes:
      return kFiveMinuteSeconds;
    case Tier::kHour:
      return kHourSeconds;
    case Tier::kEver:
      return 0;
  }
  return 0;
}

absl::Status Visit(std::string_view point, int64_t start, uint32_t seconds, std::string_view bytes,
                   v1::Measurement& measurement, absl::FunctionRef<void(const Bucket&)> visit) {
  if (!measurement.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError(absl::StrCat("the store's bucket of point ", std::string(point), " at ", start,
                                            " cannot be read; restore the store from a copy"));
  }
  visit(Bucket{point, start, seconds, measurement});
  return absl::OkStatus();
}

// By name, each once, without the unknown.
absl::StatusOr<std::vector<ScannedPoint>> FindPoints(Database& database, Tier tier,
                                                     std::span<const std::string> names) {
  std::vector<ScannedPoint> points;
  Statement find = database.Prepare("SELECT id, window_seconds FROM point WHERE name = ?");
  for (const std::string& name : std::set<std::string>(names.begin(), names.end())) {
    absl::StatusOr<bool> row = find.Bind(name).Step();
    if (!row.ok()) return row.status();
    if (*row) points.push_back({name, find.Int(0), BucketSeconds(tier, find.Int(1))});
  }
  return points;
}

}  // namespace

absl::Status ScanAll(Database& database, Tier tier, int64_t start_unix_seconds, int64_t end_unix_seconds,
                     absl::FunctionRef<void(const Bucket&)> visit) {
  // CROSS JOIN keeps the buckets outside, in the order of their key; only the points of one start are sorted.
  Statement read = database.Prepare(
      "SELECT name, start, window_seconds, measurement FROM bucket CROSS JOIN point ON point.id = "
      "bucket.point "
      "WHERE tier = ? AND start >= ? AND start < ? ORDER BY start, name");
  read.Bind(static_cast<int>(tier), start_unix_seconds, end_unix_seconds);
  v1::Measurement measurement;
  while (true) {
    absl::StatusOr<bool> row = read.Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
    absl::Status visited = Visit(read.Bytes(0), read.Int(1), BucketSeconds(tier, read.Int(2)), read.Bytes(3),
                                 measurement, visit);
    if (!visited.ok()) return visited;
  }
}

absl::Status ScanPoints(Database& database, Tier tier, int64_t start_unix_seconds, int64_t end_unix_seconds,
                        std::span<const std::string> points, absl::FunctionRef<void(const Bucket&)> visit) {
  absl::StatusOr<Transaction> snapshot = Transaction::BeginRead(database);
  if (!snapshot.ok()) return snapshot.status();
  absl::StatusOr<std::vector<ScannedPoint>> wanted = FindPoints(database, tier, points);
  if (!wanted.ok()) return wanted.status();

  // Only starts at which the tier has anything at all, whatever the range.
  Statement edges = database.Prepare(
      "SELECT (SELECT min(start) FROM bucket WHERE tier = ?1), (SELECT max(start) FROM bucket WHERE tier = "
      "?1)");
  absl::StatusOr<bool> any = edges.Bind(static_cast<int>(tier)).Step();
  if (!any.ok()) return any.status();
  const int64_t first = std::max(start_unix_seconds, edges.Int(0));
  const int64_t end = std::min(end_unix_seconds, edges.Int(1) + 1);

  int64_t step = 0;
  for (const ScannedPoint& point : *wanted) step = std::gcd(step, int64_t{point.bucket_seconds});
  step = std::max<int64_t>(step, 1);

  Statement read =
      database.Prepare("SELECT measurement FROM bucket WHERE tier = ? AND start = ? AND point = ?");
  v1::Measurement measurement;
  for (int64_t start = CeilTo(first, step); start < end; start += step) {
    for (const ScannedPoint& point : *wanted) {
      if (point.bucket_seconds != 0 && start % point.bucket_seconds != 0) continue;
      absl::StatusOr<bool> row = read.Bind(static_cast<int>(tier), start, point.id).Step();
      if (!row.ok()) return row.status();
      if (!*row) continue;
      absl::Status visited =
          Visit(point.name, start, point.bucket_seconds, read.Bytes(0), measurement, visit);
      if (!visited.ok()) return visited;
    }
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
