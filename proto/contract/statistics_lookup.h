// SPDX-License-Identifier: Apache-2.0
//
// What the register of statistics says of a month or a day. The register is a checked one, as
// aggregator/register reads it: its months and dates are well formed, and no two rows say the same thing.
// Pointers point into `statistics`; nullptr: it does not say. Pure; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "kansoku/v1/statistics.pb.h"
#include "proto/contract/month.h"

namespace kansoku {

// For `contributor` of FindContracts: the contracts of all there are, measured or not.
inline constexpr std::string_view kWholeMarket = "";

// A month at a time: who joins or leaves within a month is no member in it (METRICS 7).
bool IsMember(const v1::Contributor& contributor, Month month);

// The members of a series in a month, by isp.
std::vector<const v1::Contributor*> MembersOf(const v1::Statistics& statistics, v1::Series series,
                                              Month month);

struct SeriesPoint {
  const v1::Contributor* contributor;
  const v1::MeasuredPoint* point;
};

// The points of a series' members that belong to the figures of a month, by name.
std::vector<SeriesPoint> PointsOf(const v1::Statistics& statistics, v1::Series series, Month month);

// Contracts at the end of the quarter whose last month is `quarter_end`. Of several releases the last holds.
const v1::ContractCount* FindContracts(const v1::Statistics& statistics, v1::Series series, Month quarter_end,
                                       std::string_view contributor);

// The share of a month that is known as such; of several releases the last holds.
const v1::CoverageShare* FindCoverage(const v1::Statistics& statistics, Month month, v1::CoverageBasis basis);

// How a figure is printed in a month: by the row that began last.
const v1::Presentation* FindPresentation(const v1::Statistics& statistics, std::string_view figure,
                                         Month month);

// What makes `later` incomparable with `earlier`, by month: a break is at the first month after it.
std::vector<const v1::SeriesBreak*> BreaksBetween(const v1::Statistics& statistics, v1::Series series,
                                                  Month earlier, Month later);

enum class DayType { kWeekday, kHoliday };

// Saturdays, Sundays and public holidays are holidays (METRICS 3.8). `day` is one in Japan. Walks the whole
// calendar: ask once a day.
DayType DayTypeOf(const v1::Statistics& statistics, absl::CivilDay day);

// Whether the calendar has any day of the year. Of a year without, every holiday would count as a weekday.
bool KnowsHolidaysOf(const v1::Statistics& statistics, int year);

}  // namespace kansoku
