// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "absl/time/time.h"

namespace kansoku::aggregator {

// How long batches took from their arrival to their acknowledgement. A value.
struct AcknowledgementTimes {
  static constexpr std::array kEdgesSeconds = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0};

  std::array<uint64_t, kEdgesSeconds.size()> within = {};  // of each edge, all that took no longer
  uint64_t count = 0;
  double sum_seconds = 0;

  void Add(absl::Duration time) {
    const double seconds = absl::ToDoubleSeconds(time);
    for (size_t edge = 0; edge < kEdgesSeconds.size(); ++edge) within[edge] += seconds <= kEdgesSeconds[edge];
    ++count;
    sum_seconds += seconds;
  }
};

}  // namespace kansoku::aggregator
