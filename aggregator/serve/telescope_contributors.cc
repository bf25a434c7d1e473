// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/telescope_contributors.h"

#include <algorithm>
#include <functional>

#include "absl/time/time.h"
#include "proto/contract/day.h"
#include "proto/contract/measurement.h"

namespace kansoku::aggregator {
namespace {

bool HasPackets(const v1::DarknetTally& tally) {
  return std::any_of(tally.cells().begin(), tally.cells().end(),
                     [](const v1::DarknetCell& cell) { return cell.packets() > 0; });
}

void AddTallies(const v1::Measurement& measurement, const std::string& isp, SourceIsps& day) {
  for (const v1::DarknetTally& tally : measurement.darknet()) {
    if (HasPackets(tally)) (tally.source_key() == 0 ? day.not_telling : day.telling).insert(isp);
  }
}

}  // namespace

absl::StatusOr<TelescopeContributors> ReadContributors(const StoreReader& store, const TelescopePeriod& sum) {
  TelescopeContributors contributors;
  const auto points = store.Points();
  if (!points.ok()) return points.status();
  std::map<std::string, std::string, std::less<>> isps;
  for (const PointRecord& point : *points) isps[point.point] = point.isp;
  const auto add = [&](const Bucket& bucket) {
    const std::string day = DayText(DayOf(absl::FromUnixSeconds(bucket.start_unix_seconds)));
    if (!sum.packets_of_days.contains(day)) return;
    const v1::DarknetSubscribers& subscribers = bucket.measurement.darknet_subscribers();
    Merge(subscribers, contributors.subscribers);
    const auto isp = isps.find(bucket.point);
    if (isp == isps.end()) return;  // newer than what was read above
    AddTallies(bucket.measurement, isp->second, contributors.days[day]);
    if (subscribers.reached() > 0) contributors.reached.insert(isp->second);
    if (subscribers.scanning() > 0) contributors.scanning.insert(isp->second);
  };
  const absl::Status scanned = store.Scan(Tier::kHour, DayStartUnixSeconds(sum.period.first),
                                          DayStartUnixSeconds(sum.period.last + 1), {}, add);
  if (!scanned.ok()) return scanned;
  return contributors;
}

bool AreSourcesOfFew(const TelescopeContributors& contributors, uint32_t fewest) {
  const auto are_few = [&](const std::set<std::string>& isps) {
    return !isps.empty() && isps.size() < fewest;
  };
  return std::any_of(contributors.days.begin(), contributors.days.end(), [&](const auto& day) {
    return are_few(day.second.telling) || are_few(day.second.not_telling);
  });
}

}  // namespace kansoku::aggregator
