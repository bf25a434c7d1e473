// SPDX-License-Identifier: Apache-2.0
#include "aggregator/register/table_rules.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/month.h"
#include "proto/contract/statistics_lookup.h"

namespace kansoku::aggregator {
namespace {

using Key = std::vector<std::string>;

// Refuses a row whose key is that of an earlier one. `key_names` is for the message.
template <typename Rows, typename KeyOf>
absl::Status RefuseDoubled(const Rows& rows, int table, const PlacesOfTables& places, std::string_view column,
                           std::string_view key_names, const KeyOf& key_of) {
  std::map<Key, int> seen;
  for (int i = 0; i < rows.size(); ++i) {
    const auto [first, is_new] = seen.emplace(key_of(rows.Get(i)), i);
    if (is_new) continue;
    const TablePlaces& lines = places.at(table);
    return lines.At(i, column,
                    absl::StrCat("the ", std::string(key_names), " of line ", lines.LineOf(first->second),
                                 " again; take one of the two out"));
  }
  return absl::OkStatus();
}

absl::Status RefuseDoubledRows(const v1::Statistics& statistics, const PlacesOfTables& places) {
  const absl::Status checks[] = {
      RefuseDoubled(statistics.contracts(), v1::Statistics::kContractsFieldNumber, places, "released",
                    "series, quarter, contributor and release",
                    [](const v1::ContractCount& row) -> Key {
                      return {EnumLabel(row.series()), row.quarter(), row.contributor(), row.released()};
                    }),
      RefuseDoubled(statistics.coverage(), v1::Statistics::kCoverageFieldNumber, places, "released",
                    "month, basis and release",
                    [](const v1::CoverageShare& row) -> Key {
                      return {row.month(), EnumLabel(row.basis()), row.released()};
                    }),
      RefuseDoubled(statistics.holidays(), v1::Statistics::kHolidaysFieldNumber, places, "date", "date",
                    [](const v1::Holiday& row) -> Key { return {row.date()}; }),
      RefuseDoubled(statistics.breaks(), v1::Statistics::kBreaksFieldNumber, places, "month",
                    "series, month and reason",
                    [](const v1::SeriesBreak& row) -> Key {
                      return {EnumLabel(row.series()), row.month(), row.reason_en()};
                    }),
      RefuseDoubled(statistics.presentations(), v1::Statistics::kPresentationsFieldNumber, places, "since",
                    "figure and month",
                    [](const v1::Presentation& row) -> Key { return {row.figure(), row.since()}; }),
  };
  const auto* wrong =
      std::find_if(std::begin(checks), std::end(checks), [](const auto& one) { return !one.ok(); });
  return wrong == std::end(checks) ? absl::OkStatus() : *wrong;
}

// The quarter was checked when it was read.
Month QuarterOf(const v1::ContractCount& row) { return *ParseMonth(row.quarter()); }

absl::Status CheckContractRow(const v1::Statistics& statistics, int i, const TablePlaces& lines) {
  const v1::ContractCount& row = statistics.contracts(i);
  const auto& contributors = statistics.register_().contributors();
  const bool is_known =
      std::any_of(contributors.begin(), contributors.end(), [&](const v1::Contributor& one) {
        return one.series() == row.series() && one.isp() == row.contributor();
      });
  if (!is_known && row.contributor() != kWholeMarket) {
    return lines.At(i, "contributor",
                    absl::StrCat("\"", row.contributor(), "\": register.yaml has no such contributor to ",
                                 EnumLabel(row.series()), "; list it there, or take the row out"));
  }
  const std::string first_day = MonthText(AddMonths(QuarterOf(row), 1)) + "-01";
  if (row.released() < first_day) {
    return lines.At(i, "released",
                    absl::StrCat("\"", row.released(), "\": before its quarter's end; expected ", first_day,
                                 " or later"));
  }
  if (row.contracts() == 0 && row.contributor() == kWholeMarket)
    return lines.At(i, "contracts", "\"0\": a market has contracts; take the row out if they are not known");
  return absl::OkStatus();
}

// By the last releases: an old one may have missed what a new one has.
absl::Status CheckSum(const v1::Statistics& statistics, int market_row, const TablePlaces& lines) {
  const v1::ContractCount& market = statistics.contracts(market_row);
  const Month quarter = QuarterOf(market);
  if (FindContracts(statistics, market.series(), quarter, kWholeMarket) != &market) return absl::OkStatus();
  uint64_t together = 0;  // cannot overflow: contracts are bounded, and so are rows
  for (const v1::Contributor& contributor : statistics.register_().contributors()) {
    if (contributor.series() != market.series()) continue;
    const v1::ContractCount* row = FindContracts(statistics, market.series(), quarter, contributor.isp());
    if (row != nullptr) together += row->contracts();
  }
  if (together <= market.contracts()) return absl::OkStatus();
  return lines.At(market_row, "contracts",
                  absl::StrCat("\"", market.contracts(), "\": the contributors to ",
                               EnumLabel(market.series()), " have ", together, " of ", market.quarter(),
                               " together, more than the whole market; correct one of them"));
}

absl::Status CheckContracts(const v1::Statistics& statistics, const PlacesOfTables& places) {
  for (int i = 0; i < statistics.contracts_size(); ++i) {
    const TablePlaces& lines = places.at(v1::Statistics::kContractsFieldNumber);
    if (absl::Status status = CheckContractRow(statistics, i, lines); !status.ok()) return status;
    if (statistics.contracts(i).contributor() != kWholeMarket) continue;
    if (absl::Status status = CheckSum(statistics, i, lines); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckTables(const v1::Statistics& statistics, const PlacesOfTables& places) {
  if (absl::Status status = RefuseDoubledRows(statistics, places); !status.ok()) return status;
  return CheckContracts(statistics, places);
}

}  // namespace kansoku::aggregator
