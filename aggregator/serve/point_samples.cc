// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/point_samples.h"

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "proto/contract/enum_label.h"
#include "proto/contract/metric_catalog.h"
#include "proto/contract/traffic_class.h"

namespace kansoku::aggregator {
namespace {

void AddTraffic(const PointTotals& totals, MetricFamilies& families) {
  constexpr uint32_t kKept = 0xfu << TrafficClass::kGroup | 0xfu << TrafficClass::kAccess |
                             0xfu << TrafficClass::kDirection | 0xfu << TrafficClass::kFamily;
  struct Sum {
    uint64_t ip_octets = 0, wire_octets = 0, packets = 0, new_flows = 0;
  };
  std::map<TrafficClass, Sum> sums;
  for (const v1::Cell& cell : totals.ever.cells()) {
    Sum& sum = sums[TrafficClass(cell.traffic_class()).Keep(kKept)];
    sum.ip_octets += cell.ip_octets();
    sum.wire_octets += cell.wire_octets();
    sum.packets += cell.packets();
    sum.new_flows += cell.new_flows();
  }
  for (const auto& [kept, sum] : sums) {
    const v1::TrafficClass key = kept.ToMessage();
    const auto add = [&](const Metric& metric, uint64_t value) {
      families.Add(metric,
                   {totals.point.isp, totals.point.point, EnumLabel(key.group()), EnumLabel(key.access()),
                    EnumLabel(key.direction()), EnumLabel(key.family())},
                   value);
    };
    add(metrics::kTrafficIpBytes, sum.ip_octets);
    add(metrics::kTrafficWireBytes, sum.wire_octets);
    add(metrics::kTrafficPackets, sum.packets);
    add(metrics::kTrafficFlows, sum.new_flows);
  }
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
  families.Add(metrics::kFlowsEvicted, {point.isp, point.point}, ledger.flows_evicted());
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
  families.Add(metrics::kPointLastWindow, {point.isp, point.point, point.collector},
               static_cast<uint64_t>(point.last_window_end_unix_seconds));
  families.Add(metrics::kPointWindows, {point.isp, point.point, point.collector}, totals.ever.windows());
  families.Add(metrics::kPointEvictedWindows, {point.isp, point.point, point.collector},
               totals.ever.evicted_windows());
  AddTraffic(totals, families);
  AddLedger(totals, families);
  for (const Identity& identity : PointIdentities(totals, /*with_hours=*/false)) {
    families.Add(metrics::kIdentityHolds, {point.point, std::string(identity.name)}, identity.holds());
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
