// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace kansoku::aggregator {

// Whether the store can be written, as its latest writes say. It cannot from the first failure on, and can
// again once a write succeeds and no other failed for a while: one damaged page must not make it blink. One
// thread at a time.
class StoreHealth {
 public:
  explicit StoreHealth(absl::Duration settle) : settle_(settle) {}

  // Returns whether status() became OK, or ceased to be.
  bool Note(const absl::Status& written, absl::Time now) {
    const bool was_ok = status_.ok();
    if (!written.ok()) {
      failed_at_ = now;
      status_ = written;
    } else if (absl::AbsDuration(now - failed_at_) >= settle_) {  // however the clock is set meanwhile
      status_ = written;
    }
    return status_.ok() != was_ok;
  }

  // OK, or why the latest failed write did.
  const absl::Status& status() const { return status_; }

 private:
  const absl::Duration settle_;
  absl::Time failed_at_ = absl::InfinitePast();
  absl::Status status_;
};

}  // namespace kansoku::aggregator
