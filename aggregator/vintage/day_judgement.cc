// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/day_judgement.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/day_sources.h"
#include "aggregator/figures/telescope_day.h"
#include "proto/contract/darknet_ways.h"
#include "proto/contract/day.h"
#include "proto/contract/source_sketch.h"

namespace kansoku::aggregator {
namespace {

// METRICS 5.7.
constexpr int kSurveyPacketsPerAddress = 1;
constexpr uint32_t kSurveyPorts = 30;

std::set<SourceWay> WaysOf(std::span<const PointSum> points) {
  std::set<SourceWay> ways;
  for (const PointSum& point : points) AddSourceWays(point.measurement, ways);
  return ways;
}

// Those that do tell sources apart.
std::set<SourceWay> Telling(std::set<SourceWay> ways) {
  ways.erase(SourceWay(0, 0));
  return ways;
}

absl::Status CheckOneWay(const std::set<SourceWay>& telling) {
  if (telling.size() <= 1) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("sources were told apart in ", telling.size(),
                   " ways, by key and rules; give all collectors the same key and run the same version"));
}

// Of one day and of these points.
absl::Status Gather(const StoreReader& store, std::span<const PointSum> points, const v1::TelescopeDay& day,
                    DaySources& sources) {
  const absl::StatusOr<absl::CivilDay> civil = ParseDay(day.day());
  if (!civil.ok()) return civil.status();
  std::vector<std::string> names;
  for (const PointSum& point : points) {
    if (!point.sensors.empty()) names.push_back(point.point.point);
  }
  if (names.empty()) return absl::OkStatus();  // to the store, no names would mean all
  absl::Status same;
  const absl::Status scanned = store.ScanDarknetSources(
      DayStartUnixSeconds(*civil), DayStartUnixSeconds(*civil + 1), names,
      [&](const v1::WindowReport& report) {
        for (const v1::DarknetSources& of_sensor : report.darknet_sources()) {
          if (same.ok())
            same = sources.Add(report.window_start_unix_seconds(), report.window_seconds(), of_sensor);
        }
      });
  return scanned.ok() ? same : scanned;
}

absl::Status Judge(const StoreReader& store, std::span<const PointSum> points, v1::TelescopeDay& day) {
  DaySources sources(kMostSources);
  absl::Status gathered = Gather(store, points, day, sources);
  if (!gathered.ok() && !absl::IsFailedPrecondition(gathered)) return gathered;
  if (gathered.ok()) gathered = CheckOneWay(Telling(WaysOf(points)));
  if (!gathered.ok()) {
    day.set_sources_withheld_because(std::string(gathered.message()));
  } else if (!sources.empty()) {
    const SurveyThresholds thresholds = ThresholdsFor(points, kSurveyPacketsPerAddress, kSurveyPorts);
    sources.Judge(thresholds, *day.mutable_sources(), *day.mutable_ports());
    day.mutable_sources()->set_judged_in_revision(day.revision());
  }
  return absl::OkStatus();
}

void TakeOver(const v1::TelescopeDay& before, v1::TelescopeDay& day) {
  day.set_sources_withheld_because(before.sources_withheld_because());
  if (!before.has_sources()) return;
  *day.mutable_sources() = before.sources();
  day.mutable_sources()->clear_sketches();
  std::map<std::pair<uint32_t, uint32_t>, const v1::PortDay*> judged;
  for (const v1::PortDay& port : before.ports()) judged[{port.protocol(), port.port()}] = &port;
  for (v1::PortDay& port : *day.mutable_ports()) {
    const auto found = judged.find({port.protocol(), port.port()});
    if (found == judged.end()) continue;
    port.set_survey_packets(found->second->survey_packets());
    port.set_listed_packets(found->second->listed_packets());
    port.set_probe_hosts(found->second->probe_hosts());
    port.set_survey_hosts(found->second->survey_hosts());
  }
}

void Unjudge(v1::TelescopeDay& day) {
  day.clear_sources();
  for (v1::PortDay& port : *day.mutable_ports()) {
    port.clear_survey_packets();
    port.clear_listed_packets();
    port.clear_probe_hosts();
    port.clear_survey_hosts();
  }
}

// Where nobody could be judged any more, hosts can be counted all the same.
void TellTheWay(std::span<const PointSum> points, v1::TelescopeDay& day) {
  const std::set<SourceWay> telling = Telling(WaysOf(points));
  if (telling.empty()) return;
  if (const absl::Status one = CheckOneWay(telling); !one.ok()) {
    day.set_sources_withheld_because(std::string(one.message()));
    return;
  }
  day.mutable_sources()->set_source_key(telling.begin()->first);
  day.mutable_sources()->set_rules(telling.begin()->second);
}

void FillSketches(std::span<const PointSum> points, v1::SourcesDay& sources) {
  if (WaysOf(points) != std::set<SourceWay>{SourceWay(sources.source_key(), sources.rules())}) return;
  std::map<std::tuple<v1::DarknetClass, v1::Family, uint32_t>, v1::SourceSketch> sketches;
  for (const PointSum& point : points) {
    for (const v1::DarknetTally& tally : point.measurement.darknet()) {
      for (const v1::SourceSketch& from : tally.sketches()) {
        const auto [entry, is_new] =
            sketches.try_emplace({from.darknet_class(), from.family(), from.protocol()}, from);
        if (!is_new) Merge(from, entry->second);
      }
    }
  }
  for (auto& [key, sketch] : sketches) *sources.add_sketches() = std::move(sketch);
}

}  // namespace

absl::Status FillSources(const StoreReader& store, std::span<const PointSum> points,
                         const v1::TelescopeDay& before, v1::TelescopeDay& day) {
  if (before.revision() > 0) {
    TakeOver(before, day);
  } else if (absl::Status judged = Judge(store, points, day); !judged.ok()) {
    return judged;
  }
  if (!day.has_sources() && day.sources_withheld_because().empty()) TellTheWay(points, day);
  if (!day.has_sources()) return absl::OkStatus();
  v1::SourcesDay& sources = *day.mutable_sources();
  FillSketches(points, sources);
  const uint64_t packets = PacketsOf(day), told = sources.judged_packets() + sources.unjudged_packets();
  if (told > packets) {
    Unjudge(day);
    day.set_sources_withheld_because(absl::StrCat(
        "its sources are said to have sent ", told, " packets, and ", packets,
        " were counted: a collector reports what it did not count, or the store lost some of its rows"));
    return absl::OkStatus();
  }
  sources.set_untold_packets(packets - told);
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
