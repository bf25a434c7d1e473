// SPDX-License-Identifier: Apache-2.0
#include "collector/offload_judge.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace kansoku::collector {
namespace {

// What Linux takes from a network card at a time.
constexpr uint64_t kBurst = 64;
// What some drivers count and no capture sees, as pause frames.
constexpr uint64_t kUnseenPercent = 1;
// How long the kernel keeps packets back, and how much later than its end a silent link's window is closed.
constexpr uint64_t kHeldBackMilliseconds = 100;
constexpr uint64_t kClosedLateMilliseconds = 1100;

// Whether more is missing than readings so far apart explain.
bool IsShort(const v1::Ledger& ledger, uint64_t apart_milliseconds, uint64_t window_seconds) {
  const uint64_t nic = ledger.nic_packets();
  const uint64_t meanwhile = nic * apart_milliseconds / (1000 * window_seconds);
  const uint64_t unseen = std::max(kBurst, nic * kUnseenPercent / 100);
  return nic > ledger.tap_packets() + ledger.segmented_packets() + unseen + meanwhile;
}

bool IsPartial(const v1::Measurement& measurement) {
  const auto& flags = measurement.flags();
  return std::find(flags.begin(), flags.end(), v1::QUALITY_FLAG_PARTIAL) != flags.end();
}

}  // namespace

bool OffloadJudge::IsOffloaded(const v1::WindowReport& report) {
  const v1::Ledger& ledger = report.measurement().ledger();
  if (!has_several_workers_) return IsShort(ledger, kHeldBackMilliseconds, report.window_seconds());
  if (IsPartial(report.measurement())) return false;
  const bool is_short =
      IsShort(ledger, kHeldBackMilliseconds + kClosedLateMilliseconds, report.window_seconds());
  return std::exchange(was_short_, is_short) && is_short;
}

}  // namespace kansoku::collector
