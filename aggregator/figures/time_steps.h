// SPDX-License-Identifier: Apache-2.0
//
// A range of time cut into equal steps, as queries ask for it. Pure; any thread.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "kansoku/v1/query.pb.h"
#include "proto/contract/window.h"

namespace kansoku::aggregator {

// Half-open [start, end), seconds of the Unix epoch. `step` divides both edges, or is 0: one step, the whole
// range.
struct TimeSteps {
  int64_t start_unix_seconds = 0;
  int64_t end_unix_seconds = 0;
  uint32_t step_seconds = 0;

  uint64_t count() const {
    return step_seconds == 0 ? 1
                             : static_cast<uint64_t>((end_unix_seconds - start_unix_seconds) / step_seconds);
  }
  // The step that holds an instant of the range.
  int64_t StepStart(int64_t unix_seconds) const {
    return step_seconds == 0 ? start_unix_seconds : FloorTo(unix_seconds, step_seconds);
  }
  int64_t StepEnd(int64_t step_start) const {
    return step_seconds == 0 ? end_unix_seconds : step_start + step_seconds;
  }
  v1::TimeRange StepRange(int64_t step_start) const;
};

// INVALID_ARGUMENT: the range is absent, empty, turned round, before 1970 or after the year 9999, or an edge
// is not a multiple of the step; the message says what would be accepted.
absl::StatusOr<TimeSteps> ToTimeSteps(const v1::TimeRange& range, uint32_t step_seconds);

}  // namespace kansoku::aggregator
