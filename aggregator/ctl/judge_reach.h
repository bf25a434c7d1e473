// SPDX-License-Identifier: Apache-2.0
//
// The first stages of `kansokuctl doctor`: whether the aggregator answers, and whether it can keep what it is
// sent. Pure; any thread.
#pragma once

#include "aggregator/ctl/doctor_evidence.h"
#include "aggregator/ctl/doctor_stage.h"
#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

Stage JudgeReach(const Server& server, const Reached& reached);
Stage JudgeStore(const absl::StatusOr<bool>& takes_reports);

}  // namespace kansoku::aggregator
