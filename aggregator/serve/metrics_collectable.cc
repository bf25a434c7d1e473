// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/metrics_collectable.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <limits>
#include <map>
#include <span>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "aggregator/figures/gap_sum.h"
#include "aggregator/serve/figure_samples.h"
#include "aggregator/serve/point_samples.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/identity.h"
#include "proto/contract/metric_catalog.h"
#include "proto/contract/version.h"
#include "proto/contract/window.h"
#include "proto/exposition/metric_families.h"

namespace kansoku::aggregator {
namespace {

void AddProcessSamples(const LiveStatus& live, MetricFamilies& families) {
  families.Add(metrics::kBuildInfo, {"kansoku-aggregator", std::string(SoftwareVersion())}, 1);
  families.Add(metrics::kStoreWritable, {}, live.store_is_writable);
  families.Add(metrics::kStoreCommits, {}, live.commits);
  families.Add(metrics::kStoreCommitErrors, {}, live.commit_errors);
  families.Add(metrics::kStoreExpireErrors, {}, live.expire_errors);
  families.Add(metrics::kRefusedHellos, {}, live.refused_hellos);
  families.Add(metrics::kDeniedQueries, {}, live.denied_queries);
  families.Add(metrics::kFailedHandshakes, {}, live.failed_handshakes);
  for (const auto& [limit, count] : live.exceeded_limits)
    families.Add(metrics::kLimitsExceeded, {limit}, count);
  families.Add(metrics::kStatisticsErrors, {}, live.keeper_errors);
  if (live.register_is_taken.has_value()) {
    families.Add(metrics::kStatisticsRegisterReloadSuccessful, {}, *live.register_is_taken);
  }
}

void AddOwnUse(const OwnUse& use, MetricFamilies& families) {
  families.AddReal(metrics::kProcessCpuSeconds, {},
                   static_cast<double>(use.process.cpu_milliseconds()) / 1e3);
  families.Add(metrics::kProcessResidentBytes, {}, use.process.resident_bytes());
  families.AddReal(metrics::kProcessStart, {}, static_cast<double>(use.process.started_unix_seconds()));
  families.Add(metrics::kStoreBytes, {}, use.store.bytes);
  if (use.store.free_bytes.has_value()) families.Add(metrics::kStoreFreeDiskBytes, {}, *use.store.free_bytes);
  for (const auto& [of, expiry] : use.certificate_expiries) {
    families.AddReal(metrics::kCertificateExpiry, {of}, static_cast<double>(absl::ToUnixSeconds(expiry)));
  }
  families.AddHistogram(metrics::kAcknowledgement, {}, use.acknowledgement_seconds);
}

void AddQuarantineSamples(const CollectorRecord& record, MetricFamilies& families) {
  std::map<v1::QuarantineReason, uint64_t> reports;
  for (int reason = v1::QuarantineReason_MIN + 1; reason <= v1::QuarantineReason_MAX; ++reason) {
    reports[static_cast<v1::QuarantineReason>(reason)] = 0;
  }
  uint64_t held = 0, admitted = 0, discarded = 0, dropped = 0;
  for (const v1::QuarantineCount& count : record.quarantined) {
    reports[count.reason()] = count.reports();
    held += count.held();
    admitted += count.admitted();
    discarded += count.discarded();
    dropped += count.dropped();
  }
  for (const auto& [reason, count] : reports) {
    families.Add(metrics::kQuarantinedReports, {record.isp, record.collector, EnumLabel(reason)}, count);
  }
  families.Add(metrics::kQuarantine, {record.isp, record.collector, "held"}, held);
  families.Add(metrics::kQuarantine, {record.isp, record.collector, "admitted"}, admitted);
  families.Add(metrics::kQuarantine, {record.isp, record.collector, "discarded"}, discarded);
  families.Add(metrics::kQuarantine, {record.isp, record.collector, "dropped"}, dropped);
}

void AddConfigurationSamples(const CollectorRecord& record, MetricFamilies& families) {
  const v1::ConfigurationState& state = record.delivery.configuration();
  const std::string& isp = record.isp;
  const std::string& name = record.collector;
  families.Add(metrics::kCollectorConfigReloads, {isp, name, "taken"}, state.taken());
  families.Add(metrics::kCollectorConfigReloads, {isp, name, "refused"}, state.refused());
  families.Add(metrics::kCollectorConfigReloadSuccessful, {isp, name}, !state.is_refused());
  families.Add(metrics::kCollectorConfigAwaitingRestart, {isp, name}, state.awaiting_restart());
}

void AddCollectorSamples(const CollectorRecord& record, const LiveStatus& live, MetricFamilies& families) {
  const std::string& isp = record.isp;
  const std::string& name = record.collector;
  const v1::Delivery& delivery = record.delivery;
  families.Add(metrics::kCollectorConnected, {isp, name}, live.connected_collectors.contains(name));
  families.AddReal(metrics::kCollectorLastHeard, {isp, name},
                   std::max(0.0, absl::ToDoubleSeconds(record.last_heard - absl::UnixEpoch())));
  families.Add(metrics::kCollectorReports, {isp, name, "closed"}, delivery.reports_closed());
  families.Add(metrics::kCollectorReports, {isp, name, "acknowledged"}, delivery.reports_acknowledged());
  families.Add(metrics::kCollectorReports, {isp, name, "spooled"}, delivery.reports_spooled());
  families.Add(metrics::kCollectorReports, {isp, name, "evicted"}, delivery.reports_evicted());
  families.Add(metrics::kDuplicateReports, {isp, name}, record.duplicate_reports);
  families.Add(metrics::kMissingReports, {isp, name}, record.missing_reports);
  if (const auto offset = live.clock_offsets.find(name); offset != live.clock_offsets.end()) {
    families.AddReal(metrics::kCollectorClockOffset, {isp, name}, absl::ToDoubleSeconds(offset->second));
  }
  if (const auto expiry = live.certificate_expiries.find(name); expiry != live.certificate_expiries.end()) {
    families.AddReal(metrics::kCollectorCertificateExpiry, {isp, name},
                     absl::ToDoubleSeconds(expiry->second - absl::UnixEpoch()));
  }
  if (delivery.has_process() && live.connected_collectors.contains(name)) {
    families.AddReal(metrics::kCollectorCpuSeconds, {isp, name},
                     static_cast<double>(delivery.process().cpu_milliseconds()) / 1e3);
    families.Add(metrics::kCollectorResidentBytes, {isp, name}, delivery.process().resident_bytes());
  }
  const auto refused = live.refused_reports.find(name);
  families.Add(metrics::kRefusedReports, {isp, name},
               refused == live.refused_reports.end() ? 0 : refused->second);
  const Identity delivered = DeliveryIdentity(delivery.reports_closed(), delivery.reports_acknowledged(),
                                              delivery.reports_spooled(), delivery.reports_evicted());
  families.Add(metrics::kIdentityHolds, {name, std::string(delivered.name)}, delivered.holds());
  AddConfigurationSamples(record, families);
  AddQuarantineSamples(record, families);
}

std::string ReasonOf(const v1::GapCount& gap) {
  return gap.quarantined_because() == v1::QUARANTINE_REASON_UNSPECIFIED
             ? EnumLabel(gap.evicted_because())
             : absl::StrCat("quarantined_", EnumLabel(gap.quarantined_because()));
}

absl::Status AddGapSamples(const Store& store, std::span<const PointTotals> points,
                           MetricFamilies& families) {
  std::map<std::string, GapSum, std::less<>> gaps_of;
  const absl::Status scanned = store.ScanGaps(0, std::numeric_limits<int64_t>::max(), [&](const Gap& gap) {
    gaps_of[std::string(gap.point)].Add(gap.count);
  });
  if (!scanned.ok()) return scanned;
  for (const PointTotals& totals : points) {
    for (const v1::GapCount& gap : gaps_of[totals.point.point].counts()) {
      families.Add(metrics::kPointGapWindows, {totals.point.isp, totals.point.point, ReasonOf(gap)},
                   gap.windows());
    }
  }
  return absl::OkStatus();
}

// Quality flags and monitored addresses in the last window of each point. What is forgotten already has no
// sample.
absl::Status AddLastWindows(const Store& store, std::span<const PointTotals> points,
                            MetricFamilies& families) {
  // Most points end their windows together, so there is little to read more than once.
  std::map<int64_t, std::map<std::string, const PointRecord*, std::less<>>> points_by_start;
  for (const PointTotals& totals : points) {
    if (totals.point.windows == 0) continue;
    points_by_start[totals.point.last_window_start_unix_seconds][totals.point.point] = &totals.point;
  }
  struct Watch {
    int64_t newest_start = 0;
    std::map<int64_t, double> addresses;  // by the start of the points' last windows
  };
  std::map<std::string, Watch> watches;
  for (const auto& [start, wanted] : points_by_start) {
    std::vector<std::string> names;
    for (const auto& [name, point] : wanted) names.push_back(name);
    const absl::Status scanned =
        store.Scan(Tier::kWindow, start, start + 1, names, [&](const Bucket& bucket) {
          const auto point = wanted.find(bucket.point);
          if (point == wanted.end()) return;
          AddQualitySamples(*point->second, bucket.measurement, families);
          for (const v1::DarknetTally& tally : bucket.measurement.darknet()) {
            if (tally.address_seconds() == 0) continue;
            Watch& watch = watches[tally.sensor()];
            watch.newest_start = std::max(watch.newest_start, start);
            watch.addresses[start] += static_cast<double>(tally.address_seconds()) / bucket.seconds;
          }
        });
    if (!scanned.ok()) return scanned;
  }
  for (const auto& [sensor, watch] : watches) {
    // A point that fell silent may have handed the sensor on to another. Five minutes: the longest window, so
    // that of points that report one after the other none is missing.
    double count = 0;
    for (const auto& [start, addresses] : watch.addresses) {
      if (start + kFiveMinuteSeconds >= watch.newest_start) count += addresses;
    }
    families.AddReal(metrics::kDarknetObservedAddresses, {sensor}, count);
  }
  return absl::OkStatus();
}

int64_t NewestWindow(std::span<const PointTotals> points) {
  int64_t newest = 0;
  for (const PointTotals& totals : points) {
    newest = std::max(newest, totals.point.last_window_start_unix_seconds);
  }
  return newest;
}

// Of each series of which there is one, in every state: what begins at 1 would not be seen to have grown.
absl::Status AddVintageSamples(const Store& store, MetricFamilies& families) {
  const absl::StatusOr<std::vector<v1::Vintage>> vintages = store.Vintages({});
  if (!vintages.ok()) return vintages.status();
  std::map<std::pair<v1::Series, v1::VintageState>, uint64_t> counts;
  for (const v1::Vintage& vintage : *vintages) {
    for (int state = 1; state < v1::VintageState_ARRAYSIZE; ++state)
      counts[{vintage.series(), static_cast<v1::VintageState>(state)}] += state == vintage.state() ? 1 : 0;
  }
  for (const auto& [of, count] : counts) {
    families.Add(metrics::kVintages, {EnumLabel(of.first), EnumLabel(of.second)}, count);
  }
  return absl::OkStatus();
}

}  // namespace

LiveStatus MetricsCollectable::Live() const {
  LiveStatus live = live_();
  live.keeper_errors += telescope_.errors();
  return live;
}

absl::StatusOr<std::vector<prometheus::MetricFamily>> MetricsCollectable::Read() const {
  const auto points = store_.ReadTotals(/*with_hours=*/false);
  if (!points.ok()) return points.status();
  const auto collectors = store_.Collectors();
  if (!collectors.ok()) return collectors.status();
  const LiveStatus live = Live();

  MetricFamilies families(AggregatorMetrics());
  AddProcessSamples(live, families);
  if (own_use_) AddOwnUse(own_use_(), families);
  for (const PointTotals& totals : *points) AddPointSamples(totals, families);
  AddDarknetSamples(*points, families);
  if (absl::Status last = AddLastWindows(store_, *points, families); !last.ok()) return last;
  if (absl::Status gaps = AddGapSamples(store_, *points, families); !gaps.ok()) return gaps;
  if (absl::Status figures = AddFigureSamples(store_, families); !figures.ok()) return figures;
  if (absl::Status day = telescope_.AddTo(NewestWindow(*points), families); !day.ok()) return day;
  for (const CollectorRecord& record : *collectors) AddCollectorSamples(record, live, families);
  if (absl::Status vintages = AddVintageSamples(store_, families); !vintages.ok()) return vintages;
  return std::move(families).Take();
}

std::vector<prometheus::MetricFamily> MetricsCollectable::Collect() const {
  if (auto families = Read(); families.ok()) return *std::move(families);
  MetricFamilies families(AggregatorMetrics());
  AddProcessSamples(Live(), families);
  if (own_use_) AddOwnUse(own_use_(), families);
  return std::move(families).Take();
}

absl::StatusOr<std::string> MetricsCollectable::Text() const {
  const auto families = Read();
  if (!families.ok()) return families.status();
  return prometheus::TextSerializer().Serialize(*families);
}

}  // namespace kansoku::aggregator
