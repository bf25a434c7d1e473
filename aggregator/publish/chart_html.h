// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "aggregator/publish/chart.h"
#include "aggregator/publish/language.h"

namespace kansoku::aggregator {

// A figure element: its caption, the place that charts.js draws in, and the table that it draws from. Without
// scripts the table is all there is. Pure; any thread.
std::string ChartHtml(const Chart& chart, Language language);

// The table alone, of what is not drawn.
std::string ChartTableHtml(const Chart& chart, Language language);

}  // namespace kansoku::aggregator
