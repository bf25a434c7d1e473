// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// Query.GetTraffic. Where no dimension of the traffic class is asked for, every step in which windows were
// expected has its row, at zero if nothing arrived; otherwise only classes that occur have rows. A row of a
// point or an ISP states the windows of that point or ISP, any other row those of all points asked for.
// INVALID_ARGUMENT and NOT_FOUND name the field; RESOURCE_EXHAUSTED: more than kMostRows rows. Any thread.
absl::StatusOr<v1::GetTrafficResponse> ReadTraffic(const StoreReader& store,
                                                   const v1::GetTrafficRequest& request);

}  // namespace kansoku::aggregator
