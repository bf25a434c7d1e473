// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {

// How many rows one answer may have: about 100 MB as messages. More is refused before it is built.
inline constexpr uint64_t kMostRows = 1'000'000;

inline absl::Status TooManyRows() {
  return absl::ResourceExhaustedError(
      absl::StrCat("the answer has more than ", kMostRows,
                   " rows; ask for a shorter range, a longer step or fewer dimensions"));
}

}  // namespace kansoku::aggregator
