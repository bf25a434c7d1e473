// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "collector/classify/address_plan.h"

namespace kansoku::collector {

// Appends the subscriber ranges of a CSV file: header `prefix,access,technology`, one range a line, blank
// lines and lines that begin with # ignored. The ranges borrow `path`. NOT_FOUND, or INVALID_ARGUMENT with
// file and line.
absl::Status ReadSubscriberFile(const std::string& path, std::vector<SubscriberRange>& ranges);

}  // namespace kansoku::collector
