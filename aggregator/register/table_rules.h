// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "absl/status/status.h"
#include "aggregator/register/message_table.h"
#include "kansoku/v1/statistics.pb.h"

namespace kansoku::aggregator {

// By the number of the table's field in v1::Statistics. Tables without rows may be left out.
using PlacesOfTables = std::map<int, TablePlaces>;

// What more than one cell of the tables decides. No two rows say the same thing. Counts are of the
// contributors of register.yaml, were released after their quarter's end, and together are not above the
// market's. Whether presentations fit their figures is another question (presentation_check.h). Pure; any
// thread.
absl::Status CheckTables(const v1::Statistics& statistics, const PlacesOfTables& places);

}  // namespace kansoku::aggregator
