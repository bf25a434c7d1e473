// SPDX-License-Identifier: Apache-2.0
//
// Of several published values of one period, the one that is drawn. All of them stay in the tables of the
// history. Pure; any thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "aggregator/publish/history.h"

namespace kansoku::aggregator {

using RowByPeriod = std::map<std::string, HistoryRow>;

// The rows of a series that `is_meant`, one for each period: the one that was stated last, as restated values
// replace earlier ones.
RowByPeriod LastStated(const std::vector<HistoryFile>& history, const std::string& series,
                       const std::function<bool(const HistoryRow&)>& is_meant);

// One for each year: of the latest vintage. A basis names the year of its report; "and later" holds until the
// last. Where the same value is known in several ways, the best counts.
RowByPeriod LatestVintage(const std::vector<HistoryFile>& history, const std::string& series,
                          const std::function<bool(const HistoryRow&)>& is_meant);

}  // namespace kansoku::aggregator
