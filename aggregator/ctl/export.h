// SPDX-License-Identifier: Apache-2.0
//
// `kansokuctl export openmetrics`: published figures of months, and what others published of them, as text
// for promtool. Blocks; any thread.
#pragma once

#include "absl/status/statusor.h"
#include "aggregator/ctl/answer.h"
#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

// A problem: of one of the two there is nothing.
absl::StatusOr<Answer> Export(const Server& server, const ExportQuestion& question);

}  // namespace kansoku::aggregator
