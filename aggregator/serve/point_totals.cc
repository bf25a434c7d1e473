// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/point_totals.h"

#include <limits>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {
namespace {

constexpr int kAttempts = 20;
// More names than this are not worth a condition: everything is read and what was not asked for is left.
constexpr size_t kNamesInAScan = 100;

using TotalsByName = std::map<std::string, PointTotals, std::less<>>;

uint64_t CountedPackets(const v1::Measurement& measurement) {
  const CountedTotals totals = Totals(measurement);
  return totals.cell_packets + totals.darknet_packets;
}

// Fills the buckets of `pending`.
absl::Status ReadBuckets(const Store& store, bool with_hours, TotalsByName& pending) {
  std::vector<std::string> names;
  if (pending.size() <= kNamesInAScan) {
    for (const auto& [name, totals] : pending) names.push_back(name);
  }
  const absl::Status ever = store.Scan(Tier::kEver, 0, 0, names, [&](const Bucket& bucket) {
    if (const auto at = pending.find(bucket.point); at != pending.end()) at->second.ever = bucket.measurement;
  });
  if (!ever.ok() || !with_hours) return ever;
  for (auto& [name, totals] : pending) totals.hour_packets = 0;
  return store.Scan(Tier::kHour, 0, std::numeric_limits<int64_t>::max(), names, [&](const Bucket& bucket) {
    const auto at = pending.find(bucket.point);
    if (at != pending.end()) at->second.hour_packets += CountedPackets(bucket.measurement);
  });
}

}  // namespace

absl::StatusOr<std::vector<PointTotals>> ReadPointTotals(const Store& store, bool with_hours) {
  TotalsByName settled;
  TotalsByName pending;
  auto points = store.Points();
  if (!points.ok()) return points.status();
  for (PointRecord& point : *points) pending[point.point].point = std::move(point);

  for (int attempt = 0; attempt < kAttempts && !pending.empty(); ++attempt) {
    if (absl::Status read = ReadBuckets(store, with_hours, pending); !read.ok()) return read;
    points = store.Points();
    if (!points.ok()) return points.status();
    for (PointRecord& point : *points) {
      const auto at = pending.find(point.point);
      if (at == pending.end()) continue;
      // Every committed report raises `windows`: equal before and after means that none came between.
      if (at->second.point.windows == point.windows) {
        settled.insert(pending.extract(at));
      } else {
        at->second.point = std::move(point);
      }
    }
  }
  if (!pending.empty()) {
    return absl::UnavailableError(absl::StrCat("point ", pending.begin()->first,
                                               " is being written faster than it can be read; ask again"));
  }
  std::vector<PointTotals> result;
  for (auto& [name, totals] : settled) result.push_back(std::move(totals));
  return result;
}

std::vector<Identity> PointIdentities(const PointTotals& totals, bool with_hours) {
  std::vector<Identity> identities = CaptureIdentities(totals.ever);
  identities.push_back(StoreIdentity(CountedPackets(totals.ever), totals.point.acknowledged_packets));
  if (with_hours) {
    identities.push_back({"stored_hours", "packets in the hour tier = packets of the acknowledged reports",
                          totals.hour_packets, totals.point.acknowledged_packets});
  }
  return identities;
}

}  // namespace kansoku::aggregator
