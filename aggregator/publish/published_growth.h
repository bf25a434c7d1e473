// SPDX-License-Identifier: Apache-2.0
//
// How a published series of years grew (METRICS 5.6). The past is restated from report to report, so both
// years of a quotient are of one vintage: what a report states, or an earlier one stated for "later" too. Of
// several vintages that have both years the latest counts. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "aggregator/publish/history.h"
#include "aggregator/publish/language.h"

namespace kansoku::aggregator {

struct YearQuotient {
  std::string year, other;                 // 2024 against 2015
  std::string value;                       // decimal, rounded once, half away from zero; empty: withheld
  std::string vintage;                     // of both; withheld, the latest that states the year
  Evidence evidence = Evidence::kDerived;  // or kRecalled, where one of the two is
  std::string source;                      // of both
  bool other_is_zero = false;              // withheld for that, and not because no vintage has both
};

// METRICS D5: the year / the base year, with two digits.
YearQuotient RatioToYear(const std::vector<HistoryFile>& history, const std::string& series,
                         const std::string& year, const std::string& base);

// METRICS D6: the year / an earlier one - 1, in percent with one digit.
YearQuotient GrowthSinceYear(const std::vector<HistoryFile>& history, const std::string& series,
                             const std::string& year, const std::string& earlier);

// Why there is no value; empty where there is one.
std::string WhyWithheld(const YearQuotient& quotient, Language language);

}  // namespace kansoku::aggregator
