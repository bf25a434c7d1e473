// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "aggregator/publish/history.h"

namespace kansoku::aggregator {

// What --history names: every table of the folder, by name. NOT_FOUND: it cannot be read, or holds none;
// INVALID_ARGUMENT names file and line. Any thread.
absl::StatusOr<std::vector<HistoryFile>> ReadHistory(const std::string& folder);

}  // namespace kansoku::aggregator
