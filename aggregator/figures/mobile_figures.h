// SPDX-License-Identifier: Apache-2.0
//
// The figures of mobile traffic (METRICS 4). The operators are the market, so nothing is extrapolated. Pure;
// any thread.
#pragma once

#include <vector>

#include "aggregator/figures/series_month.h"

namespace kansoku::aggregator {

std::vector<v1::Figure> MobileFigures(SeriesMonth month);

}  // namespace kansoku::aggregator
