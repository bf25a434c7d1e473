// SPDX-License-Identifier: Apache-2.0
//
// What was published of months, as the stored vintages have it: nothing is computed. Any thread.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// The figures of those vintages.
absl::StatusOr<std::vector<v1::Figure>> ReadPublished(const StoreReader& store, VintageFilter filter);

// Query.GetFigures of months. FAILED_PRECONDITION: a month of them is not over. RESOURCE_EXHAUSTED: they are
// more than one answer holds.
absl::StatusOr<v1::GetFiguresResponse> ReadMonths(const StoreReader& store, const v1::MonthSelection& months,
                                                  absl::Time now);

// Query.ListVintages.
absl::StatusOr<v1::ListVintagesResponse> ListVintages(const StoreReader& store,
                                                      const v1::ListVintagesRequest& request);

}  // namespace kansoku::aggregator
