// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

struct Answer {
  std::string text;                   // in the format asked for
  std::vector<std::string> problems;  // a line each, for people; empty if all is well
};

// Asks the aggregator, and blocks until it answers. Any thread.
absl::StatusOr<Answer> AnswerTo(const Question& question, absl::Time now);

}  // namespace kansoku::aggregator
