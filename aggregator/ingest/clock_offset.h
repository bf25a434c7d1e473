// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <deque>
#include <optional>

#include "absl/time/time.h"

namespace kansoku::aggregator {

// How far a collector's clock is ahead of ours, from messages that say when they were sent by it:
//
//   stated - received = offset - time under way, which is not negative
//
// so the largest of these differences is the nearest, and
//
//   largest difference <= offset <= largest difference + the shortest time under way.
//
// Over the latest sixteen messages: long enough that one of them was quick, short enough to follow a clock
// that is set. One thread at a time.
class ClockOffset {
 public:
  void Add(absl::Time stated, absl::Time received) {
    if (differences_.size() == kMessages) differences_.pop_front();
    differences_.push_back(stated - received);
  }

  // The largest difference; nothing before the first message.
  std::optional<absl::Duration> estimate() const {
    if (differences_.empty()) return std::nullopt;
    return *std::max_element(differences_.begin(), differences_.end());
  }

 private:
  static constexpr size_t kMessages = 16;
  std::deque<absl::Duration> differences_;
};

}  // namespace kansoku::aggregator
