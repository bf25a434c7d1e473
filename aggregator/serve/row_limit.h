// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace kansoku::aggregator {

// How many rows one answer may have: about 100 MB as messages. More is refused before it is built.
inline constexpr uint64_t kMostRows = 1'000'000;

inline absl::Status TooManyRows() {
  return absl::ResourceExhaustedError(
      absl::StrCat("the answer has more than ", kMostRows,
                   " rows; ask for a shorter range, a longer step or fewer dimensions"));
}

// How long an answer with figures of months or days may be: less than the 4 MiB that a gRPC client takes
// unless it is told otherwise. A year of one series is, and a month of a telescope's days.
inline constexpr size_t kMostFigureOctets = 4'000'000;
// What a message has before each entry of a list: its field and its length.
inline constexpr size_t kOctetsOfAnEntry = 4;

inline absl::Status TooManyMonths(size_t fitting, size_t asked) {
  return absl::ResourceExhaustedError(absl::StrCat(
      "months: ", fitting, " of the ", asked, " that were published fill the ", kMostFigureOctets,
      " octets that one answer may have; ask for fewer at a time, or for single figures by ids"));
}

inline absl::Status TooManyDays(absl::string_view first_that_does_not_fit) {
  return absl::ResourceExhaustedError(absl::StrCat(
      "telescope.last_day: the days before ", first_that_does_not_fit, " fill the ", kMostFigureOctets,
      " octets that one answer may have; ask for fewer at a time, or for single figures by ids"));
}

}  // namespace kansoku::aggregator
