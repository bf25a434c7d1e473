// SPDX-License-Identifier: Apache-2.0
//
// Figures by the ids that people write. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "aggregator/figures/figure_catalog.h"
#include "kansoku/v1/statistics.pb.h"

namespace kansoku::aggregator {

// The row of the catalogue; nullptr: no figure has this id.
const FigureKind* FindFigure(std::string_view id);

// Whose months a figure is of: its id begins with the series. Unspecified: it is computed of any range.
v1::Series SeriesOf(std::string_view id);

// Whether it is a figure of telescopes' days; of any range it may be one too.
bool IsOfTelescope(std::string_view id);

// The ids that come nearest to a word, "fixed_coverage, fixed_balance, ...", for who wrote it wrong.
std::string NearestFigures(std::string_view word);

}  // namespace kansoku::aggregator
