// SPDX-License-Identifier: Apache-2.0
//
// Months and dates are compared as they are written: their digits stand in the order of time.
#include "proto/contract/statistics_lookup.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace kansoku {
namespace {

// Half-open [since, until); empty is without end.
bool IsWithin(const std::string& month, const std::string& since, const std::string& until) {
  return (since.empty() || since <= month) && (until.empty() || month < until);
}

// The one of the rows that match whose `key` is the greatest.
template <typename Rows, typename Matches, typename Key>
auto Last(const Rows& rows, const Matches& matches, const Key& key) -> decltype(&*rows.begin()) {
  decltype(&*rows.begin()) last = nullptr;
  for (const auto& row : rows) {
    if (matches(row) && (last == nullptr || key(*last) < key(row))) last = &row;
  }
  return last;
}

}  // namespace

bool IsMember(const v1::Contributor& contributor, Month month) {
  return IsWithin(MonthText(month), contributor.member_since(), contributor.member_until());
}

std::vector<const v1::Contributor*> MembersOf(const v1::Statistics& statistics, v1::Series series,
                                              Month month) {
  std::vector<const v1::Contributor*> members;
  for (const v1::Contributor& contributor : statistics.register_().contributors()) {
    if (contributor.series() == series && IsMember(contributor, month)) members.push_back(&contributor);
  }
  std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) { return a->isp() < b->isp(); });
  return members;
}

std::vector<SeriesPoint> PointsOf(const v1::Statistics& statistics, v1::Series series, Month month) {
  std::vector<SeriesPoint> points;
  for (const v1::Contributor* member : MembersOf(statistics, series, month)) {
    for (const v1::MeasuredPoint& point : member->points()) {
      if (IsWithin(MonthText(month), point.since(), point.until())) points.push_back({member, &point});
    }
  }
  std::sort(points.begin(), points.end(),
            [](const SeriesPoint& a, const SeriesPoint& b) { return a.point->point() < b.point->point(); });
  return points;
}

const v1::ContractCount* FindContracts(const v1::Statistics& statistics, v1::Series series, Month quarter_end,
                                       std::string_view contributor) {
  const std::string quarter = MonthText(quarter_end);
  return Last(
      statistics.contracts(),
      [&](const v1::ContractCount& row) {
        return row.series() == series && row.quarter() == quarter && row.contributor() == contributor;
      },
      [](const v1::ContractCount& row) -> const std::string& { return row.released(); });
}

const v1::CoverageShare* FindCoverage(const v1::Statistics& statistics, Month month,
                                      v1::CoverageBasis basis) {
  const std::string text = MonthText(month);
  return Last(
      statistics.coverage(),
      [&](const v1::CoverageShare& row) { return row.month() == text && row.basis() == basis; },
      [](const v1::CoverageShare& row) -> const std::string& { return row.released(); });
}

const v1::Presentation* FindPresentation(const v1::Statistics& statistics, std::string_view figure,
                                         Month month) {
  const std::string text = MonthText(month);
  return Last(
      statistics.presentations(),
      [&](const v1::Presentation& row) { return row.figure() == figure && row.since() <= text; },
      [](const v1::Presentation& row) -> const std::string& { return row.since(); });
}

std::vector<const v1::SeriesBreak*> BreaksBetween(const v1::Statistics& statistics, v1::Series series,
                                                  Month earlier, Month later) {
  const std::string after = MonthText(earlier), up_to = MonthText(later);
  std::vector<const v1::SeriesBreak*> breaks;
  for (const v1::SeriesBreak& row : statistics.breaks()) {
    if (row.series() == series && after < row.month() && row.month() <= up_to) breaks.push_back(&row);
  }
  std::sort(breaks.begin(), breaks.end(),
            [](const auto* a, const auto* b) { return a->month() < b->month(); });
  return breaks;
}

DayType DayTypeOf(const v1::Statistics& statistics, absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  if (weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday) return DayType::kHoliday;
  const std::string date = absl::FormatCivilTime(day);
  return std::any_of(statistics.holidays().begin(), statistics.holidays().end(),
                     [&](const v1::Holiday& holiday) { return holiday.date() == date; })
             ? DayType::kHoliday
             : DayType::kWeekday;
}

bool KnowsHolidaysOf(const v1::Statistics& statistics, int year) {
  const std::string prefix = absl::StrCat(year, "-");
  return std::any_of(statistics.holidays().begin(), statistics.holidays().end(),
                     [&](const v1::Holiday& holiday) { return absl::StartsWith(holiday.date(), prefix); });
}

}  // namespace kansoku
