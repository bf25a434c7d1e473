// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/history_choice.h"

#include "aggregator/publish/vintage_basis.h"

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

// What holds until the last report is of the latest vintage.
int LatestYear(const std::string& basis) { return HoldsLater(basis) ? 9999 : VintageYear(basis); }

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
    if (!is_first && LatestYear(row.basis) >= LatestYear(best.basis)) best = row;
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
