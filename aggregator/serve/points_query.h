// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// Query.ListPoints: every point a collector ever introduced, by name. Any thread.
absl::StatusOr<v1::ListPointsResponse> ReadPoints(const StoreReader& store);

}  // namespace kansoku::aggregator
