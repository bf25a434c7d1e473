// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "absl/time/time.h"

namespace kansoku::collector {

// SIGINT, SIGTERM, SIGHUP and our own "everything is done", waited for in one place. Construct it before any
// thread starts, so that all of them inherit the blocked mask.
class StopSignals {
 public:
  enum class Reason { kAsked, kFinished, kReload };

  StopSignals();
  Reason Wait() const;                                       // blocks the calling thread
  std::optional<Reason> WaitFor(absl::Duration time) const;  // the same; none came in that time
  static void SignalFinished();                              // any thread
};

}  // namespace kansoku::collector
