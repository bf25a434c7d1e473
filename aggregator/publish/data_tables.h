// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "aggregator/publish/data_table.h"
#include "aggregator/publish/publication.h"

namespace kansoku::aggregator {

// The tables that a site makes of a publication, beside those of the history: the figures of months, where
// there are any those of telescopes' days, and how the published packets at dark addresses grew. Pure; any
// thread.
std::vector<DataTable> DataTables(const Publication& publication);

}  // namespace kansoku::aggregator
