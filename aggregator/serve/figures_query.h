// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// Query.GetFigures: every figure of the period, traffic first. Any thread.
absl::StatusOr<v1::GetFiguresResponse> ReadFigures(const StoreReader& store,
                                                   const v1::GetFiguresRequest& request);

}  // namespace kansoku::aggregator
