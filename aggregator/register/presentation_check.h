// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"
#include "aggregator/register/table_rules.h"
#include "kansoku/v1/statistics.pb.h"

namespace kansoku::aggregator {

// What would be printed wrong, or not at all, though each cell is well formed. A presentation is of a figure
// of months, and its unit of what the figure is in: nothing but a ratio in "%", and a unit of bits or octets
// with the power of ten that its prefix says. Other units are taken as they are. Pure; any thread.
absl::Status CheckPresentations(const v1::Statistics& statistics, const PlacesOfTables& places);

}  // namespace kansoku::aggregator
