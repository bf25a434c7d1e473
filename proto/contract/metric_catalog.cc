// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/metric_catalog.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

namespace kansoku {
namespace metrics {

constexpr std::string_view kTrafficLabels = "isp,point,group,access,direction,family";
constexpr std::string_view kTcpLabels = "isp,point,access,direction";

const Metric kTrafficIpBytes{
    "kansoku_traffic_ip_bytes_total",
    MetricType::kCounter,
    "bytes",
    kTrafficLabels,
    "Octets of IP packets, headers included, in committed windows; estimated where packets "
    "were sampled.",
    "Cell.ip_octets, Cell.estimate; METRICS 3.1, basis l3"};
const Metric kTrafficWireBytes{
    "kansoku_traffic_wire_bytes_total",
    MetricType::kCounter,
    "bytes",
    kTrafficLabels,
    "Octets of frames without preamble and check sequence, in committed windows; estimated "
    "where packets were sampled.",
    "Cell.wire_octets, Cell.estimate; METRICS 3.1, basis l2"};
const Metric kTrafficPackets{
    "kansoku_traffic_packets_total",
    MetricType::kCounter,
    "packets",
    kTrafficLabels,
    "Packets of the wire in committed windows; estimated where packets were sampled.",
    "Cell.packets, Cell.estimate"};
const Metric kTrafficFlows{
    "kansoku_traffic_new_flows_total",
    MetricType::kCounter,
    "flows",
    kTrafficLabels,
    "Bidirectional flows, each counted once, when it was first seen; of sampled packets those of the sample.",
    "Cell.new_flows"};
const Metric kCarrierIpBytes{
    "kansoku_carrier_ip_bytes_total",
    MetricType::kCounter,
    "bytes",
    "isp,point,carrier",
    "Octets of IP packets by what carried them: the tunnel directly around the counted IP header, "
    "or how it crossed the link; estimated where packets were sampled.",
    "Cell.ip_octets, Cell.estimate"};
const Metric kOuterIpBytes{"kansoku_outer_ip_bytes_total",
                           MetricType::kCounter,
                           "bytes",
                           "isp,point",
                           "Octets of the outermost IP packets of those that were looked at.",
                           "Cell.outer_ip_octets"};
const Metric kInnerIpBytes{"kansoku_inner_ip_bytes_total",
                           MetricType::kCounter,
                           "bytes",
                           "isp,point",
                           "Octets of the innermost IP packets of those that were looked at.",
                           "Cell.inner_ip_octets"};
const Metric kObservedIpBytes{"kansoku_observed_ip_bytes_total",
                              MetricType::kCounter,
                              "bytes",
                              "isp,point",
                              "Octets of IP packets that were looked at, before a sample is scaled up.",
                              "Cell.ip_octets"};
const Metric kObservedPackets{"kansoku_observed_packets_total",
                              MetricType::kCounter,
                              "packets",
                              "isp,point",
                              "Packets that were looked at, before a sample is scaled up.",
                              "Cell.packets"};
const Metric kStandardErrorBytes{
    "kansoku_traffic_ip_standard_error_bytes",
    MetricType::kGauge,
    "bytes",
    "isp,point",
    "Standard error of the sum of kansoku_traffic_ip_bytes_total over the point; 0 while every "
    "packet is looked at.",
    "SampledEstimate.ip_octets_variance"};
const Metric kTcpSegments{"kansoku_tcp_segments_total",
                          MetricType::kCounter,
                          "segments",
                          kTcpLabels,
                          "TCP segments with payload whose sequence numbers were followed.",
                          "FlowStatistics.tcp_segments"};
const Metric kTcpRetransmittedSegments{
    "kansoku_tcp_retransmitted_segments_total",
    MetricType::kCounter,
    "segments",
    kTcpLabels,
    "TCP segments with nothing beyond what was seen before: retransmitted, or reordered.",
    "FlowStatistics.tcp_retransmitted_segments"};
const Metric kTcpResetFlows{"kansoku_tcp_reset_flows_total",
                            MetricType::kCounter,
                            "flows",
                            kTcpLabels,
                            "TCP flows at their first reset.",
                            "FlowStatistics.tcp_reset_flows"};
const Metric kTcpHandshake{
    "kansoku_tcp_handshake_seconds",
    MetricType::kHistogram,
    "seconds",
    kTcpLabels,
    "Time from a SYN to the ACK that completes the handshake. Edges are powers of two of microseconds "
    "and counts below them exact; the sum is within 6.25 %.",
    "FlowStatistics.handshake_microseconds"};
const Metric kTcpFlowsEnded{"kansoku_tcp_ended_flows_total", MetricType::kCounter,    "flows", "isp,point",
                            "TCP flows that ended.",         "Ledger.tcp_flows_ended"};
const Metric kTcpFlowsOneSided{"kansoku_tcp_one_sided_flows_total",
                               MetricType::kCounter,
                               "flows",
                               "isp,point",
                               "TCP flows that ended with packets of one direction only.",
                               "Ledger.tcp_flows_one_sided"};
const Metric kPointInfo{
    "kansoku_point_info",
    MetricType::kGauge,
    "1",
    "isp,point,collector,group,region",
    "1, of each point ever heard of: its group and region, as its collector said last; region "
    "is empty where it said none.",
    "PointDescription"};
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
const Metric kPointGapWindows{
    "kansoku_point_gap_windows",
    MetricType::kGauge,
    "windows",
    "isp,point,reason",
    "Windows that are missing for a known reason: the tombstone's, or quarantined_ and why; only of reasons "
    "that there are, as far back as hours are kept.",
    "Tombstone, QuarantinedReport"};
const Metric kPointQuality{"kansoku_point_quality",
                           MetricType::kGauge,
                           "1",
                           "isp,point,flag",
                           "1 if the point's latest committed window carries the quality flag, else 0.",
                           "Measurement.flags"};
const Metric kNicPackets{"kansoku_nic_packets_total",
                         MetricType::kCounter,
                         "packets",
                         "isp,point",
                         "Packets that the interface counted on the sides that are captured.",
                         "Ledger.nic_packets"};
const Metric kNicBytes{
    "kansoku_nic_bytes_total",
    MetricType::kCounter,
    "bytes",
    "isp,point",
    "Octets that the interface counted on the sides that are captured, as its driver counts them.",
    "Ledger.nic_octets"};
const Metric kTapPackets{"kansoku_tap_packets_total",
                         MetricType::kCounter,
                         "packets",
                         "isp,point",
                         "Packets that the kernel offered to the capture.",
                         "Ledger.tap_packets"};
const Metric kRingFreezes{"kansoku_ring_freezes_total",
                          MetricType::kCounter,
                          "freezes",
                          "isp,point",
                          "Times that the kernel found the capture's ring full and stopped for a while.",
                          "Ledger.ring_freezes"};
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
const Metric kNotSampledPackets{"kansoku_ledger_not_sampled_packets_total",
                                MetricType::kCounter,
                                "packets",
                                "isp,point",
                                "Captured packets that sampling left out, as configured.",
                                "Ledger.not_sampled_packets"};
const Metric kNotSampledBytes{"kansoku_ledger_not_sampled_bytes_total",
                              MetricType::kCounter,
                              "bytes",
                              "isp,point",
                              "Octets of frames that sampling left out.",
                              "Ledger.not_sampled_wire_octets"};
const Metric kSegmentedPackets{"kansoku_ledger_segmented_packets_total",
                               MetricType::kCounter,
                               "packets",
                               "isp,point",
                               "Packets of the wire beyond those captured: an offload had merged them.",
                               "Ledger.segmented_packets"};
const Metric kSegmentedBytes{"kansoku_ledger_segmented_bytes_total",
                             MetricType::kCounter,
                             "bytes",
                             "isp,point",
                             "Octets of the headers that merged packets had of their own.",
                             "Ledger.segmented_wire_octets"};
const Metric kFlowRecordsDropped{
    "kansoku_ledger_dropped_flow_records_total",  MetricType::kCounter,         "records", "isp,point",
    "Flow records beyond the configured number.", "Ledger.flow_records_dropped"};
const Metric kIdentityHolds{
    "kansoku_identity_holds",
    MetricType::kGauge,
    "1",
    "subject,identity",
    "1 while an accounting identity holds for a point or collector, 0 when violated; nic_packets over the "
    "hour of the last window, the others over all time.",
    "proto/contract/identity.h"};
}  // namespace metrics

std::span<const Metric* const> AggregatorMetrics() {
  using namespace metrics;
  static constexpr std::array kAll = {
      &kBuildInfo,
      &kProcessCpuSeconds,
      &kProcessResidentBytes,
      &kProcessStart,
      &kCertificateExpiry,
      &kTrafficIpBytes,
      &kTrafficWireBytes,
      &kTrafficPackets,
      &kTrafficFlows,
      &kCarrierIpBytes,
      &kOuterIpBytes,
      &kInnerIpBytes,
      &kObservedIpBytes,
      &kObservedPackets,
      &kStandardErrorBytes,
      &kTcpSegments,
      &kTcpRetransmittedSegments,
      &kTcpResetFlows,
      &kTcpHandshake,
      &kTcpFlowsEnded,
      &kTcpFlowsOneSided,
      &kDarknetPackets,
      &kDarknetAddressSeconds,
      &kDarknetObservedAddresses,
      &kDarknetDayStart,
      &kDarknetDayPackets,
      &kDarknetDayClassPackets,
      &kDarknetDayAddresses,
      &kDarknetDayPortPackets,
      &kDarknetDayPortHosts,
      &kDarknetDayFlaggedPackets,
      &kDarknetDayCategory,
      &kDarknetDaySurveyScan,
      &kDarknetDayVictims,
      &kDarknetDayHosts,
      &kDarknetDayPacketsPerAddress,
      &kDarknetDayPacketInterval,
      &kDarknetDayToolPackets,
      &kDarknetDayToolHosts,
      &kDarknetDayBackscatterHosts,
      &kDarknetDayUnjudgedPackets,
      &kDarknetDayInfectedSubscribers,
      &kDarknetDayUnjudgedSubscriberPackets,
      &kDarknetDayUncategorisedPorts,
      &kDarknetYearPackets,
      &kDarknetYearAddresses,
      &kDarknetYearPacketsPerAddress,
      &kDarknetYearPacketInterval,
      &kDarknetYearBaseRatio,
      &kDarknetYearComplete,
      &kPointInfo,
      &kPointLastWindow,
      &kPointWindows,
      &kPointEvictedWindows,
      &kPointGapWindows,
      &kPointQuality,
      &kNicPackets,
      &kNicBytes,
      &kTapPackets,
      &kRingFreezes,
      &kReceivedPackets,
      &kCapturedPackets,
      &kDroppedPackets,
      &kRefusedPackets,
      &kRemarkedPackets,
      &kFlowsEvicted,
      &kNotSampledPackets,
      &kNotSampledBytes,
      &kSegmentedPackets,
      &kSegmentedBytes,
      &kFlowRecordsDropped,
      &kIdentityHolds,
      &kCollectorConnected,
      &kCollectorLastHeard,
      &kCollectorClockOffset,
      &kCollectorCertificateExpiry,
      &kCollectorReports,
      &kCollectorConfigReloads,
      &kCollectorConfigReloadSuccessful,
      &kCollectorConfigAwaitingRestart,
      &kCollectorCpuSeconds,
      &kCollectorResidentBytes,
      &kDuplicateReports,
      &kMissingReports,
      &kRefusedReports,
      &kRefusedHellos,
      &kQuarantinedReports,
      &kQuarantine,
      &kAcknowledgement,
      &kStoreWritable,
      &kStoreBytes,
      &kStoreFreeDiskBytes,
      &kDeniedQueries,
      &kFailedHandshakes,
      &kLimitsExceeded,
      &kStoreCommits,
      &kStoreCommitErrors,
      &kStoreExpireErrors,
      &kFixedTrafficRate,
      &kFixedCoverage,
      &kFixedVolume,
      &kFixedPerContractRate,
      &kMobileTrafficRate,
      &kGrowth,
      &kPeriodComplete,
      &kFigureInfo,
      &kHistoryTrafficRate,
      &kHistoryDarknetPackets,
      &kHistoryDarknetPacketsPerAddress,
      &kStatisticsRegisterReloadSuccessful,
      &kStatisticsErrors,
      &kVintages,
  };
  return kAll;
}

std::span<const Metric* const> AllMetrics() {
  static const std::vector<const Metric*>& all = *[] {
    auto* const rows = new std::vector(AggregatorMetrics().begin(), AggregatorMetrics().end());
    std::copy_if(CollectorMetrics().begin(), CollectorMetrics().end(), std::back_inserter(*rows),
                 [](const Metric* row) {
                   return std::find(AggregatorMetrics().begin(), AggregatorMetrics().end(), row) ==
                          AggregatorMetrics().end();
                 });
    return rows;
  }();
  return all;
}

}  // namespace kansoku
