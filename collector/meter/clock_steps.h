// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "collector/capture/capture_stats.h"

namespace kansoku::collector {

// Tells time that passed from a clock that somebody set, by the steady clock beside it. One thread.
class ClockSteps {
 public:
  // Whether the clock was set since the last call. `unix_ns` is an instant that it gave, now or when a packet
  // came that was delivered only now: an instant from before the clock was set forward says nothing of that
  // yet.
  bool Take(int64_t unix_ns, const ClockReading& now);

 private:
  std::optional<int64_t> offset_ns_;  // from the steady clock to the other, where last believed
};

}  // namespace kansoku::collector
