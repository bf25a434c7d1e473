// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::aggregator {

// Judges what a report tells of single sources of dark packets, beside its measurement, which must be valid.
// The message begins with the field. Pure; any thread.
absl::Status ValidateDarknetSources(const v1::WindowReport& report);

}  // namespace kansoku::aggregator
