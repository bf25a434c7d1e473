// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/telescope_contributors.h"

#include <algorithm>
#include <functional>

#include "absl/time/time.h"
#include "proto/contract/day.h"
#include "proto/contract/measurement.h"

namespace kansoku::aggregator {
namespace {

uint64_t PacketsOf(const v1::DarknetTally& tally) {
  uint64_t packets = 0;
  for (const v1::DarknetCell& cell : tally.cells()) packets += cell.packets();
  return packets;
}

uint64_t PacketsWhenJudged(const v1::TelescopeDay& day) {
  return day.sources().judged_packets() + day.sources().unjudged_packets();
}

absl::StatusOr<std::set<std::string>> IspsInTime(const StoreReader& store, const std::set<std::string>& isps,
                                                 const std::string& day) {
  uint64_t of_all = 0, of_isps = 0;
  absl::Status read = store.ScanTelescopeDays(
      "", day, day, [&](const v1::TelescopeDay& kept) { of_all = PacketsWhenJudged(kept); });
  std::set<std::string> in_time;
  for (const std::string& isp : isps) {
    if (isp.empty()) continue;  // to the store, no name would mean everyone
    read.Update(store.ScanTelescopeDays(isp, day, day, [&](const v1::TelescopeDay& kept) {
      if (PacketsWhenJudged(kept) == 0) return;
      of_isps += PacketsWhenJudged(kept);
      in_time.insert(isp);
    }));
  }
  if (!read.ok()) return read;
  if (of_isps != of_all) in_time.clear();
  return in_time;
}

void AddTallies(const v1::Measurement& measurement, const std::string& isp, SourceIsps& day) {
  for (const v1::DarknetTally& tally : measurement.darknet()) {
    const uint64_t packets = PacketsOf(tally), examined = tally.soft_flags().examined();
    if (packets == 0) continue;
    (tally.source_key() == 0 ? day.not_telling : day.telling).insert(isp);
    if (examined > 0) day.examining.insert(isp);
    if (examined < packets) day.not_examining.insert(isp);
  }
}

// None are not few: nothing is told of them.
bool AreFew(const std::set<std::string>& isps, uint32_t fewest) {
  return !isps.empty() && isps.size() < fewest;
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
  std::set<std::string> names;
  for (const auto& [point, isp] : isps) names.insert(isp);
  for (const std::string& day : sum.judged.revised_days) {
    absl::StatusOr<std::set<std::string>> in_time = IspsInTime(store, names, day);
    if (!in_time.ok()) return in_time.status();
    contributors.in_time[day] = *std::move(in_time);
  }
  return contributors;
}

bool AreSourcesOfFew(const TelescopeContributors& contributors, uint32_t fewest) {
  const auto& in_time = contributors.in_time;
  return std::any_of(contributors.days.begin(), contributors.days.end(),
                     [&](const auto& day) {
                       return AreFew(day.second.telling, fewest) || AreFew(day.second.not_telling, fewest);
                     }) ||
         std::any_of(in_time.begin(), in_time.end(),
                     [&](const auto& day) { return day.second.size() < fewest; });
}

bool AreExaminersFew(const TelescopeContributors& contributors, uint32_t fewest) {
  return std::any_of(contributors.days.begin(), contributors.days.end(), [&](const auto& day) {
    return AreFew(day.second.examining, fewest) || AreFew(day.second.not_examining, fewest);
  });
}

}  // namespace kansoku::aggregator
