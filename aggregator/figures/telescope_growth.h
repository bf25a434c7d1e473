// SPDX-License-Identifier: Apache-2.0
//
// How a telescope's years compare (METRICS 5.6). Pure; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "aggregator/figures/rational.h"
#include "aggregator/figures/telescope_period.h"
#include "kansoku/v1/figure.pb.h"
#include "kansoku/v1/telescope_day.pb.h"

namespace kansoku::aggregator {

// That the white paper compares with.
inline constexpr int64_t kBaseYear = 2015;

// From January to December in Japan.
DayPeriod WholeYear(int64_t year);

// What is known of a year that others are compared with.
struct YearTotal {
  int64_t year = 0;
  int64_t days = 0;  // with a window
  bool is_sampled = false;
  Integer ipv4_packets;
  uint64_t revisions = 0;             // of its days, added up
  int64_t computed_unix_seconds = 0;  // when the latest of them was
};
// A day of the year, each once.
void AddDay(const v1::TelescopeDay& day, YearTotal& total);

// darknet_yoy and darknet_ratio_to_base_year of a period that lies within one year. Withheld, and why: not
// every day of it or of the other year is known, packets of either were sampled, or none of the other
// arrived.
void AppendGrowth(const TelescopePeriod& sum, const YearTotal& before, const YearTotal& base,
                  std::vector<v1::Figure>& figures);

}  // namespace kansoku::aggregator
