// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "collector/meter/dark_reach.h"
#include "collector/meter/dark_subscribers.h"
#include "kansoku/v1/telescope.pb.h"

namespace kansoku::collector {

// Which subscribers of one link have reached dark addresses since midnight in Japan, so that each counts in
// one window of a day alone. Remembers the day of the last window and the one that came before it, for a
// clock that is set back over midnight and comes forward again. At most kMostDarkSubscribers of each, 17
// octets for each place of its map; where there is no room for all, it is a matter of hashes who has it. One
// thread at a time.
class SubscriberDay {
 public:
  // What a window adds to its day, of whatever clock. A day is forgotten when windows of two others came.
  v1::DarknetSubscribers Add(int64_t window_start_unix_seconds, const DarkSubscribers& seen);

  size_t octets() const { return current_.octets() + other_.octets(); }

 private:
  struct Day {
    int64_t number = 0;                                // since 1970, in Japan
    absl::flat_hash_map<uint64_t, DarkReach> reached;  // by hash
    size_t octets() const { return reached.capacity() * (sizeof(*reached.begin()) + 1); }
  };

  void TurnTo(int64_t day);

  Day current_;
  Day other_;
};

}  // namespace kansoku::collector
