// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace kansoku::aggregator {

// NOT_FOUND names the file and says why it cannot be read. Any thread.
absl::StatusOr<std::string> ReadFile(const std::string& path);

}  // namespace kansoku::aggregator
