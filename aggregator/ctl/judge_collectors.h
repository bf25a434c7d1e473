// SPDX-License-Identifier: Apache-2.0
//
// The stages of `kansokuctl doctor` at the collectors: whether they are there, lose nothing, deliver what
// they closed, and know the time. Pure; any thread.
#pragma once

#include "aggregator/ctl/doctor_evidence.h"
#include "aggregator/ctl/doctor_stage.h"

namespace kansoku::aggregator {

// Whoever was not heard of for so long was taken away, and is not broken.
inline constexpr absl::Duration kTakenAway = absl::Hours(7 * 24);

Stage JudgeCollectors(const v1::GetLedgerResponse& ledger, absl::Time now);

// By the ledger, which is of all time, and the flags of the latest windows; without these where they are not
// told.
Stage JudgeCapture(const v1::GetLedgerResponse& ledger, const absl::StatusOr<v1::GetTrafficResponse>& latest);

// What waits is measured in time by the windows of the collector's points.
Stage JudgeDelivery(const v1::GetLedgerResponse& ledger, const v1::ListPointsResponse& points);

Stage JudgeClock(const v1::GetLedgerResponse& ledger);

}  // namespace kansoku::aggregator
