// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/made_report.h"

#include "tests/aggregator/store/sample_report.h"

namespace kansoku::testing {
namespace {

using aggregator::kSampleStart;
using aggregator::kSampleWindowSeconds;

constexpr uint64_t kReportsPerClock = 16;  // between two chances of a jump
constexpr int64_t kFarthestJumpWindows = 30;

// SplitMix64 (Steele, Lea, Flood 2014).
uint64_t Mix(uint64_t seed, uint64_t n) {
  uint64_t z = seed + (n + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

// How far the clock is off while this report's window is cut.
int64_t JumpedWindows(uint64_t seed, uint64_t n) {
  const uint64_t random = Mix(~seed, n / kReportsPerClock);
  if (random % 4 != 0) return 0;
  return static_cast<int64_t>(random / 4 % (2 * kFarthestJumpWindows + 1)) - kFarthestJumpWindows;
}

}  // namespace

std::vector<v1::PointDescription> MadePoints(const std::string& collector) {
  std::vector<v1::PointDescription> points;
  for (const char* side : {"-left", "-right"}) {
    v1::PointDescription& point = points.emplace_back();
    point.set_point(collector + side);
    point.set_group(v1::GROUP_A1);
    point.set_window_seconds(kSampleWindowSeconds);
  }
  return points;
}

v1::WindowReport MadeReport(const std::string& collector, uint64_t seed, uint64_t n) {
  const uint64_t random = Mix(seed, n);
  v1::WindowReport report;
  report.set_point(collector + (n % 2 == 0 ? "-left" : "-right"));
  const int64_t window = kFarthestJumpWindows + static_cast<int64_t>(n / 2) + JumpedWindows(seed, n);
  report.set_window_start_unix_seconds(kSampleStart + window * int64_t{kSampleWindowSeconds});
  report.set_window_seconds(kSampleWindowSeconds);
  *report.mutable_measurement() =
      aggregator::SampleMeasurement(random, 1 + static_cast<int>(random % 12), random % 3 == 0);
  return report;
}

}  // namespace kansoku::testing
