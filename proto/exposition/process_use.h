// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/time/time.h"
#include "kansoku/v1/ingest.pb.h"

namespace kansoku {

// What this process takes of its machine: processor time of all of its threads since it started, and memory
// that is resident now (getrusage(2), /proc/self/statm). 0 where the kernel does not say. Two or three system
// calls; any thread.
v1::ProcessUse ReadProcessUse(absl::Time started);

}  // namespace kansoku
