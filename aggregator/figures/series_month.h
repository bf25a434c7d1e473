// SPDX-License-Identifier: Apache-2.0
//
// What all figures of one series and month are computed from, and what they say beside their numbers. Pure;
// any thread.
#pragma once

#include <optional>
#include <vector>

#include "aggregator/figures/month_slots.h"
#include "aggregator/figures/withheld.h"
#include "kansoku/v1/figure.pb.h"
#include "kansoku/v1/vintage.pb.h"
#include "proto/contract/month.h"
#include "proto/contract/statistics_lookup.h"

namespace kansoku::aggregator {

// Refers to the inputs and the register it was made from.
struct SeriesMonth {
  const v1::MonthInputs& inputs;
  const v1::Statistics& statistics;
  Month month;
  MonthSlots slots;
  std::vector<SeriesPoint> points;  // the register's, by name
  v1::Figure frame;                 // series, month, period, basis of coverage, and notes of every figure
  std::optional<Withheld> withheld = std::nullopt;  // nothing can be said of what was measured
};

// The inputs' month is a valid one.
SeriesMonth MakeSeriesMonth(const v1::MonthInputs& inputs, const v1::Statistics& statistics);

// Keeps the notes sorted, each once.
void AddNote(v1::FigureNote note, v1::Figure& figure);
bool HasNote(const v1::Figure& figure, v1::FigureNote note);

}  // namespace kansoku::aggregator
