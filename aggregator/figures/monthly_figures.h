// SPDX-License-Identifier: Apache-2.0
//
// Every figure of one series and month. Pure; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "kansoku/v1/figure.pb.h"
#include "kansoku/v1/statistics.pb.h"
#include "kansoku/v1/vintage.pb.h"

namespace kansoku::aggregator {

// Of the formulas: raised whenever the same inputs and register would give another figure.
inline constexpr std::string_view kMethodVersion = "2";

// A function of inputs and register alone, so that a computation years later gives equal figures. The same
// figures and labels each month, withheld ones included; always in the same order. Empty: the inputs are of
// no series, or their month is none. Vintage, state, register digest and the time of computation are left to
// the caller.
std::vector<v1::Figure> MonthlyFigures(const v1::MonthInputs& inputs, const v1::Statistics& statistics);

}  // namespace kansoku::aggregator
