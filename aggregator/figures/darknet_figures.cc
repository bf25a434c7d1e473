// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/darknet_figures.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/figure_frame.h"
#include "aggregator/figures/prefix_figures.h"
#include "aggregator/figures/unique_hosts.h"
#include "proto/contract/dark_prefixes.h"
#include "proto/contract/darknet_ways.h"
#include "proto/contract/ip_protocol.h"

namespace kansoku::aggregator {
namespace {

constexpr size_t kLeadingPorts = 10;

struct SensorSum {
  v1::Figure frame;
  uint64_t ipv4_packets = 0;
  uint64_t ipv6_packets = 0;
  uint64_t address_seconds = 0;
  v1::SensorDay by_prefix;  // the same, of a single sensor
  SecondsByHour observed;
  std::set<uint32_t> rules;

  void Add(const v1::DarknetTally& tally) {
    AddClassRules(tally, rules);
    for (const v1::DarknetCell& cell : tally.cells()) {
      (cell.family() == v1::FAMILY_IPV6 ? ipv6_packets : ipv4_packets) += cell.packets();
    }
    address_seconds += tally.address_seconds();
  }

  void AddWatched(const SecondsByHour& watched) {
    for (const auto& [hour, seconds] : watched) observed[hour] = std::max(observed[hour], seconds);
  }

  // In the frame; none where packets were told apart by several.
  void SayRules() {
    if (rules.size() == 1) frame.set_darknet_rules(*rules.begin());
  }

  uint64_t observed_seconds() const {
    uint64_t sum = 0;
    for (const auto& [hour, seconds] : observed) sum += seconds;
    return sum;
  }
};

struct Port {
  uint32_t protocol = 0;
  uint32_t number = 0;
  friend auto operator<=>(const Port&, const Port&) = default;
};

void AppendPackets(const SensorSum& sum, std::vector<v1::Figure>& figures) {
  v1::Figure frame = sum.frame;
  std::string& family = (*frame.mutable_labels())["family"];
  family = "ipv4";
  figures.push_back(MakeFigure(figures::kDarknetPackets, frame, ToInteger(sum.ipv4_packets)));
  if (sum.ipv6_packets == 0) return;
  family = "ipv6";
  figures.push_back(MakeFigure(figures::kDarknetPackets, frame, ToInteger(sum.ipv6_packets)));
}

void AppendPerAddress(const SensorSum& sum, std::vector<v1::Figure>& figures) {
  using namespace figures;
  const Integer observed_seconds = ToInteger(sum.observed_seconds());
  const Integer address_seconds = ToInteger(sum.address_seconds);
  if (address_seconds == 0 || observed_seconds == 0) {
    const Withheld why(v1::WITHHELD_REASON_NO_DARK_ADDRESSES, "no IPv4 address was monitored in the period");
    for (const FigureKind* kind :
         {&kDarknetObservedAddresses, &kDarknetPacketsPerAddress, &kDarknetSecondsPerPacketPerAddress}) {
      figures.push_back(WithholdFigure(*kind, sum.frame, why));
    }
    return;
  }
  const Integer packets = ToInteger(sum.ipv4_packets);
  figures.push_back(
      MakeFigure(kDarknetObservedAddresses, sum.frame, QuotientOf(address_seconds, observed_seconds)));
  figures.push_back(MakeFigure(kDarknetPacketsPerAddress, sum.frame,
                               QuotientOf(packets * observed_seconds, address_seconds)));
  // observed / (packets x observed / address-seconds): the seconds observed cancel out.
  figures.push_back(
      packets == 0
          ? WithholdFigure(kDarknetSecondsPerPacketPerAddress, sum.frame,
                           {v1::WITHHELD_REASON_NOTHING_COUNTED, "no IPv4 packet arrived in the period"})
          : MakeFigure(kDarknetSecondsPerPacketPerAddress, sum.frame, QuotientOf(address_seconds, packets)));
}

// Why nothing can be said of a sensor.
std::optional<Withheld> WhyWithheld(const v1::Figure& frame) {
  // A telescope that was silent has not seen zero packets.
  if (frame.windows() == 0) {
    return Withheld(v1::WITHHELD_REASON_INCOMPLETE,
                    absl::StrCat("none of the ", frame.expected_windows(), " expected windows arrived"));
  }
  const auto& flags = frame.flags();
  if (std::find(flags.begin(), flags.end(), v1::QUALITY_FLAG_SAMPLED) != flags.end()) {
    return Withheld(v1::WITHHELD_REASON_SAMPLED,
                    "packets were sampled, and those at dark addresses are not scaled up");
  }
  return std::nullopt;
}

void AppendSensor(const SensorSum& sum, std::vector<v1::Figure>& figures) {
  if (const std::optional<Withheld> why = WhyWithheld(sum.frame); why.has_value()) {
    figures.push_back(WithholdFigure(figures::kDarknetPackets, sum.frame, *why));
    return;
  }
  AppendPackets(sum, figures);
  AppendPerAddress(sum, figures);
}

void AppendPortShares(std::span<const PointSum> points, const v1::Figure& total,
                      std::vector<v1::Figure>& figures) {
  if (const std::optional<Withheld> why = WhyWithheld(total); why.has_value()) {
    figures.push_back(WithholdFigure(figures::kDarknetPortShare, total, *why));
    return;
  }
  uint64_t all_packets = 0;
  std::map<Port, uint64_t> packets;
  for (const PointSum& point : points) {
    for (const v1::DarknetTally& tally : point.measurement.darknet()) {
      for (const v1::DarknetCell& cell : tally.cells()) {
        if (cell.family() != v1::FAMILY_IPV4) continue;
        all_packets += cell.packets();
        if (cell.destination_port() != 0)
          packets[{cell.protocol(), cell.destination_port()}] += cell.packets();
      }
    }
  }
  if (all_packets == 0) return;
  // Equal counts keep the order of their ports, so that the same data always give the same ranks.
  std::vector<std::pair<Port, uint64_t>> ranked(packets.begin(), packets.end());
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (ranked.size() > kLeadingPorts) ranked.resize(kLeadingPorts);

  v1::Figure frame = total;
  auto& labels = *frame.mutable_labels();
  labels["population"] = "all";
  for (size_t i = 0; i < ranked.size(); ++i) {
    const auto& [port, count] = ranked[i];
    labels["rank"] = std::to_string(i + 1);
    labels["protocol"] = IpProtocolLabel(port.protocol);
    labels["port"] = std::to_string(port.number);
    figures.push_back(
        MakeFigure(figures::kDarknetPortShare, frame, QuotientOf(ToInteger(count), ToInteger(all_packets))));
  }
}

}  // namespace

std::vector<v1::Figure> DarknetFigures(std::span<const PointSum> points, const TimeSteps& period) {
  SensorSum total{FigureFrame(period)};
  std::map<std::string, SensorSum> sensors;
  for (const PointSum& point : points) {
    if (point.sensors.empty()) continue;
    AddPoint(point, total.frame);
    for (const std::string& sensor : point.sensors) {
      AddPoint(point, sensors.try_emplace(sensor, SensorSum{FigureFrame(period)}).first->second.frame);
    }
    for (const v1::DarknetTally& tally : point.measurement.darknet()) {
      SensorSum& sensor = sensors[tally.sensor()];
      sensor.Add(tally);
      MergeAddressSeconds(tally, sensor.by_prefix);
      total.Add(tally);
    }
    for (const auto& [sensor, watched] : point.watched) {
      sensors[sensor].AddWatched(watched);
      total.AddWatched(watched);
    }
  }

  std::vector<v1::Figure> figures;
  if (sensors.empty()) return figures;
  std::vector<WatchedSensor> watched;
  for (auto& [name, sensor] : sensors) {
    (*sensor.frame.mutable_labels())["sensor"] = name;
    sensor.SayRules();
    AppendSensor(sensor, figures);
    if (!WhyWithheld(sensor.frame).has_value()) watched.push_back({sensor.frame, sensor.by_prefix});
  }
  AppendPrefixFigures(watched, figures);
  total.SayRules();
  AppendSensor(total, figures);
  AppendPortShares(points, total.frame, figures);
  AppendUniqueHosts(points, total.frame, WhyWithheld(total.frame), figures);
  return figures;
}

}  // namespace kansoku::aggregator
