// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/figure_frame.h"

#include <algorithm>

namespace kansoku::aggregator {

v1::Figure FigureFrame(const TimeSteps& period) {
  v1::Figure frame;
  frame.mutable_period()->set_start_unix_seconds(period.start_unix_seconds);
  frame.mutable_period()->set_end_unix_seconds(period.end_unix_seconds);
  return frame;
}

void AddPoint(const PointSum& point, v1::Figure& frame) {
  frame.set_windows(frame.windows() + point.measurement.windows());
  frame.set_expected_windows(frame.expected_windows() + point.expected_windows);
  GapSum gaps = point.gaps;
  gaps.Add(frame.gaps());
  *frame.mutable_gaps() = gaps.counts();
  auto& flags = *frame.mutable_flags();
  flags.MergeFrom(point.measurement.flags());
  std::sort(flags.begin(), flags.end());
  flags.Truncate(static_cast<int>(std::unique(flags.begin(), flags.end()) - flags.begin()));
}

}  // namespace kansoku::aggregator
