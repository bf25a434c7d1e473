// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/history_choice.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace kansoku::aggregator {
namespace {

using Meant = std::function<bool(const HistoryRow&)>;

template <typename Take>
void ForEach(const std::vector<HistoryFile>& history, const std::string& series, const Meant& is_meant,
             Take take) {
  for (const HistoryFile& file : history) {
    for (const HistoryRow& row : file.rows) {
      if (row.series == series && is_meant(row)) take(row);
    }
  }
}

bool IsYear(const std::string& period) {
  return period.size() == 4 && std::all_of(period.begin(), period.end(), absl::ascii_isdigit);
}

// "vintage 2024 report" is 2024.
int VintageYear(const std::string& basis) {
  if (basis.ends_with("and later")) return 9999;
  int year = 0;
  for (size_t i = 0; i + 4 <= basis.size(); ++i) {
    if (IsYear(basis.substr(i, 4))) year = std::max(year, std::stoi(basis.substr(i, 4)));
  }
  return year;
}

}  // namespace

RowByPeriod LastStated(const std::vector<HistoryFile>& history, const std::string& series,
                       const Meant& is_meant) {
  RowByPeriod chosen;
  ForEach(history, series, is_meant, [&](const HistoryRow& row) { chosen[row.period] = row; });
  return chosen;
}

RowByPeriod LatestVintage(const std::vector<HistoryFile>& history, const std::string& series,
                          const Meant& is_meant) {
  RowByPeriod chosen;
  ForEach(history, series, is_meant, [&](const HistoryRow& row) {
    if (!IsYear(row.period)) return;
    const auto [at, is_first] = chosen.try_emplace(row.period, row);
    HistoryRow& best = at->second;
    if (!is_first && VintageYear(row.basis) >= VintageYear(best.basis)) best = row;
  });
  ForEach(history, series, is_meant, [&](const HistoryRow& row) {
    const auto at = chosen.find(row.period);
    if (at != chosen.end() && row.value == at->second.value && row.evidence < at->second.evidence) {
      at->second = row;
    }
  });
  return chosen;
}

}  // namespace kansoku::aggregator
