// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "aggregator/publish/publication.h"

namespace kansoku::aggregator {

// The figures by the rules for machine-readable statistical tables (METRICS 11): a line of names, then one
// for each figure; numbers without separators, units in a column of their own. Pure; any thread.
std::string OpenDataCsv(const Publication& publication);

}  // namespace kansoku::aggregator
