// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpc/support/time.h>

#include "absl/time/time.h"

namespace kansoku {

// When gRPC's alarms shall go off: so long from now, whatever happens to the wall clock. Any thread.
inline gpr_timespec DeadlineIn(absl::Duration delay) {
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                      gpr_time_from_micros(absl::ToInt64Microseconds(delay), GPR_TIMESPAN));
}

}  // namespace kansoku
