// SPDX-License-Identifier: Apache-2.0
//
// Who sent to dark addresses, in numbers (METRICS 5.7, 5.10; DARKNET 1 and 4). Pure; any thread.
#pragma once

#include <vector>

#include "aggregator/figures/telescope_period.h"
#include "kansoku/v1/figure.pb.h"

namespace kansoku::aggregator {

// Of the days on which sources were told apart and judged:
// - darknet_survey_scan_share by rule: behaviour, and listed on any list or on one;
// - darknet_non_survey_hosts by family, by the union of the days' sketches. Withheld where a day has none
//   or where days of several keys meet;
// - darknet_tool_packets, darknet_victim_packets, darknet_unjudged_packets;
// and of a single day, since sources of several do not add up, darknet_survey_sources, darknet_tool_sources,
// darknet_victims, darknet_backscatter_sources and darknet_most_unjudged_of_one; and
// darknet_infected_subscribers with darknet_unjudged_subscriber_packets, where any collector looks for them.
// Withheld where days of several rules meet: one of each kind stands for all; but what could not be judged,
// which no rule decides. Packets of days with several keys add up. Of the days that have sketches,
// darknet_unique_hosts by their union. Withheld also where sources were told apart on a day that has none:
// its hosts would be missing.
void AppendSourceFigures(const TelescopePeriod& sum, std::vector<v1::Figure>& figures);

}  // namespace kansoku::aggregator
