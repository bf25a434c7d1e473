// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/statistics.pb.h"
#include "kansoku/v1/vintage.pb.h"
#include "proto/contract/month.h"

namespace kansoku::aggregator {

// What the points of a series measured in a month, hour by hour, in the octets that the register counts: the
// points of the series' members in that month, by name, also those of which nothing came. Of a fixed member's
// A1 points cells of fixed access alone, of a mobile operator's points those of mobile access alone, of all
// others every access; download and upload alone. `earlier` is left to the caller. FAILED_PRECONDITION: the
// register says another ISP or group of a point than its collector.
absl::StatusOr<v1::MonthInputs> ReadMonthInputs(const StoreReader& store, const v1::Statistics& statistics,
                                                v1::Series series, Month month);

}  // namespace kansoku::aggregator
