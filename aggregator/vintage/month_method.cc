// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/month_method.h"

#include "aggregator/figures/month_inputs.h"
#include "aggregator/figures/monthly_figures.h"

namespace kansoku::aggregator {

MonthMethod CurrentMethod() {
  return {.version = std::string(kMethodVersion), .read = ReadMonthInputs, .compute = MonthlyFigures};
}

}  // namespace kansoku::aggregator
