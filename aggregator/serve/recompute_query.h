// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// Query.RecomputeVintage: from what is stored with the vintage, and nothing else. NOT_FOUND: there is no such
// vintage. Any thread.
absl::StatusOr<v1::RecomputeVintageResponse> RecomputeVintage(const StoreReader& store,
                                                              const v1::RecomputeVintageRequest& request);

}  // namespace kansoku::aggregator
