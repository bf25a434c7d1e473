// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::aggregator {

// Judges the flow records of one report. Nothing says whether their addresses are permuted well: that stays
// with the collector. The message begins with the field. Pure; any thread.
absl::Status ValidateFlowRecords(const v1::WindowReport& report);

}  // namespace kansoku::aggregator
