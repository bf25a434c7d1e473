// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace kansoku::aggregator {

// Each connection is an open file. Raises how many this process may have to what the system allows it, and
// returns that.
absl::StatusOr<uint64_t> RaiseOpenFileLimit();

// What to say at the start if so many open files are too few for the collectors of the registry; else empty.
std::string OpenFileShortfall(uint64_t most_open_files, uint64_t collectors);

}  // namespace kansoku::aggregator
