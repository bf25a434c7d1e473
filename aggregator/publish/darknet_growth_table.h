// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "aggregator/publish/data_table.h"
#include "aggregator/publish/publication.h"

namespace kansoku::aggregator {

// data/darknet-growth: DarknetYears, one quotient a row. Pure; any thread.
DataTable DarknetGrowthTable(const Publication& publication);

}  // namespace kansoku::aggregator
