// SPDX-License-Identifier: Apache-2.0
//
// Window arithmetic. A window is half-open, [start, start + length), and aligned to the Unix epoch.
// Pure functions; any thread.
#pragma once

#include <cstdint>

namespace kansoku {

inline constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;

// How many whole `step` fit below `value`, rounded towards the past; also right for times before 1970. step >
// 0.
constexpr int64_t FloorDivide(int64_t value, int64_t step) {
  return value / step - (value % step < 0 ? 1 : 0);
}

// Largest multiple of `step` that is not above `value`. It must be a number that int64_t has. step > 0.
constexpr int64_t FloorTo(int64_t value, int64_t step) { return FloorDivide(value, step) * step; }

// Smallest multiple of `step` that is not below `value`.
constexpr int64_t CeilTo(int64_t value, int64_t step) {
  const int64_t floor = FloorTo(value, step);
  return floor == value ? value : floor + step;
}

// Start, in seconds, of the window that holds the instant.
constexpr int64_t WindowStart(int64_t unix_ns, uint32_t window_seconds) {
  return FloorTo(FloorDivide(unix_ns, kNanosecondsPerSecond), window_seconds);
}

// A rollup tier is built from windows without splitting one only if the window divides it.
inline constexpr uint32_t kFiveMinuteSeconds = 300;
inline constexpr uint32_t kHourSeconds = 3600;
constexpr bool IsWindowLength(uint32_t seconds) { return seconds > 0 && kFiveMinuteSeconds % seconds == 0; }

}  // namespace kansoku
