// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "aggregator/publish/data_table.h"

namespace kansoku::aggregator {

// A table by the rules for machine-readable statistical tables (METRICS 11): a line of names, then one for
// each row; numbers without separators, units in a column of their own. Pure; any thread.
std::string OpenDataCsv(const DataTable& table);

}  // namespace kansoku::aggregator
