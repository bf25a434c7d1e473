// SPDX-License-Identifier: Apache-2.0
//
// Days in Japan, in which telescopes are judged (METRICS 1.2 and 5.7). Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace kansoku {

// "2024-11-01", from 1971-01-01 to 9998-12-31. INVALID_ARGUMENT says what is accepted.
absl::StatusOr<absl::CivilDay> ParseDay(std::string_view text);
std::string DayText(absl::CivilDay day);

// The day that holds an instant.
absl::CivilDay DayOf(absl::Time time);

// In seconds of the Unix epoch. A day ends where the next one starts.
int64_t DayStartUnixSeconds(absl::CivilDay day);

}  // namespace kansoku
