// SPDX-License-Identifier: Apache-2.0
//
// Filling in what is missing of a point's month (METRICS 3.2). The missing share of a slot is filled with the
// median of the same point's complete slots at the same hour of the same day type: gaps cluster in the hours
// of little traffic, so a mean of what is present would be too high. Exact. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "aggregator/figures/month_slots.h"
#include "aggregator/figures/rational.h"
#include "aggregator/figures/withheld.h"
#include "kansoku/v1/vintage.pb.h"

namespace kansoku::aggregator {

// Below this share of the month's windows nothing is published.
Rational LeastCompleteness();

struct SlotVolume {
  Rational octets;    // with what was filled in
  Rational variance;  // of octets that were estimated from a sample
};

struct DirectionMonth {
  std::vector<SlotVolume> slots;  // as MonthSlots'
  Rational filled_octets;         // of all slots
};

struct ImputedPoint {
  DirectionMonth download, upload;
  int64_t present_seconds = 0;  // of the windows that came
  bool is_filled = false;
  // Why the volumes say nothing: there is no complete slot to fill a missing one with.
  std::optional<Withheld> withheld;
};

ImputedPoint Impute(const v1::PointMonth& point, const MonthSlots& slots);

}  // namespace kansoku::aggregator
