// SPDX-License-Identifier: Apache-2.0
//
// Which ports the packets at dark addresses were for (METRICS 5.8, 5.9). Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "aggregator/figures/port_categories.h"
#include "aggregator/figures/telescope_period.h"
#include "kansoku/v1/figure.pb.h"

namespace kansoku::aggregator {

using RankedPort = std::pair<ProtocolPort, uint64_t>;  // and its packets, or hosts

// A part of the packets, and the ten ports that lead in it, most packets first.
struct PortPopulation {
  std::string name;  // as the label `population` has it
  Integer packets;
  std::vector<RankedPort> leading;
  uint64_t (*packets_of)(const PortSum&);  // of the population, of any port
};

// Those that have figures of ports: all, and of days on which sources were told apart non_survey and
// non_listed.
std::vector<PortPopulation> PortPopulations(const TelescopePeriod& sum);

// darknet_port_packets and darknet_port_share of the ten leading ports and darknet_category_share, by
// population: all, of every day; non_survey (without what survey scanners by behaviour sent) and non_listed
// (by lists), of the days on which sources were told apart. Probes of those whose port found no room stay in,
// so that what ports have is never more than all: shares are 0 to 1, and the four categories add up to 1. Of
// a single such day also darknet_port_hosts, of the ten ports that the most sources probed: all, and those
// that are no survey scanners (non_survey). Withheld as TelescopeFigures says.
void AppendPortFigures(const TelescopePeriod& sum, const PortCategories* categories,
                       std::vector<v1::Figure>& figures);

// The ten ports that the most sources probed which are no survey scanners, most first. Of a single day.
std::vector<RankedPort> LeadingByNonSurveyHosts(const TelescopePeriod& sum);

// How many of the leading ports, each once, are in no category on the period's last day.
uint64_t UncategorisedPorts(const TelescopePeriod& sum, const PortCategories& categories);

}  // namespace kansoku::aggregator
