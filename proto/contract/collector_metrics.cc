// SPDX-License-Identifier: Apache-2.0
//
// The rows of the catalogue that a collector exports itself. What an aggregator says of it has other names,
// since both may be scraped.
#include <array>

#include "proto/contract/metric_catalog.h"

namespace kansoku {
namespace metrics {

const Metric kEdgeWindows{"kansoku_edge_windows_total",
                          MetricType::kCounter,
                          "windows",
                          "point",
                          "Windows that were closed since the start of the process.",
                          "WindowReport"};
const Metric kEdgeCapturedPackets{"kansoku_edge_captured_packets_total",
                                  MetricType::kCounter,
                                  "packets",
                                  "point",
                                  "Packets handed to the decoder, in closed windows.",
                                  "Ledger.captured_packets"};
const Metric kEdgeDroppedPackets{
    "kansoku_edge_dropped_packets_total",
    MetricType::kCounter,
    "packets",
    "point,by",
    "Packets lost before the decoder, by the kernel or the interface, in closed windows.",
    "Ledger"};
const Metric kEdgeRingFreezes{"kansoku_edge_ring_freezes_total",
                              MetricType::kCounter,
                              "freezes",
                              "point",
                              "Times that the kernel found the capture's ring full and stopped for a while.",
                              "Ledger.ring_freezes"};
const Metric kEdgeFindingSeverity{"kansoku_edge_finding_severity",
                                  MetricType::kGauge,
                                  "1",
                                  "interface,check",
                                  "What a check of `kansoku-collector doctor` finds now: 0 nothing, 1 a "
                                  "note, 2 it distorts, 3 nothing can be "
                                  "measured. Of the whole machine where interface is empty.",
                                  "collector/doctor"};
const Metric kEdgeConnected{
    "kansoku_edge_connected", MetricType::kGauge, "1", "", "1 while the stream to the aggregator is open.",
    "Ingest.Report"};
const Metric kEdgeReports{"kansoku_edge_reports_total",
                          MetricType::kCounter,
                          "reports",
                          "state",
                          "Reports of this spool that were closed, acknowledged, and evicted.",
                          "Delivery"};
const Metric kEdgeSpoolReports{"kansoku_edge_spool_reports",      MetricType::kGauge,        "reports", "",
                               "Reports that wait in the spool.", "Delivery.reports_spooled"};
const Metric kEdgeSpoolBytes{"kansoku_edge_spool_bytes",
                             MetricType::kGauge,
                             "bytes",
                             "",
                             "Size of the spool's file and of the log beside it.",
                             "stat(2)"};
const Metric kEdgeSpoolFreeDiskBytes{"kansoku_edge_spool_free_disk_bytes",
                                     MetricType::kGauge,
                                     "bytes",
                                     "",
                                     "What is left for the spool on its file system.",
                                     "statvfs(3)"};
const Metric kEdgeCaughtUp{"kansoku_edge_caught_up_timestamp_seconds",
                           MetricType::kGauge,
                           "seconds",
                           "",
                           "When the spool was empty last, everything being acknowledged, in seconds of the "
                           "Unix epoch: what waits is no "
                           "older. Absent until it was.",
                           "collector/export/exporter.h"};
const Metric kEdgeSurveyListInForce{"kansoku_edge_survey_list_in_force",
                                    MetricType::kGauge,
                                    "1",
                                    "list,version",
                                    "1 while the survey list holds; 0 before and after.",
                                    "SurveyListConfig"};

}  // namespace metrics

std::span<const Metric* const> CollectorMetrics() {
  using namespace metrics;
  static constexpr std::array kAll = {
      &kBuildInfo,           &kProcessCpuSeconds,     &kProcessResidentBytes,
      &kProcessStart,        &kCertificateExpiry,     &kEdgeWindows,
      &kEdgeCapturedPackets, &kEdgeDroppedPackets,    &kEdgeRingFreezes,
      &kEdgeFindingSeverity, &kEdgeConnected,         &kEdgeReports,
      &kEdgeSpoolReports,    &kEdgeSpoolBytes,        &kEdgeSpoolFreeDiskBytes,
      &kEdgeCaughtUp,        &kEdgeSurveyListInForce,
  };
  return kAll;
}

}  // namespace kansoku
