// SPDX-License-Identifier: Apache-2.0
//
// Whole days in Japan as they are written. Pure; any thread.
#pragma once

#include <string>

#include "kansoku/v1/figure.pb.h"

namespace kansoku {

// "2026" for a whole year, "2026-11" for a whole month, "2026-11-21" for a day and "2026-11-01/2026-11-20"
// (ISO 8601, both in it) for other days. Days that are not whole count as if they were.
std::string PeriodText(const v1::TimeRange& period);

// Of its first and last day: "2026-11-01".
std::string FirstDayText(const v1::TimeRange& period);
std::string LastDayText(const v1::TimeRange& period);

}  // namespace kansoku
