// SPDX-License-Identifier: Apache-2.0
//
// When a day becomes what is kept of telescopes, and when again. A day has its first revision an hour after
// it is over, or once a backlog of it has arrived: it judges single sources, who are forgotten soon after.
// Data that came late makes another, which takes that judgement over. There is one record for everyone's
// sensors together, and one for each ISP that has some.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/telescope_day.pb.h"

namespace kansoku::aggregator {

// After a day's end, until the last windows of all collectors are there.
inline constexpr absl::Duration kDaySettles = absl::Hours(1);
// While more of a day arrives from one call to the next, its first revision waits, for so long at most.
inline constexpr absl::Duration kBacklogArrives = absl::Hours(6);

// Used by one thread.
class TelescopeKeeper {
 public:
  // Called with each record that was added.
  using Added = absl::FunctionRef<void(const v1::TelescopeDay&)>;
  // Asked between two days: whether to take another. Those left are for the next call.
  using GoesOn = absl::FunctionRef<bool()>;

  // Brings every day that is over up to what the store says, oldest first. Where no telescope told anything
  // new that reads a few rows. A day that fails is tried again by the next call and keeps no other back; the
  // first error is returned.
  absl::Status Keep(Store& store, absl::Time now, Added added, GoesOn goes_on = [] { return true; });

 private:
  absl::Status KeepDay(Store& store, const ChangedDay& changed, absl::CivilDay day, absl::Time now,
                       Added added);

  // Whether nothing more came of a day since the last call.
  bool HasArrived(const ChangedDay& changed, absl::Time now);

  struct Arrival {
    uint64_t changes = 0;
    absl::Time since;
  };
  std::map<std::string, Arrival> arriving_;    // days without a revision
  std::map<std::string, uint64_t> looked_at_;  // days by the changes with which nothing was new
};

}  // namespace kansoku::aggregator
