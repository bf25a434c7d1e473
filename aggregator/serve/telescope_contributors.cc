// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/telescope_contributors.h"

#include <algorithm>
#include <functional>

#include "aggregator/figures/telescope_figures.h"
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

// More came since its sources were judged.
bool IsRevised(const v1::TelescopeDay& day) {
  const uint32_t judged_in = day.sources().judged_in_revision();
  return judged_in != 0 && day.revision() > judged_in;
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

void AddHour(const std::string& day, const v1::Measurement& measurement, const std::string* isp,
             TelescopeContributors& contributors) {
  const v1::DarknetSubscribers& subscribers = measurement.darknet_subscribers();
  kansoku::Merge(subscribers, contributors.subscribers);
  if (isp == nullptr) return;
  AddTallies(measurement, *isp, contributors.days[day]);
  if (subscribers.reached() > 0) contributors.reached.insert(*isp);
  if (subscribers.scanning() > 0) contributors.scanning.insert(*isp);
}

absl::Status AddInTime(const StoreReader& store, const std::set<std::string>& isps, const std::string& day,
                       TelescopeContributors& contributors) {
  bool is_revised = false;
  uint64_t of_all = 0, of_isps = 0;
  absl::Status read = store.ScanTelescopeDays("", day, day, [&](const v1::TelescopeDay& kept) {
    is_revised = IsRevised(kept);
    of_all = PacketsWhenJudged(kept);
  });
  if (!read.ok() || !is_revised) return read;
  std::set<std::string>& in_time = contributors.in_time[day];
  for (const std::string& isp : isps) {
    if (isp.empty()) continue;  // to the store, no name would mean everyone
    read.Update(store.ScanTelescopeDays(isp, day, day, [&](const v1::TelescopeDay& kept) {
      if (PacketsWhenJudged(kept) == 0) return;
      of_isps += PacketsWhenJudged(kept);
      in_time.insert(isp);
    }));
  }
  if (of_isps != of_all) in_time.clear();
  return read;
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
