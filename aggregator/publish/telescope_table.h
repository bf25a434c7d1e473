// SPDX-License-Identifier: Apache-2.0
//
// The published table of telescopes' figures. Pure; any thread.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "aggregator/publish/data_table.h"
#include "aggregator/publish/publication.h"

namespace kansoku::aggregator {

// data/telescope: one figure a row, with the version of the rules that it was judged by, and which revision
// of its days it is of. What the table has in common with that of months is called the same there.
DataTable TelescopeTable(const Publication& publication);

// Whether each figure has a value or a reason why there is none, and only labels that have a column.
absl::Status CheckTelescope(const std::vector<v1::Figure>& figures);

}  // namespace kansoku::aggregator
