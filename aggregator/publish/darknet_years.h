// SPDX-License-Identifier: Apache-2.0
//
// What the published packets at dark addresses come to by their arithmetic: D4 to D6 of METRICS 5, of each
// year that others published. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aggregator/publish/published_growth.h"

namespace kansoku::aggregator {

// The year that 図表Ⅱ-1-10-3 begins with, and its ratios are against.
inline constexpr char kDarknetBaseYear[] = "2015";

struct DarknetYear {
  HistoryRow packets;                         // of the latest vintage
  std::optional<YearQuotient> ratio_to_base;  // of later years than that
  YearQuotient growth;                        // on the year before
  // Seconds of the year / packets for each address, in whole seconds; empty where none were published.
  std::string seconds_per_packet;
  Evidence seconds_evidence = Evidence::kDerived;  // or kRecalled
  std::string seconds_vintage, seconds_source;
};

// By year; empty where nobody published any.
std::vector<DarknetYear> DarknetYears(const std::vector<HistoryFile>& history);

}  // namespace kansoku::aggregator
