// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/few_sources.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "aggregator/figures/figure_catalog.h"
#include "aggregator/figures/figure_labels.h"
#include "aggregator/figures/telescope_port_figures.h"
#include "proto/contract/ip_protocol.h"
#include "proto/contract/source_sketch.h"

namespace kansoku::aggregator {
namespace {

constexpr char kAll[] = "all", kNonSurvey[] = "non_survey";  // populations

bool AreFew(uint64_t sources) { return sources > 0 && sources < kFewestSources; }

// Whether every day says how many survey scanners probed the port, and how many others.
bool AreScannersCounted(const PortSum& port, const PortPopulation& population) {
  return population.name == kNonSurvey && !port.is_survey_uncounted;
}

// As many as may be behind the port's packets of the population, as far as anything is known.
uint64_t SourcesBehind(const PortSum& port, const PortPopulation& population) {
  const uint64_t hosts = AreScannersCounted(port, population) ? port.non_survey_hosts : port.probe_hosts;
  const uint64_t told_apart = hosts == 0 ? port.judged_packets : hosts;
  if (population.name == kAll) return std::max(told_apart, port.packets - port.judged_packets);
  return std::min(told_apart, population.packets_of(port));
}

// Likewise behind what all its packets are more than those of the population: survey scanners, and whoever
// nobody told apart.
uint64_t SourcesTakenOut(const PortSum& port, const PortPopulation& population) {
  const uint64_t packets = port.packets - population.packets_of(port);
  if (!AreScannersCounted(port, population)) return packets;
  return std::min(packets, std::max(port.survey_hosts, port.packets - port.judged_packets));
}

bool IsOfFew(const PortSum& port, const PortPopulation& population) {
  return AreFew(SourcesBehind(port, population)) || AreFew(SourcesTakenOut(port, population));
}

// The protocols of which each port that is not told, if any, is of few sources.
std::set<uint32_t> ProtocolsWithRestOfFew(const TelescopePeriod& sum, const PortPopulation& population,
                                          const std::set<ProtocolPort>& told) {
  std::set<uint32_t> of_few, of_many;
  for (const auto& [port, of_port] : sum.ports) {
    if (told.contains(port) || population.packets_of(of_port) == 0) continue;
    (IsOfFew(of_port, population) ? of_few : of_many).insert(port.first);
  }
  for (const uint32_t protocol : of_many) of_few.erase(protocol);
  return of_few;
}

std::string Text(const std::string& port, const std::string& protocol) {
  return absl::StrCat(port, "/", protocol);
}

// Of the leading ports of a population those that are not told.
std::set<std::string> PortsOfFew(const TelescopePeriod& sum, const PortPopulation& population) {
  std::set<std::string> few;
  std::set<ProtocolPort> told;
  const auto withhold = [&](const ProtocolPort& port) {
    few.insert(Text(absl::StrCat(port.second), IpProtocolLabel(port.first)));
    told.erase(port);
  };
  for (const auto& [port, packets] : population.leading) told.insert(port);
  for (const auto& [port, packets] : population.leading) {
    if (IsOfFew(sum.ports.at(port), population)) withhold(port);
  }
  // The classes of a protocol tell how many packets it has.
  for (const uint32_t protocol : ProtocolsWithRestOfFew(sum, population, told)) {
    const auto last = std::find_if(
        population.leading.rbegin(), population.leading.rend(),
        [&](const RankedPort& port) { return port.first.first == protocol && told.contains(port.first); });
    if (last != population.leading.rend()) withhold(last->first);
  }
  return few;
}

// Ports that lead by hosts without survey scanners, and that so few of these probed. Who knows all hosts of a
// port knows the scanners by the others.
std::set<std::string> PortsOfFewScanners(const TelescopePeriod& sum) {
  std::set<std::string> few;
  for (const auto& [port, hosts] : LeadingByNonSurveyHosts(sum)) {
    if (AreFew(sum.ports.at(port).survey_hosts)) {
      few.insert(Text(absl::StrCat(port.second), IpProtocolLabel(port.first)));
    }
  }
  return few;
}

// How many sources' number, packets, or all packets without them a figure tells; 0: of nobody in particular.
uint64_t SourcesOf(const v1::Figure& figure, const JudgedSum& judged) {
  using namespace figures;
  const std::string population = LabelOf(figure, "population"), rule = LabelOf(figure, "rule");
  const std::string because = LabelOf(figure, "because");
  // Hosts that are no survey scanners and all different hosts tell how many scanners there are.
  if (population == kNonSurvey || rule == "behaviour" || because == "no_port" ||
      figure.id() == kDarknetNonSurveyHosts.id)
    return judged.survey.sources;
  if (population == "non_listed" || rule == "listed") return judged.listed.sources;
  if (figure.id() == kDarknetVictims.id || figure.id() == kDarknetVictimPackets.id) {
    return judged.victims.sources;
  }
  if (because == "undecided") return judged.undecided.sources;
  if (figure.id() == kDarknetBackscatterSources.id) return judged.backscatter_sources.value_or(0);
  const auto tool = judged.tools.find(LabelOf(figure, "tool"));
  return tool == judged.tools.end() ? 0 : tool->second.sources;
}

// Whether hosts that are no survey scanners are few, so that all hosts less the scanners tell of them.
bool AreOthersFew(const JudgedSum& judged) {
  return std::any_of(judged.non_survey.begin(), judged.non_survey.end(),
                     [](const auto& family) { return AreFew(EstimateSources(family.second)); });
}

bool IsOfVictims(std::string_view id) {
  using namespace figures;
  return id == kDarknetVictims.id || id == kDarknetVictimPackets.id || id == kDarknetBackscatterSources.id;
}

// Whether so few hosts answered that are no victims: both numbers tell of them.
bool AreOtherAnswersFew(const JudgedSum& judged) {
  const uint64_t answering = judged.backscatter_sources.value_or(0);
  return answering > judged.victims.sources && AreFew(answering - judged.victims.sources);
}

}  // namespace

Withheld BecauseOfFewSources() {
  return Withheld(v1::WITHHELD_REASON_FEW_CONTRIBUTORS,
                  absl::StrCat("fewer than ", kFewestSources,
                               " sources are behind it, or behind what it would tell by subtraction"));
}

bool AreHostsFew(const v1::Figure& figure) {
  using namespace figures;
  uint64_t hosts = 0;
  const bool is_of_hosts = figure.id() == kDarknetPortHosts.id || figure.id() == kDarknetUniqueHosts.id ||
                           figure.id() == kDarknetNonSurveyHosts.id ||
                           figure.id() == kDarknetInfectedSubscribers.id;
  return is_of_hosts && (!absl::SimpleAtoi(figure.value(), &hosts) || AreFew(hosts));
}

FewSources::FewSources(const TelescopePeriod& sum)
    : sum_(sum), are_others_few_(AreOthersFew(sum.judged)), ports_of_few_scanners_(PortsOfFewScanners(sum)) {
  for (const PortPopulation& population : PortPopulations(sum)) {
    ports_[population.name] = PortsOfFew(sum, population);
  }
}

// Sources of several days are their sum, so that a tool that few use is told of a year; but different hosts
// of several days are as many as the figure says.
bool FewSources::Has(const v1::Figure& figure) const {
  using namespace figures;
  if (AreHostsFew(figure)) return true;
  if (figure.id() == kDarknetInfectedSubscribers.id && LabelOf(figure, "evidence") == "scanning") {
    // These are among those who reached.
    return sum_.subscribers.has_value() &&
           AreFew(sum_.subscribers->reached() -
                  std::min(sum_.subscribers->scanning(), sum_.subscribers->reached()));
  }
  if (AreFew(SourcesOf(figure, sum_.judged))) return true;
  if (IsOfVictims(figure.id()) && AreOtherAnswersFew(sum_.judged)) return true;
  if (are_others_few_ &&
      (LabelOf(figure, "rule") == "behaviour" || LabelOf(figure, "population") == kNonSurvey)) {
    return true;
  }
  const std::string population = LabelOf(figure, "population");
  const std::string port = Text(LabelOf(figure, "port"), LabelOf(figure, "protocol"));
  // A host may be one of several ports: what others leave over tells nothing of it.
  if (figure.id() == kDarknetPortHosts.id)
    return population == kNonSurvey && ports_of_few_scanners_.contains(port);
  const auto ports = ports_.find(population);
  if (ports == ports_.end()) return false;
  if (figure.id() == kDarknetCategoryShare.id) return !ports->second.empty();
  return ports->second.contains(port);
}

}  // namespace kansoku::aggregator
