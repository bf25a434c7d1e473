// SPDX-License-Identifier: Apache-2.0
//
// The figures of fixed broadband (METRICS 3). Pure; any thread.
#pragma once

#include <vector>

#include "aggregator/figures/series_month.h"

namespace kansoku::aggregator {

std::vector<v1::Figure> FixedFigures(SeriesMonth month);

}  // namespace kansoku::aggregator
