// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"
#include "kansoku/v1/statistics.pb.h"
#include "proto/contract/config_text.h"

namespace kansoku::aggregator {

// What more than one key of register.yaml decides. Nobody contributes twice to a series, and no point is
// listed twice. Months of membership are in order, and those of points lie within. A fixed contributor's
// points carry A1, A2, B1, B2 or B3, and one at least A1, where its subscribers are measured. A mobile
// operator is measured at its packet gateway, which only its subscribers' traffic passes (METRICS 4): its
// points carry A1. Pure; any thread.
absl::Status CheckContributors(const v1::StatisticsRegister& settings, const ConfigPlaces& places);

}  // namespace kansoku::aggregator
