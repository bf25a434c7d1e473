// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/input_difference.h"

#include <cstdint>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "aggregator/vintage/series_month.h"
#include "proto/contract/deterministic_bytes.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

using Names = std::vector<std::string>;

std::map<std::string, const v1::PointMonth*> ByName(const v1::MonthInputs& inputs) {
  std::map<std::string, const v1::PointMonth*> by_name;
  for (const v1::PointMonth& point : inputs.points()) by_name[point.point()] = &point;
  return by_name;
}

uint64_t Windows(const v1::PointMonth& point) {
  uint64_t windows = 0;
  for (const v1::HourVolume& hour : point.hours()) windows += hour.windows();
  return windows;
}

std::string HourBytes(const v1::PointMonth& point) {
  v1::PointMonth hours;
  *hours.mutable_hours() = point.hours();
  return DeterministicBytes(hours);
}

// Nothing if no point is named.
void Say(const std::string& singular, const std::string& plural, const Names& points, const std::string& rest,
         Names& said) {
  if (points.empty()) return;
  said.push_back(
      absl::StrCat(points.size() == 1 ? singular : plural, " ", absl::StrJoin(points, ", "), rest));
}

}  // namespace

Names MeasuredDifferences(const v1::MonthInputs& before, const v1::MonthInputs& after) {
  const auto old_points = ByName(before), new_points = ByName(after);
  Names late, parts, otherwise, joined, left;
  uint64_t windows = 0;
  for (const auto& [name, now] : new_points) {
    const auto found = old_points.find(name);
    if (found == old_points.end()) {
      joined.push_back(name);
    } else if (const uint64_t had = Windows(*found->second), has = Windows(*now); has > had) {
      late.push_back(name);
      windows += has - had;
    } else if (HourBytes(*now) != HourBytes(*found->second)) {
      parts.push_back(name);
    } else if (DeterministicBytes(*now) != DeterministicBytes(*found->second)) {
      otherwise.push_back(name);
    }
  }
  for (const auto& [name, point] : old_points) {
    if (!new_points.contains(name)) left.push_back(name);
  }
  Names said;
  Say("late data of point", "late data of points", late,
      absl::StrCat(": ", windows, windows == 1 ? " window" : " windows"), said);
  Say("late parts of windows of point", "late parts of windows of points", parts, "", said);
  Say("what is known of the missing windows of point", "what is known of the missing windows of points",
      otherwise, "", said);
  Say("with point", "with points", joined, "", said);
  Say("without point", "without points", left, "", said);
  if (before.octets_basis() != after.octets_basis()) {
    said.push_back(absl::StrCat("octets of basis ", EnumLabel(after.octets_basis()), " instead of ",
                                EnumLabel(before.octets_basis())));
  }
  return said;
}

Names EarlierDifferences(const v1::MonthInputs& before, const v1::MonthInputs& after) {
  const auto numbers = [](const v1::MonthInputs& inputs) {
    std::map<std::string, uint32_t> by_month;
    for (const v1::Figure& figure : inputs.earlier()) by_month[figure.month()] = figure.vintage();
    return by_month;
  };
  const auto had = numbers(before);
  Names said;
  for (const auto& [month, number] : numbers(after)) {
    const auto found = had.find(month);
    if (found != had.end() && found->second == number) continue;
    said.push_back(absl::StrCat("growth is against vintage ", number, " of ", month));
  }
  return said;
}

absl::Status CheckNothingForgotten(const v1::MonthInputs& before, const v1::MonthInputs& after) {
  const auto new_points = ByName(after);
  for (const v1::PointMonth& point : before.points()) {
    const auto found = new_points.find(point.point());
    if (found == new_points.end() || Windows(*found->second) >= Windows(point)) continue;
    return absl::FailedPreconditionError(
        absl::StrCat(SeriesMonth(before.series(), before.month()), ": of the ", Windows(point),
                     " windows of point ", point.point(), " the store has only ", Windows(*found->second),
                     " left (retention.hour_days); its figures stay without what came late"));
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
