// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/point_samples.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "aggregator/serve/point_identities.h"
#include "aggregator/serve/tcp_samples.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/estimated_totals.h"
#include "proto/contract/metric_catalog.h"
#include "proto/contract/traffic_class.h"

namespace kansoku::aggregator {
namespace {

void AddTraffic(const PointTotals& totals, MetricFamilies& families) {
  constexpr uint32_t kKept =
      TrafficClass::kGroup | TrafficClass::kAccess | TrafficClass::kDirection | TrafficClass::kFamily;
  struct Sum {
    EstimatedTotals totals;
    uint64_t new_flows = 0;
  };
  std::map<TrafficClass, Sum> sums;
  for (const v1::Cell& cell : totals.ever.cells()) {
    Sum& sum = sums[TrafficClass(cell.traffic_class()).Keep(kKept)];
    sum.totals.Add(cell);
    sum.new_flows += cell.new_flows();
  }
  for (const auto& [kept, sum] : sums) {
    const v1::TrafficClass key = kept.ToMessage();
    const auto add = [&](const Metric& metric, absl::uint128 value) {
      families.AddReal(metric,
                       {totals.point.isp, totals.point.point, EnumLabel(key.group()), EnumLabel(key.access()),
                        EnumLabel(key.direction()), EnumLabel(key.family())},
                       static_cast<double>(value));
    };
    add(metrics::kTrafficIpBytes, sum.totals.octets(OctetsBasis::kL3));
    add(metrics::kTrafficWireBytes, sum.totals.octets(OctetsBasis::kL2));
    add(metrics::kTrafficPackets, sum.totals.packets());
    add(metrics::kTrafficFlows, sum.new_flows);
  }
}

// Sums over all classes, and by carrier.
void AddObserved(const PointTotals& totals, MetricFamilies& families) {
  const PointRecord& point = totals.point;
  EstimatedTotals estimated;
  std::map<v1::Carrier, EstimatedTotals> carriers;
  uint64_t packets = 0, ip_octets = 0, outer = 0, inner = 0;
  for (const v1::Cell& cell : totals.ever.cells()) {
    estimated.Add(cell);
    carriers[cell.traffic_class().carrier()].Add(cell);
    packets += cell.packets();
    ip_octets += cell.ip_octets();
    outer += cell.outer_ip_octets();
    inner += cell.inner_ip_octets();
  }
  for (const auto& [carrier, sum] : carriers) {
    families.AddReal(metrics::kCarrierIpBytes, {point.isp, point.point, EnumLabel(carrier)},
                     static_cast<double>(sum.octets(OctetsBasis::kL3)));
  }
  families.Add(metrics::kOuterIpBytes, {point.isp, point.point}, outer);
  families.Add(metrics::kInnerIpBytes, {point.isp, point.point}, inner);
  families.Add(metrics::kObservedPackets, {point.isp, point.point}, packets);
  families.Add(metrics::kObservedIpBytes, {point.isp, point.point}, ip_octets);
  families.AddReal(metrics::kStandardErrorBytes, {point.isp, point.point},
                   estimated.octets_standard_error(OctetsBasis::kL3));
}

// One sample for each value of a closed enum, its unspecified zero left out, counted or not.
template <typename Enum, typename Entries, typename Reason>
void AddByReason(const Metric& metric, const PointRecord& point, const Entries& entries, Reason reason_of,
                 MetricFamilies& families) {
  const auto& values = *google::protobuf::GetEnumDescriptor<Enum>();
  std::map<int, uint64_t> packets;
  for (int i = 0; i < values.value_count(); ++i) {
    if (values.value(i)->number() != 0) packets[values.value(i)->number()] = 0;
  }
  for (const auto& entry : entries) packets[reason_of(entry)] += entry.packets();
  for (const auto& [reason, count] : packets) {
    families.Add(metric, {point.isp, point.point, EnumLabel(static_cast<Enum>(reason))}, count);
  }
}

void AddLedger(const PointTotals& totals, MetricFamilies& families) {
  const PointRecord& point = totals.point;
  const v1::Ledger& ledger = totals.ever.ledger();
  families.Add(metrics::kReceivedPackets, {point.isp, point.point}, ledger.received_packets());
  families.Add(metrics::kCapturedPackets, {point.isp, point.point}, ledger.captured_packets());
  families.Add(metrics::kDroppedPackets, {point.isp, point.point, "kernel"}, ledger.kernel_dropped_packets());
  families.Add(metrics::kDroppedPackets, {point.isp, point.point, "interface"},
               ledger.interface_dropped_packets());
  for (const auto& [metric, value] : {std::pair(&metrics::kNicPackets, ledger.nic_packets()),
                                      std::pair(&metrics::kNicBytes, ledger.nic_octets()),
                                      std::pair(&metrics::kTapPackets, ledger.tap_packets()),
                                      std::pair(&metrics::kRingFreezes, ledger.ring_freezes()),
                                      std::pair(&metrics::kNotSampledPackets, ledger.not_sampled_packets()),
                                      std::pair(&metrics::kNotSampledBytes, ledger.not_sampled_wire_octets()),
                                      std::pair(&metrics::kSegmentedPackets, ledger.segmented_packets()),
                                      std::pair(&metrics::kSegmentedBytes, ledger.segmented_wire_octets()),
                                      std::pair(&metrics::kFlowsEvicted, ledger.flows_evicted()),
                                      std::pair(&metrics::kFlowRecordsDropped, ledger.flow_records_dropped()),
                                      std::pair(&metrics::kTcpFlowsEnded, ledger.tcp_flows_ended()),
                                      std::pair(&metrics::kTcpFlowsOneSided, ledger.tcp_flows_one_sided())}) {
    families.Add(*metric, {point.isp, point.point}, value);
  }
  AddByReason<v1::RefusalReason>(
      metrics::kRefusedPackets, point, ledger.refused(), [](const v1::Refused& r) { return r.reason(); },
      families);
  AddByReason<v1::Remark>(
      metrics::kRemarkedPackets, point, ledger.remarked(), [](const v1::Remarked& r) { return r.remark(); },
      families);
}

}  // namespace

void AddPointSamples(const PointTotals& totals, MetricFamilies& families) {
  const PointRecord& point = totals.point;
  families.Add(metrics::kPointInfo,
               {point.isp, point.point, point.collector, EnumLabel(point.group), point.region}, 1);
  families.Add(metrics::kPointLastWindow, {point.isp, point.point, point.collector},
               static_cast<uint64_t>(point.last_window_end_unix_seconds));
  families.Add(metrics::kPointWindows, {point.isp, point.point, point.collector}, totals.ever.windows());
  families.Add(metrics::kPointEvictedWindows, {point.isp, point.point, point.collector},
               totals.ever.evicted_windows());
  AddTraffic(totals, families);
  AddObserved(totals, families);
  AddTcpSamples(totals, families);
  AddLedger(totals, families);
  for (const Identity& identity : PointIdentities(totals)) {
    families.Add(metrics::kIdentityHolds, {point.point, std::string(identity.name)}, identity.holds());
  }
}

void AddQualitySamples(const PointRecord& point, const v1::Measurement& window, MetricFamilies& families) {
  const auto& flags = *google::protobuf::GetEnumDescriptor<v1::QualityFlag>();
  for (int i = 0; i < flags.value_count(); ++i) {
    const int flag = flags.value(i)->number();
    if (flag == v1::QUALITY_FLAG_UNSPECIFIED) continue;
    const bool is_set = std::find(window.flags().begin(), window.flags().end(), flag) != window.flags().end();
    families.Add(metrics::kPointQuality,
                 {point.isp, point.point, EnumLabel(static_cast<v1::QualityFlag>(flag))}, is_set);
  }
}

void AddDarknetSamples(std::span<const PointTotals> points, MetricFamilies& families) {
  std::map<std::tuple<std::string, v1::DarknetClass, v1::Family>, uint64_t> packets;
  std::map<std::string, uint64_t> address_seconds;
  for (const PointTotals& totals : points) {
    for (const v1::DarknetTally& tally : totals.ever.darknet()) {
      address_seconds[tally.sensor()] += tally.address_seconds();
      for (const v1::DarknetCell& cell : tally.cells()) {
        packets[{tally.sensor(), cell.darknet_class(), cell.family()}] += cell.packets();
      }
    }
  }
  for (const auto& [key, count] : packets) {
    const auto& [sensor, darknet_class, family] = key;
    families.Add(metrics::kDarknetPackets, {sensor, EnumLabel(darknet_class), EnumLabel(family)}, count);
  }
  for (const auto& [sensor, count] : address_seconds) {
    families.Add(metrics::kDarknetAddressSeconds, {sensor}, count);
  }
}

}  // namespace kansoku::aggregator
