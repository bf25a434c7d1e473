// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/time_steps.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {

constexpr int64_t kYear10000UnixSeconds = 253'402'300'800;

v1::TimeRange TimeSteps::StepRange(int64_t step_start) const {
  v1::TimeRange range;
  range.set_start_unix_seconds(step_start);
  range.set_end_unix_seconds(StepEnd(step_start));
  return range;
}

absl::StatusOr<TimeSteps> ToTimeSteps(const v1::TimeRange& range, uint32_t step_seconds) {
  const int64_t start = range.start_unix_seconds();
  const int64_t end = range.end_unix_seconds();
  if (start >= end) {
    return absl::InvalidArgumentError(absl::StrCat(
        "range: [", start, ", ", end, ") holds no time; start_unix_seconds must be before end_unix_seconds"));
  }
  if (start < 0 || end > kYear10000UnixSeconds) {
    return absl::InvalidArgumentError(absl::StrCat("range: [", start, ", ", end, ") must lie within [0, ",
                                                   kYear10000UnixSeconds, "), in seconds of the Unix epoch"));
  }
  if (step_seconds != 0 && (start % step_seconds != 0 || end % step_seconds != 0)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "range: the edges of [", start, ", ", end, ") must be multiples of step_seconds ", step_seconds,
        "; ask for [", FloorTo(start, step_seconds), ", ", CeilTo(end, step_seconds), ")"));
  }
  return TimeSteps{start, end, step_seconds};
}

}  // namespace kansoku::aggregator
