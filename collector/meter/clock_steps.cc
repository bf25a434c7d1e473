// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/clock_steps.h"

namespace kansoku::collector {
namespace {

// Adjusting a clock gently moves both; what is set by less makes little of a window.
constexpr int64_t kLeastStepNs = 100'000'000;

}  // namespace

bool ClockSteps::Take(int64_t unix_ns, const ClockReading& now) {
  const int64_t offset_ns = now.unix_ns - now.steady_ns;
  const int64_t believed_ns = offset_ns_.value_or(offset_ns);
  const int64_t latest_unix_ns = now.steady_ns + believed_ns;  // that the clock could say, had nobody set it
  const bool is_set_forward = unix_ns > latest_unix_ns + kLeastStepNs;
  const bool is_set_back = offset_ns < believed_ns - kLeastStepNs;
  if (is_set_forward || offset_ns <= believed_ns + kLeastStepNs) offset_ns_ = offset_ns;
  return is_set_forward || is_set_back;
}

}  // namespace kansoku::collector
