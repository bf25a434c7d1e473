// SPDX-License-Identifier: Apache-2.0
//
// What the points of one or more traffic groups measured in a month, together. Pure; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "aggregator/figures/imputation.h"
#include "aggregator/figures/quantity.h"
#include "aggregator/figures/series_month.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::aggregator {

enum class Flow { kDownload, kUpload, kTotal };

// "download", "upload", "total".
std::string_view Label(Flow flow);

// Where a series' subscribers are measured, whose rate the series is of.
std::span<const v1::Group> SubscriberGroups(v1::Series series);

struct GroupMonth {
  std::string name;  // for the steps: "group a1"
  int points = 0;    // that the register has
  int isps = 0;      // of which at least one window came
  v1::Figure frame;  // windows, gaps, flags and notes of these points
  Rational completeness;
  DirectionMonth download, upload;
  // Whether enough ISPs miss windows to tell how much was filled in: that of one, beside how many windows it
  // misses, tells its rate.
  bool tells_filled = false;
  bool error_is_of_few = false;                     // as of a Quantity
  std::optional<Withheld> withheld = std::nullopt;  // the volumes say nothing
};

// The points of the register, whatever the inputs know of them: one that never reported lowers completeness
// like any other missing window (its expected windows are counted as ten seconds long). Withheld, in this
// order: the month as a whole is; no point; completeness below 0.95; nothing to fill a missing window with;
// fewer ISPs than the register tells of.
GroupMonth SumGroups(std::span<const v1::Group> groups, std::string_view name, const SeriesMonth& month);

SlotVolume SlotOf(const GroupMonth& group, Flow flow, size_t slot);

// Octets of the month, with what was filled in (METRICS 3.2).
Quantity MonthVolume(const GroupMonth& group, Flow flow);

// 8 x octets / seconds of the month: the mean of all slots, each of its length (METRICS 3.2).
Quantity MonthRate(const GroupMonth& group, Flow flow, const SeriesMonth& month);

}  // namespace kansoku::aggregator
