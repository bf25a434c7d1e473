// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>

namespace kansoku::collector {

// Nanoseconds of the Unix epoch. Files can hold any time: one beyond what 64 bits express (the years 1677 to
// 2262) becomes the nearest that they do.
constexpr int64_t UnixNanoseconds(int64_t seconds, int64_t nanoseconds) {
  int64_t result = 0;
  if (__builtin_mul_overflow(seconds, int64_t{1'000'000'000}, &result) ||
      __builtin_add_overflow(result, nanoseconds, &result)) {
    return seconds < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
  }
  return result;
}

}  // namespace kansoku::collector
