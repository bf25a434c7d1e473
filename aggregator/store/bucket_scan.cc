// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/bucket_scan.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aggregator/store/retention.h"
#include "proto/contract/window.h"

namespace kansoku::aggregator {
namespace {

// What PointOf reads, in its order.
constexpr char kPointColumns[] = "id, name, window_seconds, unrolled_from, unrolled_to";

BucketPoint PointOf(const Statement& row) {
  return {.id = row.Int(0),
          .name = std::string(row.Bytes(1)),
          .window_seconds = static_cast<uint32_t>(row.Int(2)),
          .unrolled_from = row.Int(3),
          .unrolled_to = row.Int(4)};
}

// By name, each once, without the unknown.
absl::StatusOr<std::vector<BucketPoint>> FindPoints(Database& database, std::span<const std::string> names) {
  std::vector<BucketPoint> points;
  Statement find = database.Prepare(absl::StrCat("SELECT ", kPointColumns, " FROM point WHERE name = ?"));
  for (const std::string& name : std::set<std::string>(names.begin(), names.end())) {
    absl::StatusOr<bool> row = find.Bind(name).Step();
    if (!row.ok()) return row.status();
    if (*row) points.push_back(PointOf(find));
  }
  return points;
}

// A bucket that windows are waiting for.
struct UnrolledBucket {
  int64_t start;
  const BucketPoint* point;

  auto key() const { return std::pair<int64_t, std::string_view>(start, point->name); }
};

// Those of a tier with start in the range, by start and then name. Borrows the points.
std::vector<UnrolledBucket> UnrolledBuckets(const std::vector<BucketPoint>& points, Tier tier,
                                            int64_t start_unix_seconds, int64_t end_unix_seconds) {
  std::vector<UnrolledBucket> buckets;
  if (tier == Tier::kWindow) return buckets;
  for (const BucketPoint& point : points) {
    int64_t last = std::numeric_limits<int64_t>::min();
    for (int64_t window = point.unrolled_from; window < point.unrolled_to; window += point.window_seconds) {
      const int64_t start = BucketStart(tier, window);
      if (start != last && start >= start_unix_seconds && start < end_unix_seconds) {
        buckets.push_back({start, &point});
      }
      last = start;
    }
  }
  std::sort(buckets.begin(), buckets.end(),
            [](const UnrolledBucket& a, const UnrolledBucket& b) { return a.key() < b.key(); });
  return buckets;
}

}  // namespace

absl::StatusOr<std::vector<BucketPoint>> ReadUnrolledPoints(Database& database) {
  Statement read = database.Prepare(
      absl::StrCat("SELECT ", kPointColumns, " FROM point WHERE unrolled_from < unrolled_to ORDER BY name"));
  std::vector<BucketPoint> points;
  while (true) {
    absl::StatusOr<bool> row = read.Step();
    if (!row.ok()) return row.status();
    if (!*row) return points;
    points.push_back(PointOf(read));
  }
}

absl::Status ScanAll(Database& database, Tier tier, int64_t start_unix_seconds, int64_t end_unix_seconds,
                     absl::FunctionRef<void(const Bucket&)> visit) {
  absl::StatusOr<std::vector<BucketPoint>> points = ReadUnrolledPoints(database);
  if (!points.ok()) return points.status();
  const std::vector<UnrolledBucket> unrolled =
      UnrolledBuckets(*points, tier, start_unix_seconds, end_unix_seconds);

  // CROSS JOIN keeps the buckets outside, in the order of their key; only the points of one start are sorted.
  Statement rows = database.Prepare(
      "SELECT name, start, window_seconds, measurement, point.id FROM bucket CROSS JOIN point ON point.id = "
      "bucket.point WHERE tier = ? AND start >= ? AND start < ? ORDER BY start, name");
  rows.Bind(static_cast<int>(tier), start_unix_seconds, end_unix_seconds);

  // Both in one order: buckets of which there is a row, and those that windows are waiting for.
  BucketReader reader(database);
  v1::Measurement measurement;
  auto waiting = unrolled.begin();
  while (true) {
    absl::StatusOr<bool> row = rows.Step();
    if (!row.ok()) return row.status();
    const std::pair<int64_t, std::string_view> key(*row ? rows.Int(1) : 0, *row ? rows.Bytes(0) : "");
    for (; waiting != unrolled.end() && (!*row || waiting->key() < key); ++waiting) {
      const BucketPoint& point = *waiting->point;
      measurement.Clear();
      absl::StatusOr<bool> added = reader.AddUnrolled(tier, waiting->start, point, measurement);
      if (!added.ok()) return added.status();
      if (!*added) continue;
      visit(Bucket{point.name, waiting->start, BucketSeconds(tier, point.window_seconds), measurement});
    }
    if (!*row) return absl::OkStatus();
    absl::Status parsed = ParseRow(rows.Bytes(3), tier, key.first, rows.Int(4), measurement);
    if (!parsed.ok()) return parsed;
    if (waiting != unrolled.end() && waiting->key() == key) {
      absl::StatusOr<bool> added = reader.AddUnrolled(tier, waiting->start, *waiting->point, measurement);
      if (!added.ok()) return added.status();
      ++waiting;
    }
    const auto window_seconds = static_cast<uint32_t>(rows.Int(2));
    visit(Bucket{key.second, key.first, BucketSeconds(tier, window_seconds), measurement});
  }
}

absl::Status ScanPoints(Database& database, Tier tier, int64_t start_unix_seconds, int64_t end_unix_seconds,
                        std::span<const std::string> points, absl::FunctionRef<void(const Bucket&)> visit) {
  absl::StatusOr<std::vector<BucketPoint>> wanted = FindPoints(database, points);
  if (!wanted.ok()) return wanted.status();

  // Only starts at which the tier has anything at all, whatever the range.
  Statement edges = database.Prepare(
      "SELECT coalesce((SELECT min(start) FROM bucket WHERE tier = ?1), ?2), "
      "coalesce((SELECT max(start) FROM bucket WHERE tier = ?1), ?3)");
  edges.Bind(static_cast<int>(tier), std::numeric_limits<int64_t>::max(),
             std::numeric_limits<int64_t>::min());
  if (absl::StatusOr<bool> row = edges.Step(); !row.ok()) return row.status();
  int64_t first = edges.Int(0);
  int64_t last = edges.Int(1);
  int64_t step = 0;
  for (const BucketPoint& point : *wanted) {
    step = std::gcd(step, int64_t{BucketSeconds(tier, point.window_seconds)});
    if (point.unrolled_from >= point.unrolled_to) continue;
    first = std::min(first, BucketStart(tier, point.unrolled_from));
    last = std::max(last, BucketStart(tier, point.unrolled_to - point.window_seconds));
  }
  step = std::max<int64_t>(step, 1);
  first = std::max(first, start_unix_seconds);
  last = std::min(last, end_unix_seconds - 1);
  if (first > last) return absl::OkStatus();

  BucketReader reader(database);
  v1::Measurement measurement;
  for (int64_t start = CeilTo(first, step); start <= last; start += step) {
    for (const BucketPoint& point : *wanted) {
      const uint32_t seconds = BucketSeconds(tier, point.window_seconds);
      if (seconds != 0 && start % seconds != 0) continue;
      absl::StatusOr<bool> held = reader.Read(tier, start, point, measurement);
      if (!held.ok()) return held.status();
      if (*held) visit(Bucket{point.name, start, seconds, measurement});
    }
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
