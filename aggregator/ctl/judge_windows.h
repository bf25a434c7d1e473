// SPDX-License-Identifier: Apache-2.0
//
// The stages of `kansokuctl doctor` in what the aggregator holds: whether windows go on coming, whether any
// are held back, and whether they become figures. Pure; any thread.
#pragma once

#include "aggregator/ctl/doctor_evidence.h"
#include "aggregator/ctl/doctor_stage.h"

namespace kansoku::aggregator {

Stage JudgePoints(const v1::ListPointsResponse& points, absl::Time now);
Stage JudgeQuarantine(const v1::GetLedgerResponse& ledger);

// Whether there is a register of statistics, and whether it is in force, only /metrics says.
Stage JudgeFigures(const v1::ListVintagesResponse& vintages, const v1::ListPointsResponse& points,
                   const HttpAnswer& metrics, absl::Time now);

}  // namespace kansoku::aggregator
