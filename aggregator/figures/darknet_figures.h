// SPDX-License-Identifier: Apache-2.0
//
// What the telescopes saw over one period (METRICS 5). Pure; any thread.
#pragma once

#include <span>
#include <vector>

#include "aggregator/figures/range_sum.h"
#include "aggregator/figures/time_steps.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// For each sensor, and without the label `sensor` for all of them: darknet_packets by family, and of IPv4
// darknet_observed_addresses, darknet_packets_per_address and darknet_seconds_per_packet_per_address; of each
// sensor darknet_prefix_address_seconds (prefix_figures.h); then darknet_port_share of the ten leading ports
// and darknet_unique_hosts (unique_hosts.h). Empty where no point has a telescope.
//
// Monitored addresses are counted for IPv4 alone, so IPv6 packets are in darknet_packets and in no figure per
// address. The seconds observed are, hour by hour, the longest time that one of the sensor's points covered:
// a sensor that moves from one point to another is observed by both, one after the other. Points that do not
// state their monitored addresses add packets and no time. Withheld: everything, where no window arrived or
// packets were sampled (darknet_packets, and of all sensors darknet_port_share, then say why for all of
// them); per address, where none was monitored; seconds per packet, where none came.
// Each says the version of the rules that its packets were told apart by, unless there are several.
std::vector<v1::Figure> DarknetFigures(std::span<const PointSum> points, const TimeSteps& period);

}  // namespace kansoku::aggregator
