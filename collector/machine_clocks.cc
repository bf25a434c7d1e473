// SPDX-License-Identifier: Apache-2.0
#include "collector/machine_clocks.h"

#include <chrono>

#include "absl/time/clock.h"

namespace kansoku::collector {
namespace {

constexpr int64_t kMostApartNs = 1'000'000;

int64_t SteadyNanoseconds() {
  using std::chrono::nanoseconds;
  return std::chrono::duration_cast<nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

// Whoever was stopped between the two, which looks as if a clock had been set, reads them again.
ClockReading ReadMachineClocks() {
  ClockReading reading;
  int64_t steady_after_ns = SteadyNanoseconds();
  do {
    reading = {.unix_ns = absl::GetCurrentTimeNanos(), .steady_ns = steady_after_ns};
    steady_after_ns = SteadyNanoseconds();
  } while (steady_after_ns - reading.steady_ns > kMostApartNs);
  return reading;
}

}  // namespace kansoku::collector
