// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "kansoku/v1/statistics.pb.h"
#include "kansoku/v1/vintage.pb.h"

namespace kansoku::aggregator {

// How what the register asks to be read of a month differs from inputs that were read: "point tokyo-1 would
// join". Empty: the inputs serve this register too. Pure.
std::vector<std::string> AskedDifferences(const v1::MonthInputs& inputs, const v1::Statistics& statistics);

}  // namespace kansoku::aggregator
