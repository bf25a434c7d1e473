// SPDX-License-Identifier: Apache-2.0
//
// What the hours of a telescope's days say of who contributed to them. A year of a hundred ISPs has a million
// of them to read, so what they say of a day, which is little, is remembered until more of the day comes, and
// read before anybody asks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "aggregator/figures/telescope_period.h"
#include "aggregator/serve/small_darknet.h"
#include "aggregator/serve/telescope_contributors.h"
#include "aggregator/store/store.h"

namespace kansoku::aggregator {

struct TelescopeHours {
  SmallDarknet small;
  std::map<std::string, Integer> packets_of_days;  // by date
  TelescopeContributors contributors;
};

// What the hours of a day were read for; if any of it changes they say something else.
struct HoursBasis {
  uint64_t changes = 0;   // of the day, that are taken into account
  uint32_t revision = 0;  // of what is kept of it
  uint32_t fewest = 0;
  size_t isps = 0;  // which points are whose
  friend bool operator==(const HoursBasis&, const HoursBasis&) = default;
};

// Any thread. All questions that it is given are of the same store. A day takes some 20 KB. One whose hours
// are forgotten after it was remembered stays judged by them.
class RememberedHours {
 public:
  // Asked before each day that has to be read: whether anybody still wants to know.
  using GoesOn = absl::FunctionRef<bool()>;

  // Of so many days; of more the earliest are forgotten.
  explicit RememberedHours(size_t most_days = size_t{10} * 366) : most_days_(most_days) {}

  // Of the days that `sum` was made of; small is what fewer than `fewest` ISPs contribute to. Errors are the
  // store's. CANCELLED: nobody wants to know any more.
  absl::StatusOr<TelescopeHours> Read(const StoreReader& store, const TelescopePeriod& sum, uint32_t fewest,
                                      GoesOn goes_on);

  // Remembers those of these days that are kept and not remembered yet, the last first, while it goes on. A
  // day of which more came than what is kept of it says can wait for its next revision. Where nothing is new
  // that reads a few rows. A day that fails keeps no other back; the first error is returned.
  absl::Status ReadAhead(const StoreReader& store, const DayPeriod& days, uint32_t fewest, GoesOn goes_on);

 private:
  struct Answer {
    HoursBasis basis;
    std::shared_ptr<const TelescopeHours> hours;
  };

  std::optional<Answer> Find(absl::CivilDay day) const;
  absl::StatusOr<std::shared_ptr<const TelescopeHours>> ReadDay(const StoreReader& store, absl::CivilDay day,
                                                                const std::set<std::string>& isps,
                                                                const HoursBasis& basis);

  const size_t most_days_;
  mutable std::mutex mutex_;
  std::map<absl::CivilDay, Answer> answers_;  // guarded by mutex_
};

}  // namespace kansoku::aggregator
