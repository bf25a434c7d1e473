// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace kansoku::collector {

// What the file holds. NOT_FOUND: path and reason, and that `asked_by`, an option or a key, names it.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path, const std::string& asked_by);

}  // namespace kansoku::collector
