// SPDX-License-Identifier: Apache-2.0
//
// `kansokuctl top`: what the system does now, drawn again and again until somebody ends it, or once.
#pragma once

#include "absl/status/statusor.h"
#include "aggregator/ctl/answer.h"
#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

// Blocks. What is drawn on a terminal is no part of the answer. Of one picture only a failure to ask is one;
// who goes on looking is shown it, and the picture before. The main thread.
absl::StatusOr<Answer> Top(const Question& question, const TopQuestion& asked);

}  // namespace kansoku::aggregator
