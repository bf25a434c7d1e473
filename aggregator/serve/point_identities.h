// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "aggregator/store/store.h"
#include "proto/contract/identity.h"

namespace kansoku::aggregator {

// Identities 1, 2 and 4 of a point over all time; the interface's, over the hour of its last window; and
// where its hours were added up "stored_hours", identity 4 for the hour tier. Pure; any thread.
std::vector<Identity> PointIdentities(const PointTotals& totals);

}  // namespace kansoku::aggregator
