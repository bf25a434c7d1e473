// SPDX-License-Identifier: Apache-2.0
//
// The figures of a telescope over whole days (METRICS 5, D1 to D4 and D7 to D9). Pure; any thread.
#pragma once

#include <span>
#include <vector>

#include "absl/time/civil_time.h"
#include "aggregator/figures/port_categories.h"
#include "kansoku/v1/figure.pb.h"
#include "kansoku/v1/telescope_day.pb.h"

namespace kansoku::aggregator {

// Whole days in Japan, both included.
struct DayPeriod {
  absl::CivilDay first;
  absl::CivilDay last;

  int64_t days() const { return last - first + 1; }
};

// `days` are those of the period that there are, by date and each once. Of the whole period:
// - darknet_packets of IPv4, and of IPv6 where there are any, as they were counted;
// - darknet_addresses, the mean over days on which any was monitored;
// - darknet_packets_per_ip by method: daily (the sum over such days of packets / addresses, times days of the
//   period / such days), mean (packets / mean addresses) and lastday (packets / addresses of the last such
//   day); and darknet_seconds_per_packet_per_ip of each;
// and of the days on which sources were told apart:
// - darknet_survey_scan_share by rule: behaviour, and listed on any list or on one;
// - darknet_port_share of the ten leading ports and darknet_category_share by population: all, non_survey
// (without
//   what survey scanners by behaviour sent) and non_listed. Of `all` over every day.
// Withheld, and why: everything where no day was made or a day's packets were sampled; per address, where
// none was monitored; shares, where nothing remains; categories, where a leading port has none.
std::vector<v1::Figure> TelescopeFigures(std::span<const v1::TelescopeDay> days, const DayPeriod& period,
                                         const PortCategories& categories);

}  // namespace kansoku::aggregator
