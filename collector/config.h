// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "collector/classify/address_plan.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku::collector {

// A configuration that was checked as a whole, and what was compiled from it.
struct CheckedConfig {
  v1::CollectorConfig config;
  std::shared_ptr<const AddressPlan> plan;
};

// Reads and checks a configuration file. INVALID_ARGUMENT or NOT_FOUND, with file, line and what to do.
// Nothing is opened but the file.
absl::StatusOr<CheckedConfig> LoadConfig(const std::string& path);

}  // namespace kansoku::collector
