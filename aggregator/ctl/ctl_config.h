// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku::aggregator {

// The file that --config names; an empty path gives the defaults. INVALID_ARGUMENT says which file and line.
absl::StatusOr<v1::CtlConfig> LoadCtlConfig(const std::string& path);

// OK if the address has host and port and, where plain text is to be spoken, stays on this machine.
absl::Status CheckAggregatorAddress(const std::string& address, bool has_tls);

}  // namespace kansoku::aggregator
