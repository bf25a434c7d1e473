// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/published_growth.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "aggregator/publish/decimal.h"
#include "aggregator/publish/history_choice.h"
#include "aggregator/publish/vintage_basis.h"

namespace kansoku::aggregator {
namespace {

struct Vintage {
  std::string basis;
  RowByPeriod rows;
};

bool IsOf(const std::string& basis, const std::string& vintage) {
  return basis == vintage || (HoldsLater(basis) && VintageYear(basis) <= VintageYear(vintage));
}

// Of what a vintage states of one year the best known counts, its own before what an earlier one stated.
auto Goodness(const HistoryRow& row, const std::string& vintage) {
  return std::tuple(row.evidence, row.basis != vintage);
}

// The latest first.
std::vector<Vintage> VintagesOf(const std::vector<HistoryFile>& history, const std::string& series) {
  std::vector<HistoryRow> years;
  for (const HistoryFile& file : history) {
    for (const HistoryRow& row : file.rows) {
      if (row.series == series && IsYear(row.period)) years.push_back(row);
    }
  }
  std::map<std::pair<int, std::string>, RowByPeriod> by_vintage;
  for (const HistoryRow& row : years) by_vintage[{-VintageYear(row.basis), row.basis}];
  std::vector<Vintage> vintages;
  for (auto& [key, rows] : by_vintage) {
    const std::string& basis = key.second;
    for (const HistoryRow& row : years) {
      if (!IsOf(row.basis, basis)) continue;
      const auto [at, is_first] = rows.try_emplace(row.period, row);
      if (!is_first && Goodness(row, basis) < Goodness(at->second, basis)) at->second = row;
    }
    vintages.push_back({basis, std::move(rows)});
  }
  return vintages;
}

template <typename Divide>
YearQuotient QuotientOf(const std::vector<HistoryFile>& history, const std::string& series,
                        const std::string& year, const std::string& other, Divide divide) {
  YearQuotient quotient{.year = year, .other = other};
  for (const Vintage& vintage : VintagesOf(history, series)) {
    const auto of_year = vintage.rows.find(year), of_other = vintage.rows.find(other);
    if (of_year == vintage.rows.end()) continue;
    if (of_other == vintage.rows.end()) {
      if (quotient.vintage.empty()) quotient.vintage = vintage.basis;
      continue;
    }
    const HistoryRow &a = of_year->second, &b = of_other->second;
    quotient.vintage = vintage.basis;
    quotient.source = a.source == b.source ? a.source : absl::StrCat(a.source, " / ", b.source);
    quotient.evidence = std::max({Evidence::kDerived, a.evidence, b.evidence});
    quotient.other_is_zero = b.value.find_first_not_of("0.") == b.value.npos;
    if (!quotient.other_is_zero) quotient.value = divide(a.value, b.value);
    return quotient;
  }
  return quotient;
}

}  // namespace

YearQuotient RatioToYear(const std::vector<HistoryFile>& history, const std::string& series,
                         const std::string& year, const std::string& base) {
  return QuotientOf(history, series, year, base,
                    [](const std::string& a, const std::string& b) { return Quotient(a, b, 2); });
}

YearQuotient GrowthSinceYear(const std::vector<HistoryFile>& history, const std::string& series,
                             const std::string& year, const std::string& earlier) {
  return QuotientOf(history, series, year, earlier, [](const std::string& a, const std::string& b) {
    return Quotient(Difference(a, b), DividedByPowerOfTen(b, 2), 1);
  });
}

std::string WhyWithheld(const YearQuotient& quotient, Language language) {
  if (!quotient.value.empty()) return "";
  const bool is_japanese = language == Language::kJapanese;
  if (quotient.vintage.empty()) {
    return is_japanese ? absl::StrCat(quotient.year, "年の値がないため")
                       : absl::StrCat("no report states ", quotient.year);
  }
  if (quotient.other_is_zero) {
    return is_japanese ? absl::StrCat(quotient.other, "年の値が0であるため")
                       : absl::StrCat(quotient.other, " is 0");
  }
  return is_japanese ? absl::StrCat(quotient.year, "年と同じ版（", quotient.vintage, "）に", quotient.other,
                                    "年の値がないため")
                     : absl::StrCat(quotient.vintage, " states ", quotient.year, " and not ", quotient.other);
}

}  // namespace kansoku::aggregator
