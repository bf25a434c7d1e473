// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::aggregator {

// Judges one window's measurement for report_validation.h, with one packet in `sampling_interval` looked at
// (0 and 1: every one). The message begins with the field. Pure; any thread.
absl::Status ValidateMeasurement(const v1::Measurement& measurement, uint32_t window_seconds,
                                 uint32_t sampling_interval);

}  // namespace kansoku::aggregator
