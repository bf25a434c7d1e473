// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/telescope_contributors.h"

#include <algorithm>
#include <functional>

#include "absl/time/time.h"
#include "aggregator/figures/telescope_figures.h"
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
    for (const auto& [flag, with_flag] : PacketsByFlag(tally.soft_flags())) {
      if (with_flag > 0) day.flagged[flag].insert(isp);
    }
  }
}

// None are not few: nothing is told of them.
bool AreFew(const std::set<std::string>& isps, uint32_t fewest) {
  return !isps.empty() && isps.size() < fewest;
}

}  // namespace

absl::StatusOr<TelescopeContributors> ReadContributors(const StoreReader& store, absl::CivilDay day,
                                                       bool is_revised) {
  TelescopeContributors contributors;
  const auto points = store.Points();
  if (!points.ok()) return points.status();
  std::map<std::string, std::string, std::less<>> isps;
  for (const PointRecord& point : *points) isps[point.point] = point.isp;
  SourceIsps& of_day = contributors.days[DayText(day)];
  const auto add = [&](const Bucket& bucket) {
    const v1::DarknetSubscribers& subscribers = bucket.measurement.darknet_subscribers();
    kansoku::Merge(subscribers, contributors.subscribers);
    const auto isp = isps.find(bucket.point);
    if (isp == isps.end()) return;  // newer than what was read above
    AddTallies(bucket.measurement, isp->second, of_day);
    if (subscribers.reached() > 0) contributors.reached.insert(isp->second);
    if (subscribers.scanning() > 0) contributors.scanning.insert(isp->second);
  };
  const absl::Status scanned =
      store.Scan(Tier::kHour, DayStartUnixSeconds(day), DayStartUnixSeconds(day + 1), {}, add);
  if (!scanned.ok()) return scanned;
  if (!is_revised) return contributors;
  std::set<std::string> names;
  for (const auto& [point, isp] : isps) names.insert(isp);
  absl::StatusOr<std::set<std::string>> in_time = IspsInTime(store, names, DayText(day));
  if (!in_time.ok()) return in_time.status();
  contributors.in_time[DayText(day)] = *std::move(in_time);
  return contributors;
}

void Merge(const TelescopeContributors& from, TelescopeContributors& into) {
  into.days.insert(from.days.begin(), from.days.end());
  into.in_time.insert(from.in_time.begin(), from.in_time.end());
  into.reached.insert(from.reached.begin(), from.reached.end());
  into.scanning.insert(from.scanning.begin(), from.scanning.end());
  kansoku::Merge(from.subscribers, into.subscribers);
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
    const SourceIsps& isps = day.second;
    return AreFew(isps.examining, fewest) || AreFew(isps.not_examining, fewest) ||
           std::any_of(isps.flagged.begin(), isps.flagged.end(),
                       [&](const auto& flag) { return AreFew(flag.second, fewest); });
  });
}

}  // namespace kansoku::aggregator
