// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/telescope_figures.h"

#include <optional>
#include <string>
#include <utility>

#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/figure_labels.h"
#include "aggregator/figures/prefix_figures.h"
#include "aggregator/figures/telescope_day.h"
#include "aggregator/figures/telescope_port_figures.h"
#include "aggregator/figures/telescope_source_figures.h"
#include "aggregator/figures/unique_hosts.h"
#include "aggregator/figures/withheld.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

// A flood is seen from 30 packets in 60 s on (DARKNET 1).
constexpr int64_t kPeakPackets = 30, kPeakSeconds = 60;
constexpr int64_t kIpv4Addresses = int64_t{1} << 32;

std::optional<Withheld> WhyWithheld(const TelescopePeriod& sum) {
  if (sum.windows == 0) {
    return Withheld(v1::WITHHELD_REASON_INCOMPLETE, "of none of these days is anything known");
  }
  if (sum.flags.contains(v1::QUALITY_FLAG_SAMPLED)) {
    return Withheld(v1::WITHHELD_REASON_SAMPLED,
                    "packets were sampled, and those at dark addresses are not scaled up");
  }
  return std::nullopt;
}

void AppendPackets(const TelescopePeriod& sum, const v1::Figure& frame, std::vector<v1::Figure>& figures) {
  const Integer ipv6 = sum.PacketsOf(v1::FAMILY_IPV6);
  figures.push_back(MakeFigure(figures::kDarknetPackets, Labelled(frame, {{"family", "ipv4"}}),
                               sum.PacketsOf(v1::FAMILY_IPV4)));
  if (ipv6 == 0) return;
  figures.push_back(MakeFigure(figures::kDarknetPackets, Labelled(frame, {{"family", "ipv6"}}), ipv6));
}

void AppendClasses(const TelescopePeriod& sum, const v1::Figure& frame, std::vector<v1::Figure>& figures) {
  if (!sum.is_of_one_rule()) {
    figures.push_back(WithholdFigure(
        figures::kDarknetClassPackets, frame,
        {v1::WITHHELD_REASON_OTHER_KEYS, "classes were told by several versions of the rules"}));
    return;
  }
  for (const auto& [key, packets] : sum.classes) {
    figures.push_back(MakeFigure(
        figures::kDarknetClassPackets,
        Labelled(frame, {{"class", EnumLabel(key.first)}, {"family", EnumLabel(key.second)}}), packets));
  }
}

// One of them asks for the mark of a tool, which the rules are the version of.
void AppendFlagged(const TelescopePeriod& sum, const v1::Figure& frame, std::vector<v1::Figure>& figures) {
  const v1::SoftFlags& flags = sum.soft_flags;
  if (flags.examined() == 0) return;
  if (!sum.is_of_one_rule()) {
    figures.push_back(WithholdFigure(
        figures::kDarknetFlaggedPackets, frame,
        {v1::WITHHELD_REASON_OTHER_KEYS, "packets were examined by several versions of the rules"}));
    return;
  }
  for (const auto& [flag, packets] : PacketsByFlag(flags)) {
    figures.push_back(
        MakeFigure(figures::kDarknetFlaggedPackets, Labelled(frame, {{"flag", flag}}), ToInteger(packets)));
  }
}

// METRICS 5.3 to 5.5. Packets of a day on which no address was monitored are no address's.
void AppendPerAddress(const TelescopePeriod& sum, const v1::Figure& frame, std::vector<v1::Figure>& figures) {
  using namespace figures;
  const WatchedSum& watched = sum.watched;
  if (watched.days == 0) {
    const Withheld why(v1::WITHHELD_REASON_NO_DARK_ADDRESSES,
                       "no IPv4 address was monitored on any of these days");
    for (const FigureKind* kind : {&kDarknetAddresses, &kDarknetDetectableFloodRate, &kDarknetPacketsPerIp,
                                   &kDarknetSecondsPerPacketPerIp}) {
      figures.push_back(WithholdFigure(*kind, frame, why));
    }
    return;
  }
  const Rational mean = watched.addresses / watched.days;
  figures.push_back(MakeFigure(kDarknetAddresses, frame, mean));
  figures.push_back(MakeFigure(kDarknetDetectableFloodRate, frame,
                               QuotientOf(kPeakPackets, kPeakSeconds) * Integer(kIpv4Addresses) / mean));
  const Rational scale = QuotientOf(sum.period.days(), watched.days);
  const Integer seconds = Integer(sum.period.days()) * kSecondsOfADay;
  for (const auto& [method, value] :
       {std::pair<std::string, Rational>("daily", watched.packets_per_address * scale),
        {"mean", watched.ipv4_packets * scale / mean},
        {"lastday", watched.ipv4_packets * scale / watched.last_addresses}}) {
    const v1::Figure labelled = Labelled(frame, {{"method", method}});
    figures.push_back(MakeFigure(kDarknetPacketsPerIp, labelled, value));
    figures.push_back(value == 0
                          ? WithholdFigure(kDarknetSecondsPerPacketPerIp, labelled,
                                           {v1::WITHHELD_REASON_NOTHING_COUNTED, "no IPv4 packet arrived"})
                          : MakeFigure(kDarknetSecondsPerPacketPerIp, labelled, seconds / value));
  }
}

// METRICS 5.3.
void AppendPrefixes(const TelescopePeriod& sum, const v1::Figure& frame, std::vector<v1::Figure>& figures) {
  std::vector<WatchedSensor> sensors;
  for (const auto& [name, seconds] : sum.sensors) {
    sensors.push_back({Labelled(frame, {{"sensor", name}}), seconds});
  }
  AppendPrefixFigures(sensors, figures);
}

}  // namespace

std::array<std::pair<const char*, uint64_t>, 7> PacketsByFlag(const v1::SoftFlags& flags) {
  return {{{"examined", flags.examined()},
           {"high_ttl", flags.high_ttl()},
           {"network_source", flags.network_source()},
           {"own_source", flags.own_source()},
           {"port_zero", flags.port_zero()},
           {"any", flags.any()},
           {"foreign_quote", flags.foreign_quote()}}};
}

std::vector<v1::Figure> TelescopeFigures(const TelescopePeriod& sum, const PortCategories* categories) {
  const v1::Figure frame = FrameOf(sum);
  if (const std::optional<Withheld> why = WhyWithheld(sum); why.has_value()) {
    return {WithholdFigure(figures::kDarknetPackets, frame, *why)};
  }
  std::vector<v1::Figure> figures;
  AppendPackets(sum, frame, figures);
  AppendClasses(sum, frame, figures);
  AppendFlagged(sum, frame, figures);
  AppendPerAddress(sum, frame, figures);
  AppendPrefixes(sum, frame, figures);
  AppendPortFigures(sum, categories, figures);
  AppendSourceFigures(sum, figures);
  return figures;
}

}  // namespace kansoku::aggregator
