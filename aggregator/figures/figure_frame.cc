// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/figure_frame.h"

#include <algorithm>

namespace kansoku::aggregator {
namespace {

void AddWindows(uint64_t windows, uint64_t expected_windows, v1::Figure& frame) {
  frame.set_windows(frame.windows() + windows);
  frame.set_expected_windows(frame.expected_windows() + expected_windows);
}

void AddGaps(GapSum gaps, v1::Figure& frame) {
  gaps.Add(frame.gaps());
  *frame.mutable_gaps() = gaps.counts();
}

void AddFlags(const google::protobuf::RepeatedField<int>& of_point, v1::Figure& frame) {
  auto& flags = *frame.mutable_flags();
  flags.MergeFrom(of_point);
  std::sort(flags.begin(), flags.end());
  flags.Truncate(static_cast<int>(std::unique(flags.begin(), flags.end()) - flags.begin()));
}

}  // namespace

v1::Figure FigureFrame(const TimeSteps& period) {
  v1::Figure frame;
  frame.mutable_period()->set_start_unix_seconds(period.start_unix_seconds);
  frame.mutable_period()->set_end_unix_seconds(period.end_unix_seconds);
  return frame;
}

void AddPoint(const PointSum& point, v1::Figure& frame) {
  AddWindows(point.measurement.windows(), point.expected_windows, frame);
  AddGaps(point.gaps, frame);
  AddFlags(point.measurement.flags(), frame);
}

void AddPoint(const v1::PointMonth& point, uint64_t expected_windows, v1::Figure& frame) {
  uint64_t windows = 0;
  for (const v1::HourVolume& hour : point.hours()) windows += hour.windows();
  AddWindows(windows, expected_windows, frame);
  GapSum gaps;
  for (v1::GapCount gap : point.gaps()) {
    gap.clear_packets();
    gaps.Add(gap);
  }
  AddGaps(gaps, frame);
  AddFlags(point.flags(), frame);
}

void AddFrame(const v1::Figure& from, v1::Figure& frame) {
  AddWindows(from.windows(), from.expected_windows(), frame);
  GapSum gaps;
  gaps.Add(from.gaps());
  AddGaps(gaps, frame);
  AddFlags(from.flags(), frame);
}

}  // namespace kansoku::aggregator
