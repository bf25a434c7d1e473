// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/darknet_years.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "aggregator/publish/decimal.h"
#include "aggregator/publish/history_choice.h"

namespace kansoku::aggregator {
namespace {

constexpr char kPackets[] = "total_packets";
constexpr char kPacketsPerAddress[] = "packets_per_ip_per_year";
constexpr int64_t kSecondsOfADay = 86'400;

bool Any(const HistoryRow&) { return true; }

int64_t SecondsOf(int year) {
  return (absl::CivilDay(year + 1, 1, 1) - absl::CivilDay(year, 1, 1)) * kSecondsOfADay;
}

}  // namespace

std::vector<DarknetYear> DarknetYears(const std::vector<HistoryFile>& history) {
  const RowByPeriod per_address = LatestVintage(history, kPacketsPerAddress, Any);
  std::vector<DarknetYear> years;
  for (const auto& [text, row] : LatestVintage(history, kPackets, Any)) {
    const int year = std::stoi(text);
    DarknetYear& of = years.emplace_back();
    of.packets = row;
    of.growth = GrowthSinceYear(history, kPackets, text, absl::StrCat(year - 1));
    if (text > kDarknetBaseYear) of.ratio_to_base = RatioToYear(history, kPackets, text, kDarknetBaseYear);
    const auto found = per_address.find(text);
    if (found == per_address.end() || found->second.value.find_first_not_of("0.") == std::string::npos)
      continue;
    of.seconds_per_packet = Quotient(absl::StrCat(SecondsOf(year)), found->second.value, 0);
    of.seconds_evidence = std::max(Evidence::kDerived, found->second.evidence);
    of.seconds_vintage = found->second.basis;
    of.seconds_source = found->second.source;
  }
  return years;
}

}  // namespace kansoku::aggregator
