// SPDX-License-Identifier: Apache-2.0
//
// Every metric that a program of Kansoku exports. A sample can only be made from a row, so no name is typed
// twice; docs/metrics.md is printed from the rows. Constant data; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace kansoku {

enum class MetricType { kCounter, kGauge, kHistogram };

struct Metric {
  std::string_view name;  // Prometheus naming: base unit in the name, counters end in _total
  MetricType type;
  std::string_view unit;    // "bytes", "packets", "seconds", "ratio", "1"
  std::string_view labels;  // comma-separated, in the order samples give their values; may be empty
  std::string_view help;
  std::string_view source;  // where the number comes from: field, formula or section of METRICS
};

// One constant for each row, so that the compiler checks the name.
namespace metrics {
extern const Metric kBuildInfo;
extern const Metric kProcessCpuSeconds;
extern const Metric kProcessResidentBytes;
extern const Metric kProcessStart;
extern const Metric kCertificateExpiry;
extern const Metric kTrafficIpBytes;
extern const Metric kTrafficWireBytes;
extern const Metric kTrafficPackets;
extern const Metric kTrafficFlows;
extern const Metric kCarrierIpBytes;
extern const Metric kOuterIpBytes;
extern const Metric kInnerIpBytes;
extern const Metric kObservedIpBytes;
extern const Metric kObservedPackets;
extern const Metric kStandardErrorBytes;
extern const Metric kTcpSegments;
extern const Metric kTcpRetransmittedSegments;
extern const Metric kTcpResetFlows;
extern const Metric kTcpHandshake;
extern const Metric kTcpFlowsEnded;
extern const Metric kTcpFlowsOneSided;
extern const Metric kDarknetPackets;
extern const Metric kDarknetAddressSeconds;
extern const Metric kDarknetObservedAddresses;
extern const Metric kDarknetDayStart;
extern const Metric kDarknetDayPackets;
extern const Metric kDarknetDayClassPackets;
extern const Metric kDarknetDayAddresses;
extern const Metric kDarknetDayPortPackets;
extern const Metric kDarknetDayPortHosts;
extern const Metric kDarknetDayFlaggedPackets;
extern const Metric kDarknetDayCategory;
extern const Metric kDarknetDaySurveyScan;
extern const Metric kDarknetDayVictims;
extern const Metric kDarknetDayHosts;
extern const Metric kDarknetDayPacketsPerAddress;
extern const Metric kDarknetDayPacketInterval;
extern const Metric kDarknetDayToolPackets;
extern const Metric kDarknetDayToolHosts;
extern const Metric kDarknetDayBackscatterHosts;
extern const Metric kDarknetDayUnjudgedPackets;
extern const Metric kDarknetDayInfectedSubscribers;
extern const Metric kDarknetDayUnjudgedSubscriberPackets;
extern const Metric kDarknetDayUncategorisedPorts;
extern const Metric kDarknetYearPackets;
extern const Metric kDarknetYearAddresses;
extern const Metric kDarknetYearPacketsPerAddress;
extern const Metric kDarknetYearPacketInterval;
extern const Metric kDarknetYearBaseRatio;
extern const Metric kDarknetYearComplete;
extern const Metric kPointInfo;
extern const Metric kPointLastWindow;
extern const Metric kPointWindows;
extern const Metric kPointEvictedWindows;
extern const Metric kPointGapWindows;
extern const Metric kPointQuality;
extern const Metric kNicPackets;
extern const Metric kNicBytes;
extern const Metric kTapPackets;
extern const Metric kRingFreezes;
extern const Metric kReceivedPackets;
extern const Metric kCapturedPackets;
extern const Metric kDroppedPackets;
extern const Metric kRefusedPackets;
extern const Metric kRemarkedPackets;
extern const Metric kFlowsEvicted;
extern const Metric kNotSampledPackets;
extern const Metric kNotSampledBytes;
extern const Metric kSegmentedPackets;
extern const Metric kSegmentedBytes;
extern const Metric kFlowRecordsDropped;
extern const Metric kIdentityHolds;
extern const Metric kCollectorConnected;
extern const Metric kCollectorLastHeard;
extern const Metric kCollectorClockOffset;
extern const Metric kCollectorCertificateExpiry;
extern const Metric kCollectorReports;
extern const Metric kCollectorConfigReloads;
extern const Metric kCollectorConfigReloadSuccessful;
extern const Metric kCollectorConfigAwaitingRestart;
extern const Metric kCollectorCpuSeconds;
extern const Metric kCollectorResidentBytes;
extern const Metric kDuplicateReports;
extern const Metric kMissingReports;
extern const Metric kRefusedReports;
extern const Metric kRefusedHellos;
extern const Metric kQuarantinedReports;
extern const Metric kQuarantine;
extern const Metric kAcknowledgement;
extern const Metric kStoreWritable;
extern const Metric kStoreBytes;
extern const Metric kStoreFreeDiskBytes;
extern const Metric kDeniedQueries;
extern const Metric kFailedHandshakes;
extern const Metric kLimitsExceeded;
extern const Metric kStoreCommits;
extern const Metric kStoreCommitErrors;
extern const Metric kStoreExpireErrors;
extern const Metric kFixedTrafficRate;
extern const Metric kFixedCoverage;
extern const Metric kFixedVolume;
extern const Metric kFixedPerContractRate;
extern const Metric kMobileTrafficRate;
extern const Metric kGrowth;
extern const Metric kPeriodComplete;
extern const Metric kFigureInfo;
extern const Metric kHistoryTrafficRate;
extern const Metric kHistoryDarknetPackets;
extern const Metric kHistoryDarknetPacketsPerAddress;
extern const Metric kStatisticsRegisterReloadSuccessful;
extern const Metric kStatisticsErrors;
extern const Metric kVintages;
extern const Metric kEdgeWindows;
extern const Metric kEdgeCapturedPackets;
extern const Metric kEdgeDroppedPackets;
extern const Metric kEdgeRingFreezes;
extern const Metric kEdgeFindingSeverity;
extern const Metric kEdgeConnected;
extern const Metric kEdgeReports;
extern const Metric kEdgeSpoolReports;
extern const Metric kEdgeSpoolBytes;
extern const Metric kEdgeSpoolFreeDiskBytes;
extern const Metric kEdgeCaughtUp;
extern const Metric kEdgeSurveyListInForce;
}  // namespace metrics

// What each program exports. They share the rows that each says of itself.
std::span<const Metric* const> AggregatorMetrics();
std::span<const Metric* const> CollectorMetrics();

// Each row once.
std::span<const Metric* const> AllMetrics();

}  // namespace kansoku
