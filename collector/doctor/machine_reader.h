// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

#include "absl/status/status.h"
#include "collector/doctor/machine_facts.h"

namespace kansoku::collector {

// Absent where this process may not ask.
std::optional<ClockFacts> ReadClock();

// Opens a packet socket, and closes it again. PERMISSION_DENIED.
absl::Status TryToCapture();

// On which this process may run; at least 1.
size_t CountProcessors();

}  // namespace kansoku::collector
