// SPDX-License-Identifier: Apache-2.0
//
// `kansokuctl doctor`: asks every stage of the chain from the collectors to Prometheus, and judges. Blocks;
// any thread.
#pragma once

#include "absl/time/time.h"
#include "aggregator/ctl/answer.h"
#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

// The problem is the first stage that is broken.
Answer Examine(const Question& question, const DoctorQuestion& asked, absl::Time now);

}  // namespace kansoku::aggregator
