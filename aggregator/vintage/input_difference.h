// SPDX-License-Identifier: Apache-2.0
//
// What differs between two readings of one month, in the words of the audit trail. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "kansoku/v1/vintage.pb.h"

namespace kansoku::aggregator {

// What was measured: "late data of points a, b: 12 windows". Empty: nothing differs.
std::vector<std::string> MeasuredDifferences(const v1::MonthInputs& before, const v1::MonthInputs& after);

// The figures that growth is against: "growth is against vintage 3 of 2023-11".
std::vector<std::string> EarlierDifferences(const v1::MonthInputs& before, const v1::MonthInputs& after);

// FAILED_PRECONDITION: a point has fewer windows than it had. The store never takes a window back, so it has
// forgotten the hours.
absl::Status CheckNothingForgotten(const v1::MonthInputs& before, const v1::MonthInputs& after);

}  // namespace kansoku::aggregator
