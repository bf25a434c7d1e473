// SPDX-License-Identifier: Apache-2.0
//
// The words by which a question names days of telescopes, and the periods that they are cut into. Pure; any
// thread.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "aggregator/figures/telescope_period.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// The days that are asked for, from 1971 to 9998, in no more than 400 periods. INVALID_ARGUMENT names the
// field.
absl::StatusOr<DayPeriod> DaysSelected(const v1::TelescopeSelection& asked);

// The first of the periods that the step cuts these days into: a day, what there is of a month or a year, or
// all.
DayPeriod FirstPeriod(const DayPeriod& days, v1::TelescopeSelection::Step step);

}  // namespace kansoku::aggregator
