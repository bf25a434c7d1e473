// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace kansoku {

// The nearest double to a whole number or a "numerator/denominator" (Figure.exact, FigureStep.value). Of as
// many digits as there are, so no integer could take them. Nothing: it is neither. Any thread.
std::optional<double> NearestDouble(const std::string& exact);

}  // namespace kansoku
