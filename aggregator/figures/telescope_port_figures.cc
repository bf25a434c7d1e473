// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/telescope_port_figures.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/figure_labels.h"
#include "aggregator/figures/unique_hosts.h"
#include "proto/contract/ip_protocol.h"

namespace kansoku::aggregator {
namespace {

constexpr size_t kLeadingPorts = 10;

using CountOfPort = uint64_t (*)(const PortSum&);  // packets, or hosts

std::vector<RankedPort> Leading(const TelescopePeriod& sum, CountOfPort count) {
  std::vector<RankedPort> ranked;
  for (const auto& [port, of_port] : sum.ports) {
    if (const uint64_t its = count(of_port); its > 0) ranked.emplace_back(port, its);
  }
  const auto leads = [](const RankedPort& a, const RankedPort& b) {
    // Equal counts keep the order of their ports, so that the same data always give the same ranks.
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  };
  const size_t kept = std::min(ranked.size(), kLeadingPorts);
  std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(kept), ranked.end(), leads);
  ranked.resize(kept);
  return ranked;
}

// A window may have had no room for a port that its sources did find room for.
uint64_t Rest(uint64_t packets, uint64_t taken) { return packets - std::min(packets, taken); }

// All its packets are never less than what ports have: sources answer to ports as well, and days that were
// made earlier have ports of both families, or do not say how many probes of listed sources had no room.
PortPopulation Population(std::string name, const TelescopePeriod& sum, const Integer& packets,
                          CountOfPort packets_of) {
  Integer of_ports;
  for (const auto& [port, of_port] : sum.ports) of_ports += ToInteger(packets_of(of_port));
  return {std::move(name), std::max(packets, of_ports), Leading(sum, packets_of), packets_of};
}

PortPopulation AllPackets(const TelescopePeriod& sum) {
  return Population("all", sum, sum.PacketsOf(v1::FAMILY_IPV4), [](const PortSum& of) { return of.packets; });
}

// All but the packets of some sources: `rest` of those of a port. Probes that cannot be taken out of a port's
// packets stay in all of them too. Backscatter stays as well: of the 150.4 billion packets of 2019 that
// survey scans leave at NICT 36.4 or 24.2 % are for 23/TCP, so that nothing else was left out (METRICS 5.8).
PortPopulation Without(const SourcesSum& sources, const Integer& portless, std::string name,
                       const TelescopePeriod& sum, CountOfPort rest) {
  const Integer packets = sum.judged.packets - sources.packets + portless;
  return Population(std::move(name), sum, packets, rest);
}

std::vector<PortPopulation> JudgedPopulations(const TelescopePeriod& sum) {
  const JudgedSum& judged = sum.judged;
  return {Without(judged.survey, judged.survey_portless_packets, "non_survey", sum,
                  [](const PortSum& of) { return Rest(of.judged_packets, of.survey_packets); }),
          Without(judged.listed, judged.listed_portless_packets, "non_listed", sum,
                  [](const PortSum& of) { return Rest(of.judged_packets, of.listed_packets); })};
}

v1::Figure RankFrame(const v1::Figure& frame, size_t index, const ProtocolPort& port) {
  return Labelled(frame, {{"rank", std::to_string(index + 1)},
                          {"protocol", IpProtocolLabel(port.first)},
                          {"port", std::to_string(port.second)}});
}

std::string Text(const ProtocolPort& port) {
  return absl::StrCat(port.second, "/", IpProtocolLabel(port.first));
}

void AppendCategories(const PortPopulation& population, const v1::Figure& frame, const std::string& day,
                      const PortCategories* categories, std::vector<v1::Figure>& figures) {
  const auto withhold = [&](std::string because) {
    figures.push_back(WithholdFigure(figures::kDarknetCategoryShare, frame,
                                     {v1::WITHHELD_REASON_PORT_WITHOUT_CATEGORY, std::move(because)}));
  };
  if (categories == nullptr) {
    return withhold(
        "the aggregator has no table of port categories; name one as port_categories_path in its "
        "configuration");
  }
  std::map<PortCategory, Integer> by_category = {
      {PortCategory::kIot, 0}, {PortCategory::kHttp, 0}, {PortCategory::kWindows, 0}};
  Integer other = population.packets;
  for (const auto& [port, packets] : population.leading) {
    const std::optional<PortCategory> category = categories->Find(port.first, port.second, day);
    if (!category.has_value()) {
      return withhold(absl::StrCat(Text(port), " is among the ten leading ports and in no category on ", day,
                                   "; give it a row in port_categories.csv"));
    }
    by_category[*category] += ToInteger(packets);
    other -= ToInteger(packets);
  }
  const auto append = [&](std::string_view category, const Integer& packets) {
    figures.push_back(MakeFigure(figures::kDarknetCategoryShare,
                                 Labelled(frame, {{"category", std::string(category)}}),
                                 QuotientOf(packets, population.packets)));
  };
  for (const auto& [category, packets] : by_category) append(LabelOf(category), packets);
  append("other", other);
}

void AppendPopulation(const PortPopulation& population, const v1::Figure& unlabelled, const std::string& day,
                      const PortCategories* categories, std::vector<v1::Figure>& figures) {
  const v1::Figure frame = Labelled(unlabelled, {{"population", population.name}});
  if (population.packets <= 0) {
    for (const FigureKind* kind :
         {&figures::kDarknetPortPackets, &figures::kDarknetPortShare, &figures::kDarknetCategoryShare}) {
      figures.push_back(
          WithholdFigure(*kind, frame, {v1::WITHHELD_REASON_NOTHING_COUNTED, "no packet remains"}));
    }
    return;
  }
  for (size_t i = 0; i < population.leading.size(); ++i) {
    const auto& [port, packets] = population.leading[i];
    const v1::Figure of_port = RankFrame(frame, i, port);
    figures.push_back(MakeFigure(figures::kDarknetPortPackets, of_port, ToInteger(packets)));
    figures.push_back(
        MakeFigure(figures::kDarknetPortShare, of_port, QuotientOf(ToInteger(packets), population.packets)));
  }
  AppendCategories(population, frame, day, categories, figures);
}

void AppendRankedHosts(const std::vector<RankedPort>& leading, const v1::Figure& frame,
                       std::vector<v1::Figure>& figures) {
  for (size_t i = 0; i < leading.size(); ++i) {
    figures.push_back(MakeFigure(figures::kDarknetPortHosts, RankFrame(frame, i, leading[i].first),
                                 ToInteger(leading[i].second)));
  }
}

void AppendHosts(const TelescopePeriod& sum, const v1::Figure& frame, std::vector<v1::Figure>& figures) {
  AppendRankedHosts(Leading(sum, [](const PortSum& of) { return of.probe_hosts; }),
                    Labelled(frame, {{"population", "all"}}), figures);
  const v1::Figure non_survey = Labelled(frame, {{"population", "non_survey"}});
  const bool is_any_uncounted = std::any_of(sum.ports.begin(), sum.ports.end(),
                                            [](const auto& port) { return port.second.is_survey_uncounted; });
  if (is_any_uncounted) {
    // Any of them may lead without its scanners, or not.
    figures.push_back(WithholdFigure(
        figures::kDarknetPortHosts, non_survey,
        {v1::WITHHELD_REASON_OTHER_KEYS,
         "when this day was judged nobody counted how many survey scanners probed each port"}));
    return;
  }
  AppendRankedHosts(LeadingByNonSurveyHosts(sum), non_survey, figures);
}

}  // namespace

void AppendPortFigures(const TelescopePeriod& sum, const PortCategories* categories,
                       std::vector<v1::Figure>& figures) {
  AppendPopulation(AllPackets(sum), FrameOf(sum), sum.last_day, categories, figures);
  if (sum.judged.days == 0) return;
  const v1::Figure frame = FrameOfJudged(sum);
  if (!sum.judged.is_of_one_rule()) {
    for (const char* population : {"non_survey", "non_listed"}) {
      const v1::Figure labelled = Labelled(frame, {{"population", population}});
      for (const FigureKind* kind :
           {&figures::kDarknetPortPackets, &figures::kDarknetPortShare, &figures::kDarknetCategoryShare}) {
        figures.push_back(WithholdFigure(*kind, labelled, OtherKeys()));
      }
    }
    return;
  }
  for (const PortPopulation& population : JudgedPopulations(sum)) {
    AppendPopulation(population, frame, sum.last_day, categories, figures);
  }
  if (sum.is_one_day()) AppendHosts(sum, frame, figures);
}

std::vector<PortPopulation> PortPopulations(const TelescopePeriod& sum) {
  std::vector<PortPopulation> populations = {AllPackets(sum)};
  if (sum.judged.days > 0 && sum.judged.is_of_one_rule()) {
    for (PortPopulation& judged : JudgedPopulations(sum)) populations.push_back(std::move(judged));
  }
  return populations;
}

std::vector<RankedPort> LeadingByNonSurveyHosts(const TelescopePeriod& sum) {
  return Leading(sum, [](const PortSum& of) { return of.non_survey_hosts; });
}

uint64_t UncategorisedPorts(const TelescopePeriod& sum, const PortCategories& categories) {
  std::set<ProtocolPort> without;
  for (const PortPopulation& population : PortPopulations(sum)) {
    for (const auto& [port, packets] : population.leading) {
      if (!categories.Find(port.first, port.second, sum.last_day).has_value()) without.insert(port);
    }
  }
  return without.size();
}

}  // namespace kansoku::aggregator
