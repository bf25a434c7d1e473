// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::aggregator {

// Judges what a measurement says of dark addresses, all but its order (IsCanonical). The message begins with
// the field. Pure; any thread.
absl::Status ValidateDarknet(const v1::Measurement& measurement, uint32_t window_seconds);

}  // namespace kansoku::aggregator
