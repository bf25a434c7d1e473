// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/monthly_figures.h"

#include "aggregator/figures/fixed_figures.h"
#include "aggregator/figures/mobile_figures.h"
#include "aggregator/figures/series_month.h"

namespace kansoku::aggregator {

std::vector<v1::Figure> MonthlyFigures(const v1::MonthInputs& inputs, const v1::Statistics& statistics) {
  if (!ParseMonth(inputs.month()).ok()) return {};
  if (inputs.series() == v1::SERIES_FIXED) return FixedFigures(MakeSeriesMonth(inputs, statistics));
  if (inputs.series() == v1::SERIES_MOBILE) return MobileFigures(MakeSeriesMonth(inputs, statistics));
  return {};
}

}  // namespace kansoku::aggregator
