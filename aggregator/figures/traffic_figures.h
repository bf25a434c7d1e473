// SPDX-License-Identifier: Apache-2.0
//
// Rate and volume of subscribers' traffic over one period (METRICS 3.1, 3.2, 3.7). Pure; any thread.
//
// Groups are never added up: a packet that is counted where its subscriber sits (A1) may be counted again
// where it entered the ISP (B1), and each group holds a byte once.
#pragma once

#include <span>
#include <vector>

#include "aggregator/figures/range_sum.h"
#include "aggregator/figures/time_steps.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// traffic_rate and traffic_volume, by group and access (those that occur), download and upload, and
// octets_basis: "l3" counts IP octets, "l2" frames without check sequence, "l2_fcs" with it. Where packets
// were sampled the octets are estimated, and the figures have a standard error. Coverage and flags are those
// of the group's points. A group of which no expected window arrived has one figure, traffic_rate, withheld.
std::vector<v1::Figure> TrafficFigures(std::span<const PointSum> points, const TimeSteps& period);

}  // namespace kansoku::aggregator
