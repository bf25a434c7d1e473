// SPDX-License-Identifier: Apache-2.0
//
// How a figure grew (METRICS 3.6). Pure; any thread.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "aggregator/figures/quantity.h"
#include "aggregator/figures/series_month.h"

namespace kansoku::aggregator {

// What growth is against, in months before.
inline constexpr std::array<int, 2> kLagsInMonths = {12, 6};

// What grows: the month's value of `of`, and the labels by which the same is found in earlier months. The
// growth has the labels `labels`, and its lag.
struct Growing {
  const FigureKind& kind;  // of the growth
  const FigureKind& of;
  const Quantity& now;
  FigureLabels of_labels = {};
  FigureLabels labels = {};
};

// now / earlier - 1 against 12 and 6 months before, of exact values; that of six months as it is, not as a
// year's. Withheld: the value is; a break lies between ("series_break: ..."); the earlier one was not
// published, was withheld, has another basis, or is 0.
void AppendGrowth(const Growing& growing, const SeriesMonth& month, std::vector<v1::Figure>& figures);

// "12_months".
std::string LagLabel(int months);

}  // namespace kansoku::aggregator
