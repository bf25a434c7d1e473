// SPDX-License-Identifier: Apache-2.0
#include "collector/own_metrics.h"

#include <prometheus/text_serializer.h>

#include "proto/contract/metric_catalog.h"
#include "proto/contract/version.h"
#include "proto/exposition/metric_families.h"

namespace kansoku::collector {
namespace {

void AddProcess(const OwnState& state, MetricFamilies& families) {
  families.Add(metrics::kBuildInfo, {"kansoku-collector", std::string(SoftwareVersion())}, 1);
  families.AddReal(metrics::kProcessCpuSeconds, {},
                   static_cast<double>(state.process.cpu_milliseconds()) / 1e3);
  families.Add(metrics::kProcessResidentBytes, {}, state.process.resident_bytes());
  families.AddReal(metrics::kProcessStart, {}, static_cast<double>(state.process.started_unix_seconds()));
  for (const auto& [of, expiry] : state.certificate_expiries)
    families.AddReal(metrics::kCertificateExpiry, {of}, static_cast<double>(absl::ToUnixSeconds(expiry)));
}

void AddLinks(const OwnState& state, MetricFamilies& families) {
  for (const auto& [point, total] : state.links) {
    families.Add(metrics::kEdgeWindows, {point}, total.windows);
    families.Add(metrics::kEdgeCapturedPackets, {point}, total.captured_packets);
    families.Add(metrics::kEdgeDroppedPackets, {point, "kernel"}, total.kernel_dropped_packets);
    families.Add(metrics::kEdgeDroppedPackets, {point, "interface"}, total.interface_dropped_packets);
    families.Add(metrics::kEdgeRingFreezes, {point}, total.ring_freezes);
  }
  for (const Finding& finding : state.findings) {
    families.Add(metrics::kEdgeFindingSeverity, {finding.interface, finding.check},
                 static_cast<uint64_t>(finding.verdict));
  }
}

void AddDelivery(const OwnState& state, MetricFamilies& families) {
  const v1::Delivery& delivery = state.exported.delivery;
  families.Add(metrics::kEdgeConnected, {}, state.exported.connected);
  families.Add(metrics::kEdgeReports, {"closed"}, delivery.reports_closed());
  families.Add(metrics::kEdgeReports, {"acknowledged"}, delivery.reports_acknowledged());
  families.Add(metrics::kEdgeReports, {"evicted"}, delivery.reports_evicted());
  families.Add(metrics::kEdgeSpoolReports, {}, delivery.reports_spooled());
  families.Add(metrics::kEdgeSpoolBytes, {}, state.spool.bytes);
  if (state.spool.free_bytes.has_value())
    families.Add(metrics::kEdgeSpoolFreeDiskBytes, {}, *state.spool.free_bytes);
  if (state.exported.caught_up_at.has_value()) {
    families.AddReal(metrics::kEdgeCaughtUp, {},
                     static_cast<double>(absl::ToUnixSeconds(*state.exported.caught_up_at)));
  }
}

}  // namespace

std::string OwnMetricsText(const OwnState& state) {
  MetricFamilies families(CollectorMetrics());
  AddProcess(state, families);
  AddLinks(state, families);
  AddDelivery(state, families);
  for (const OwnState::SurveyList& list : state.survey_lists)
    families.Add(metrics::kEdgeSurveyListInForce, {list.name, list.version}, list.is_in_force);
  return prometheus::TextSerializer().Serialize(std::move(families).Take());
}

}  // namespace kansoku::collector
