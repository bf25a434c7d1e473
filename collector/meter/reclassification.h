// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kansoku/v1/telescope.pb.h"

namespace kansoku::collector {

// That packets are told apart in another way from some window on.
struct Reclassification {
  int64_t from_unix_seconds = 0;
  std::vector<std::string> sensors;
  // As of DarkMeter; none where another link reports them.
  std::function<std::vector<v1::DarkPrefix>(size_t sensor, int64_t start_unix_seconds, uint32_t seconds)>
      address_seconds;
  bool has_subscribers = false;
  std::function<void()> taken;  // called when the window begins: no packet of it is decoded yet
};

// Those that were announced and do not hold yet, in the order of their instants: a second one may be
// announced before the first one's window begins.
class PendingReclassifications {
 public:
  // One that holds from the same instant on, or a later one, never will.
  void Add(Reclassification next) {
    std::erase_if(pending_, [&](const Reclassification& other) {
      return other.from_unix_seconds >= next.from_unix_seconds;
    });
    pending_.push_back(std::move(next));
  }

  // The one that holds in a window that begins at this instant, unless it was taken before. Those it follows
  // are forgotten.
  std::optional<Reclassification> Take(int64_t start_unix_seconds) {
    const auto later = std::find_if(pending_.begin(), pending_.end(), [&](const Reclassification& other) {
      return other.from_unix_seconds > start_unix_seconds;
    });
    if (later == pending_.begin()) return std::nullopt;
    std::optional<Reclassification> taken(std::move(*std::prev(later)));
    pending_.erase(pending_.begin(), later);
    return taken;
  }

  std::vector<Reclassification> TakeAll() { return std::exchange(pending_, {}); }

 private:
  std::vector<Reclassification> pending_;
};

}  // namespace kansoku::collector
