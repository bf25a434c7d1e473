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
// one window of a day alone. At most kMostDarkSubscribers, 17 octets for each place of the map; where there
// is no room for all, it is a matter of hashes who has it. One thread at a time.
class SubscriberDay {
 public:
  // What a window adds to its day. Windows come in order: one of another day than the one before, of whatever
  // clock, forgets all.
  v1::DarknetSubscribers Add(int64_t window_start_unix_seconds, const DarkSubscribers& seen);

 private:
  int64_t day_ = 0;
  absl::flat_hash_map<uint64_t, DarkReach> reached_;  // by hash
};

}  // namespace kansoku::collector
