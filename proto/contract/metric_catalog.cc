// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/metric_catalog.h"

#include <array>

#include "absl/strings/str_cat.h"

namespace kansoku {
namespace metrics {

constexpr std::string_view kTrafficLabels = "isp,point,group,access,direction,family";

const Metric kBuildInfo{
    "kansoku_build_info", MetricType::kGauge, "1", "program,version", "Always 1; the labels say what runs.",
    "CMakeLists.txt"};
const Metric kTrafficIpBytes{"kansoku_traffic_ip_bytes_total",
                             MetricType::kCounter,
                             "bytes",
                             kTrafficLabels,
                             "Octets of IP packets, headers included, in committed windows.",
                             "Cell.ip_octets; METRICS 3.1, basis l3"};
const Metric kTrafficWireBytes{"kansoku_traffic_wire_bytes_total",
                               MetricType::kCounter,
                               "bytes",
                               kTrafficLabels,
                               "Octets of frames without preamble and check sequence, in committed windows.",
                               "Cell.wire_octets; METRICS 3.1, basis l2"};
const Metric kTrafficPackets{"kansoku_traffic_packets_total", MetricType::kCounter, "packets", kTrafficLabels,
                             "Packets in committed windows.", "Cell.packets"};
const Metric kTrafficFlows{"kansoku_traffic_new_flows_total",
                           MetricType::kCounter,
                           "flows",
                           kTrafficLabels,
                           "Bidirectional flows, each counted once, when it was first seen.",
                           "Cell.new_flows"};
const Metric kDarknetPackets{"kansoku_darknet_packets_total",
                             MetricType::kCounter,
                             "packets",
                             "sensor,class,family",
                             "Packets that reached monitored dark addresses.",
                             "DarknetCell.packets; METRICS 5.2"};
const Metric kDarknetAddressSeconds{
    "kansoku_darknet_address_seconds_total",
    MetricType::kCounter,
    "seconds",
    "sensor",
    "Monitored IPv4 addresses x seconds they were monitored; packets divided by this are packets per address "
    "and second.",
    "DarknetTally.address_seconds; METRICS 5.4"};
const Metric kDarknetObservedAddresses{"kansoku_darknet_observed_addresses",
                                       MetricType::kGauge,
                                       "addresses",
                                       "sensor",
                                       "IPv4 addresses monitored in the sensor's last window.",
                                       "DarknetTally.address_seconds / window length; METRICS 5.3"};
const Metric kPointLastWindow{"kansoku_point_last_window_timestamp_seconds",
                              MetricType::kGauge,
                              "seconds",
                              "isp,point,collector",
                              "End of the point's latest committed window, in seconds of the Unix epoch.",
                              "WindowReport"};
const Metric kPointWindows{"kansoku_point_windows_total", MetricType::kCounter, "windows",
                           "isp,point,collector",         "Committed windows.", "Measurement.windows"};
const Metric kPointEvictedWindows{"kansoku_point_evicted_windows_total",
                                  MetricType::kCounter,
                                  "windows",
                                  "isp,point,collector",
                                  "Windows that the collector had to give up before they were delivered.",
                                  "Tombstone"};
const Metric kReceivedPackets{"kansoku_ledger_received_packets_total",
                              MetricType::kCounter,
                              "packets",
                              "isp,point",
                              "Packets that the capture source counted, lost ones included.",
                              "Ledger.received_packets; live: pcap_stats ps_recv + ps_ifdrop"};
const Metric kCapturedPackets{
    "kansoku_ledger_captured_packets_total", MetricType::kCounter,     "packets", "isp,point",
    "Packets handed to the decoder.",        "Ledger.captured_packets"};
const Metric kDroppedPackets{"kansoku_ledger_dropped_packets_total",
                             MetricType::kCounter,
                             "packets",
                             "isp,point,by",
                             "Packets lost before the decoder, by the kernel or the interface.",
                             "Ledger; pcap_stats ps_drop and ps_ifdrop"};
const Metric kRefusedPackets{"kansoku_ledger_refused_packets_total",
                             MetricType::kCounter,
                             "packets",
                             "isp,point,reason",
                             "Captured packets that are in no cell, by reason.",
                             "Ledger.refused"};
const Metric kRemarkedPackets{"kansoku_ledger_remarked_packets_total",
                              MetricType::kCounter,
                              "packets",
                              "isp,point,remark",
                              "Counted packets of which something could not be read or placed.",
                              "Ledger.remarked"};
const Metric kFlowsEvicted{"kansoku_ledger_evicted_flows_total",
                           MetricType::kCounter,
                           "flows",
                           "isp,point",
                           "Flows that a full table forgot before they ended.",
                           "Ledger.flows_evicted"};
const Metric kIdentityHolds{"kansoku_identity_holds",
                            MetricType::kGauge,
                            "1",
                            "subject,identity",
                            "1 while an accounting identity holds for a point or collector, 0 when violated.",
                            "proto/contract/identity.h"};
const Metric kCollectorConnected{"kansoku_collector_connected",
                                 MetricType::kGauge,
                                 "1",
                                 "isp,collector",
                                 "1 while the collector's stream is open.",
                                 "Ingest.Report"};
const Metric kCollectorLastHeard{"kansoku_collector_last_heard_timestamp_seconds",
                                 MetricType::kGauge,
                                 "seconds",
                                 "isp,collector",
                                 "When the collector last sent anything, in seconds of the Unix epoch.",
                                 "Ingest.Report"};
const Metric kCollectorReports{"kansoku_collector_reports",
                               MetricType::kGauge,
                               "reports",
                               "isp,collector,state",
                               "The collector's own account of its current epoch.",
                               "Delivery"};
const Metric kDuplicateReports{
    "kansoku_ingest_duplicate_reports_total",        MetricType::kCounter,      "reports", "isp,collector",
    "Reports that arrived again; each counts once.", "SequencedReport.sequence"};
const Metric kMissingReports{"kansoku_ingest_missing_reports_total",
                             MetricType::kCounter,
                             "reports",
                             "isp,collector",
                             "Reports that the collector no longer had when this store first heard of it.",
                             "Hello.first_sequence"};
const Metric kRefusedReports{"kansoku_ingest_refused_reports_total",
                             MetricType::kCounter,
                             "reports",
                             "isp,collector",
                             "Reports refused because they state something impossible.",
                             "aggregator/ingest/report_validation.h"};
const Metric kStoreCommits{"kansoku_store_commits_total",
                           MetricType::kCounter,
                           "commits",
                           "",
                           "Transactions committed since the start of the process.",
                           "aggregator/store"};
const Metric kStoreCommitErrors{"kansoku_store_commit_errors_total",
                                MetricType::kCounter,
                                "commits",
                                "",
                                "Transactions that failed since the start of the process; nothing was lost.",
                                "aggregator/store"};

}  // namespace metrics

std::span<const Metric* const> AllMetrics() {
  using namespace metrics;
  static constexpr std::array kAll = {
      &kBuildInfo,        &kTrafficIpBytes,    &kTrafficWireBytes,      &kTrafficPackets,
      &kTrafficFlows,     &kDarknetPackets,    &kDarknetAddressSeconds, &kDarknetObservedAddresses,
      &kPointLastWindow,  &kPointWindows,      &kPointEvictedWindows,   &kReceivedPackets,
      &kCapturedPackets,  &kDroppedPackets,    &kRefusedPackets,        &kRemarkedPackets,
      &kFlowsEvicted,     &kIdentityHolds,     &kCollectorConnected,    &kCollectorLastHeard,
      &kCollectorReports, &kDuplicateReports,  &kMissingReports,        &kRefusedReports,
      &kStoreCommits,     &kStoreCommitErrors,
  };
  return kAll;
}

std::string MetricReferenceMarkdown() {
  std::string page =
      "# Metrics\n\n"
      "Printed from `proto/contract/metric_catalog.cc` by the target `kansoku_docs`; do not edit.\n\n"
      "| name | type | unit | labels | meaning | source |\n| --- | --- | --- | --- | --- | --- |\n";
  for (const Metric* metric : AllMetrics()) {
    absl::StrAppend(&page, "| `", metric->name.data(), "` | ",
                    metric->type == MetricType::kCounter ? "counter" : "gauge", " | ", metric->unit.data(),
                    " | ", metric->labels.data(), " | ", metric->help.data(), " | ", metric->source.data(),
                    " |\n");
  }
  return page;
}

}  // namespace kansoku
