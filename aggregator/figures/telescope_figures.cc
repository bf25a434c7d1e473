// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/telescope_figures.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/figure_frame.h"
#include "aggregator/figures/telescope_day.h"
#include "proto/contract/ip_protocol.h"
#include "proto/contract/month.h"

namespace kansoku::aggregator {
namespace {

constexpr size_t kLeadingPorts = 10;

int64_t StartOf(absl::CivilDay day) {
  return absl::ToUnixSeconds(absl::FromCivil(day, absl::FixedTimeZone(kTokyoOffsetSeconds)));
}

using Port = std::pair<uint32_t, uint32_t>;  // protocol, number

// A part of the packets, whose ports are ranked.
struct Population {
  std::string name;
  Integer packets;
  std::map<Port, uint64_t> ports;
};

v1::Figure FrameOf(std::span<const v1::TelescopeDay> days, const DayPeriod& period) {
  v1::Figure frame = FigureFrame({StartOf(period.first), StartOf(period.last + 1), 0});
  std::set<int> flags;
  for (const v1::TelescopeDay& day : days) {
    frame.set_windows(frame.windows() + day.windows());
    frame.set_expected_windows(frame.expected_windows() + day.expected_windows());
    flags.insert(day.flags().begin(), day.flags().end());
  }
  frame.mutable_flags()->Assign(flags.begin(), flags.end());
  return frame;
}

v1::Figure Labelled(v1::Figure frame, const std::map<std::string, std::string>& labels) {
  for (const auto& [name, value] : labels) (*frame.mutable_labels())[name] = value;
  return frame;
}

std::optional<Withheld> WhyWithheld(std::span<const v1::TelescopeDay> days, const v1::Figure& frame) {
  if (days.empty() || frame.windows() == 0) {
    return Withheld(v1::WITHHELD_REASON_INCOMPLETE, "of none of these days is anything known");
  }
  const auto& flags = frame.flags();
  if (std::find(flags.begin(), flags.end(), v1::QUALITY_FLAG_SAMPLED) != flags.end()) {
    return Withheld(v1::WITHHELD_REASON_SAMPLED,
                    "packets were sampled, and those at dark addresses are not scaled up");
  }
  return std::nullopt;
}

void AppendPackets(std::span<const v1::TelescopeDay> days, const v1::Figure& frame,
                   std::vector<v1::Figure>& figures) {
  Integer ipv4, all;
  for (const v1::TelescopeDay& day : days) {
    ipv4 += ToInteger(Ipv4PacketsOf(day));
    all += ToInteger(PacketsOf(day));
  }
  figures.push_back(MakeFigure(figures::kDarknetPackets, Labelled(frame, {{"family", "ipv4"}}), ipv4));
  if (all == ipv4) return;
  const Integer ipv6 = all - ipv4;
  figures.push_back(MakeFigure(figures::kDarknetPackets, Labelled(frame, {{"family", "ipv6"}}), ipv6));
}

// METRICS 5.3 to 5.5. Packets of a day on which no address was monitored are no address's.
void AppendPerAddress(std::span<const v1::TelescopeDay> days, const DayPeriod& period,
                      const v1::Figure& frame, std::vector<v1::Figure>& figures) {
  using namespace figures;
  Rational addresses, last_addresses, daily;
  Integer packets;
  int64_t counted = 0;
  for (const v1::TelescopeDay& day : days) {
    const Rational of_day = AddressesOf(day);
    if (of_day == 0) continue;
    const Integer packets_of_day = ToInteger(Ipv4PacketsOf(day));
    ++counted;
    addresses += of_day;
    last_addresses = of_day;
    daily += packets_of_day / of_day;
    packets += packets_of_day;
  }
  if (counted == 0) {
    const Withheld why(v1::WITHHELD_REASON_NO_DARK_ADDRESSES,
                       "no IPv4 address was monitored on any of these days");
    for (const FigureKind* kind :
         {&kDarknetAddresses, &kDarknetPacketsPerIp, &kDarknetSecondsPerPacketPerIp}) {
      figures.push_back(WithholdFigure(*kind, frame, why));
    }
    return;
  }
  const Rational mean = addresses / counted;
  figures.push_back(MakeFigure(kDarknetAddresses, frame, mean));
  const Rational scale = QuotientOf(period.days(), counted);
  const Integer seconds = Integer(period.days()) * kSecondsOfADay;
  for (const auto& [method, value] : {std::pair<std::string, Rational>("daily", daily * scale),
                                      {"mean", packets * scale / mean},
                                      {"lastday", packets * scale / last_addresses}}) {
    const v1::Figure labelled = Labelled(frame, {{"method", method}});
    figures.push_back(MakeFigure(kDarknetPacketsPerIp, labelled, value));
    figures.push_back(value == 0
                          ? WithholdFigure(kDarknetSecondsPerPacketPerIp, labelled,
                                           {v1::WITHHELD_REASON_NOTHING_COUNTED, "no IPv4 packet arrived"})
                          : MakeFigure(kDarknetSecondsPerPacketPerIp, labelled, seconds / value));
  }
}

void AppendSurveyShares(std::span<const v1::TelescopeDay> days, const v1::Figure& frame,
                        std::vector<v1::Figure>& figures) {
  Integer packets, survey, listed;
  std::map<std::string, Integer> by_list;
  for (const v1::TelescopeDay& day : days) {
    packets += ToInteger(PacketsOf(day));
    survey += ToInteger(day.sources().survey_packets());
    listed += ToInteger(day.sources().listed_packets());
    for (const v1::ListedDay& of : day.sources().listed()) {
      by_list[absl::StrCat(of.list().name(), " ", of.list().version())] += ToInteger(of.packets());
    }
  }
  if (packets == 0) return;
  const auto append = [&](const std::map<std::string, std::string>& labels, const Integer& part) {
    figures.push_back(
        MakeFigure(figures::kDarknetSurveyScanShare, Labelled(frame, labels), QuotientOf(part, packets)));
  };
  append({{"rule", "behaviour"}}, survey);
  append({{"rule", "listed"}}, listed);
  for (const auto& [list, of_list] : by_list) append({{"rule", "listed"}, {"list", list}}, of_list);
}

Population All(std::span<const v1::TelescopeDay> days) {
  Population all{.name = "all"};
  for (const v1::TelescopeDay& day : days) {
    all.packets += ToInteger(PacketsOf(day));
    for (const v1::PortDay& port : day.ports()) all.ports[{port.protocol(), port.port()}] += port.packets();
  }
  return all;
}

Population Without(std::span<const v1::TelescopeDay> days, const std::string& name,
                   uint64_t (v1::SourcesDay::*taken)() const,
                   uint64_t (v1::PortDay::*taken_of_port)() const) {
  Population rest{.name = name};
  for (const v1::TelescopeDay& day : days) {
    rest.packets += ToInteger(PacketsOf(day)) - ToInteger((day.sources().*taken)());
    for (const v1::PortDay& port : day.ports()) {
      rest.ports[{port.protocol(), port.port()}] += port.packets() - (port.*taken_of_port)();
    }
  }
  return rest;
}

void AppendShares(const Population& population, const v1::Figure& frame, const std::string& last_day,
                  const PortCategories& categories, std::vector<v1::Figure>& figures) {
  const v1::Figure of_population = Labelled(frame, {{"population", population.name}});
  if (population.packets <= 0) {
    figures.push_back(WithholdFigure(figures::kDarknetPortShare, of_population,
                                     {v1::WITHHELD_REASON_NOTHING_COUNTED, "no packet remains"}));
    return;
  }
  // Equal counts keep the order of their ports, so that the same data always give the same ranks.
  std::vector<std::pair<Port, uint64_t>> ranked(population.ports.begin(), population.ports.end());
  std::erase_if(ranked, [](const auto& port) { return port.second == 0; });
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (ranked.size() > kLeadingPorts) ranked.resize(kLeadingPorts);

  std::map<PortCategory, Integer> by_category = {
      {PortCategory::kIot, 0}, {PortCategory::kHttp, 0}, {PortCategory::kWindows, 0}};
  Integer other = population.packets;
  std::vector<std::string> strangers;
  for (size_t i = 0; i < ranked.size(); ++i) {
    const auto& [port, packets] = ranked[i];
    const std::string protocol = IpProtocolLabel(port.first);
    figures.push_back(MakeFigure(figures::kDarknetPortShare,
                                 Labelled(of_population, {{"rank", std::to_string(i + 1)},
                                                          {"protocol", protocol},
                                                          {"port", std::to_string(port.second)}}),
                                 QuotientOf(ToInteger(packets), population.packets)));
    other -= ToInteger(packets);
    const std::optional<PortCategory> category = categories.Find(port.first, port.second, last_day);
    if (category.has_value()) {
      by_category[*category] += ToInteger(packets);
    } else {
      strangers.push_back(absl::StrCat(port.second, "/", protocol));
    }
  }
  if (!strangers.empty()) {
    figures.push_back(WithholdFigure(
        figures::kDarknetCategoryShare, of_population,
        {v1::WITHHELD_REASON_PORT_WITHOUT_CATEGORY,
         absl::StrCat(strangers.front(), " is among the ten leading ports and in no category on ", last_day,
                      "; give it a row in port_categories.csv")}));
    return;
  }
  const auto append = [&](std::string_view category, const Integer& packets) {
    figures.push_back(MakeFigure(figures::kDarknetCategoryShare,
                                 Labelled(of_population, {{"category", std::string(category)}}),
                                 QuotientOf(packets, population.packets)));
  };
  for (const auto& [category, packets] : by_category) append(LabelOf(category), packets);
  append("other", other);
}

}  // namespace

std::vector<v1::Figure> TelescopeFigures(std::span<const v1::TelescopeDay> days, const DayPeriod& period,
                                         const PortCategories& categories) {
  const v1::Figure frame = FrameOf(days, period);
  if (const std::optional<Withheld> why = WhyWithheld(days, frame); why.has_value()) {
    return {WithholdFigure(figures::kDarknetPackets, frame, *why)};
  }
  std::vector<v1::Figure> figures;
  AppendPackets(days, frame, figures);
  AppendPerAddress(days, period, frame, figures);
  const std::string& last_day = days.back().day();
  AppendShares(All(days), frame, last_day, categories, figures);

  std::vector<v1::TelescopeDay> judged;
  std::copy_if(days.begin(), days.end(), std::back_inserter(judged),
               [](const v1::TelescopeDay& day) { return day.has_sources(); });
  if (judged.empty()) return figures;
  const v1::Figure of_judged = FrameOf(judged, period);
  AppendSurveyShares(judged, of_judged, figures);
  for (const Population& population :
       {Without(judged, "non_survey", &v1::SourcesDay::survey_packets, &v1::PortDay::survey_packets),
        Without(judged, "non_listed", &v1::SourcesDay::listed_packets, &v1::PortDay::listed_packets)}) {
    AppendShares(population, of_judged, last_day, categories, figures);
  }
  return figures;
}

}  // namespace kansoku::aggregator
