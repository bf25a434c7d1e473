// SPDX-License-Identifier: Apache-2.0
//
// From what the points measured on one day to the day's record (METRICS 5). Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "aggregator/figures/day_sources.h"
#include "aggregator/figures/range_sum.h"
#include "aggregator/figures/rational.h"
#include "kansoku/v1/telescope_day.pb.h"

namespace kansoku::aggregator {

inline constexpr int64_t kSecondsOfADay = 86'400;

// Monitored IPv4 addresses over the day, the mean: a sensor that was there for half of the day counts for
// half (METRICS 5.3).
Rational AddressesOf(const v1::TelescopeDay& day);
// Of every class, to IPv4 addresses.
uint64_t Ipv4PacketsOf(const v1::TelescopeDay& day);
// Of every class and family.
uint64_t PacketsOf(const v1::TelescopeDay& day);
// Whether any answer to somebody who forged our addresses came.
bool HasBackscatter(const v1::TelescopeDay& day);

// The thresholds of METRICS 5.7 for a telescope of this day's size: `packets_per_address` packets for each
// IPv4 address that was monitored where sources were told apart, rounded half away from zero. What the others
// see of a source, nobody adds to it.
SurveyThresholds ThresholdsFor(std::span<const PointSum> points, const Rational& packets_per_address,
                               uint32_t ports);

// `day` is its date in Japan (2026-11-21), `points` are their sums over it. Ports are of IPv4
// (METRICS 5.1). Without sources, which DaySources judges afterwards with ThresholdsFor the same points.
v1::TelescopeDay MakeTelescopeDay(std::string day, std::span<const PointSum> points);

}  // namespace kansoku::aggregator
