// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "absl/status/status.h"

namespace kansoku::collector {

// INVALID_ARGUMENT unless this process may run on each of the processors; says on which it may.
absl::Status CheckProcessors(std::span<const uint32_t> processors);

// Keeps the calling thread on one processor.
absl::Status BindThisThread(uint32_t processor);

}  // namespace kansoku::collector
