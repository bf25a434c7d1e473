// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// The most records in one answer: about 3 MB as messages, below what gRPC's clients take by default.
inline constexpr uint32_t kMostRecordsOnAPage = 20'000;

// Query.ListFlowRecords: one page. INVALID_ARGUMENT for an empty range and for a token that no answer gave,
// NOT_FOUND for a point that no collector has reported. Any thread.
absl::StatusOr<v1::ListFlowRecordsResponse> ReadFlowRecords(const StoreReader& store,
                                                            const v1::ListFlowRecordsRequest& request);

}  // namespace kansoku::aggregator
