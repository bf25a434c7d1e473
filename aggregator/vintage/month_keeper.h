// SPDX-License-Identifier: Apache-2.0
//
// When a month becomes figures, and when again. A month has its first vintage once it is over; it is
// provisional until its time of grace is over too, and then final. While it is provisional anything may
// change it. A final one is revised by data that came late, by a revision that the register means, and by a
// revision of the months that its growth is against. Each is a new vintage beside the old ones. Late data is
// gathered before it makes one (late_data.h); the end of the time of grace waits for nobody.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "aggregator/register/register_text.h"
#include "aggregator/store/store.h"
#include "aggregator/vintage/month_method.h"

namespace kansoku::aggregator {

// After a month's end, until the last windows of all collectors are there.
inline constexpr absl::Duration kMonthSettles = absl::Hours(1);

// Used by one thread.
class MonthKeeper {
 public:
  // Called with each vintage that was added, without inputs.
  using Added = absl::FunctionRef<void(const v1::Vintage&)>;

  explicit MonthKeeper(MonthMethod method) : method_(std::move(method)) {}

  // Brings the vintages of every month that is over up to what store and register say. The register must have
  // passed CheckRegisterChange. A month that fails is tried again by the next call and keeps no other back;
  // the first error is returned.
  absl::Status Keep(Store& store, const Register& statistics_register, absl::Time now, Added added);

 private:
  using Key = std::pair<v1::Series, std::string>;
  // What a month was last looked at with. While it stays the same there is nothing to do.
  struct Situation {
    std::string register_digest;
    uint64_t month_changes = 0;  // that are taken into account
    bool grace_is_over = false;
    std::map<std::string, uint32_t> earlier;  // latest vintage by month
    friend bool operator==(const Situation&, const Situation&) = default;
  };
  // One round of Keep, and one month in it.
  struct Round;
  struct Case;

  absl::Status KeepSeries(Round& round, v1::Series series);
  absl::Status KeepMonth(Round& round, v1::Series series, Month month);
  absl::StatusOr<v1::MonthInputs> InputsOf(const Round& round, Case& of) const;
  absl::Status AddIfDifferent(Round& round, const Case& of, v1::MonthInputs inputs) const;

  const MonthMethod method_;
  std::map<Key, Situation> looked_at_;
};

}  // namespace kansoku::aggregator
