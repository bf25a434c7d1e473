// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "collector/classify/address_plan.h"
#include "collector/decode/decoder.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku::collector {

// A configuration that was checked as a whole, and what was compiled from it.
struct CheckedConfig {
  v1::CollectorConfig config;
  std::shared_ptr<const AddressPlan> plan;
};

// Reads and checks a configuration file. INVALID_ARGUMENT or NOT_FOUND, with file, line and what to do.
// Nothing is opened but the file and those that it lists.
absl::StatusOr<CheckedConfig> LoadConfig(const std::string& path);

// The same for text that was read already; `file` stands in messages only.
absl::StatusOr<CheckedConfig> CompileConfig(std::string_view yaml, std::string_view file);

// Whether the sources of so many sensors can be told apart, if they are to be. INVALID_ARGUMENT.
absl::Status CheckSensors(const v1::CollectorConfig& config, const AddressPlan& plan);

// What the configuration says of tunnels, for one of its links.
DecodeOptions DecodeOptionsOf(const v1::CollectorConfig& config, const v1::LinkConfig& link);

}  // namespace kansoku::collector
