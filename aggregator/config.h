// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku::aggregator {

// Reads and checks a configuration file. INVALID_ARGUMENT or NOT_FOUND, with file, line and what to do.
// Nothing is opened but the file.
absl::StatusOr<v1::AggregatorConfig> LoadConfig(const std::string& path);

}  // namespace kansoku::aggregator
