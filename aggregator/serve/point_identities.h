// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "aggregator/store/store.h"
#include "proto/contract/identity.h"

namespace kansoku::aggregator {

// Identities 1, 2 and 4 of a point; where its hours were added up also "stored_hours", identity 4 for the
// hour tier. Pure; any thread.
std::vector<Identity> PointIdentities(const PointTotals& totals);

}  // namespace kansoku::aggregator
