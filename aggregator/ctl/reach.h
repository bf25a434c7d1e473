// SPDX-License-Identifier: Apache-2.0
//
// The steps of the way to an aggregator, one by one. Blocks; any thread.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "aggregator/ctl/doctor_evidence.h"
#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

// All but the role, which its questions show.
Reached Reach(const Server& server);

// gRPC's health of kansoku.v1.Ingest: whether reports are taken, which they are while the store can be
// written.
absl::StatusOr<bool> TakesReports(const Server& server);

}  // namespace kansoku::aggregator
