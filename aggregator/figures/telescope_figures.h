// SPDX-License-Identifier: Apache-2.0
//
// The figures of a telescope over whole days (METRICS 5, D1 to D4 and D7 to D10; DARKNET 1). Pure; any
// thread.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "aggregator/figures/port_categories.h"
#include "aggregator/figures/telescope_period.h"
#include "kansoku/v1/figure.pb.h"

namespace kansoku::aggregator {

// Of the whole period:
// - darknet_packets of IPv4, and of IPv6 where there are any, as they were counted; darknet_class_packets;
// - darknet_flagged_packets by flag, where any packets were examined;
// - darknet_addresses, the mean over days on which any was monitored, and darknet_detectable_flood_rate of so
// many; of each sensor darknet_prefix_address_seconds (prefix_figures.h);
// - darknet_packets_per_ip by method: daily (the sum over such days of packets / addresses, times days of the
//   period / such days), mean (packets / mean addresses) and lastday (packets / addresses of the last such
//   day); and darknet_seconds_per_packet_per_ip of each;
// - the figures of ports (telescope_port_figures.h) and of sources (telescope_source_figures.h).
// `categories` null: there is no table of them.
// Withheld, and why: everything where no day was made or a day's packets were sampled; per address, where
// none was monitored; shares, where nothing remains; categories, where a leading port has none; classes,
// flags and what is judged by sources, where days of several sets of rules meet; unions of hosts, where days
// of several keys do; hosts of ports without survey scanners, where the day does not say how many probed
// each.
std::vector<v1::Figure> TelescopeFigures(const TelescopePeriod& sum, const PortCategories* categories);

// By the label `flag` of darknet_flagged_packets.
std::array<std::pair<const char*, uint64_t>, 7> PacketsByFlag(const v1::SoftFlags& flags);

}  // namespace kansoku::aggregator
