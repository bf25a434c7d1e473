// SPDX-License-Identifier: Apache-2.0
//
// What the hours of a telescope's days say of who contributed to them. A year of a hundred ISPs has a million
// of them to read, so what they say of a day, which is little, is remembered until more of the day comes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>

#include "absl/status/statusor.h"
#include "aggregator/figures/rational.h"
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

// Any thread. All questions that it is given are of the same store, or of what one ISP sees of it. A day
// takes some 20 KB. One whose hours are forgotten after it was remembered stays judged by them.
class RememberedHours {
 public:
  // Of so many days; of more the earliest are forgotten.
  explicit RememberedHours(size_t most_days = size_t{10} * 366) : most_days_(most_days) {}

  // Of the days that `sum` was made of; small is what fewer than `fewest` ISPs contribute to. Errors are the
  // store's.
  absl::StatusOr<TelescopeHours> Read(const StoreReader& store, const TelescopePeriod& sum, uint32_t fewest);

 private:
  // A date, whether more came since it was judged, `fewest`, and which points are whose.
  using Question = std::tuple<std::string, bool, uint32_t, size_t>;
  struct Answer {
    uint64_t changes = 0;  // of the day, that it takes into account
    std::shared_ptr<const TelescopeHours> hours;
  };

  absl::StatusOr<std::shared_ptr<const TelescopeHours>> ReadDay(const StoreReader& store,
                                                                const Question& question);

  const size_t most_days_;
  std::mutex mutex_;
  std::map<Question, Answer> answers_;  // guarded by mutex_
};

}  // namespace kansoku::aggregator
