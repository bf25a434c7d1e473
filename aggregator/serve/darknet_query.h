// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// Query.GetDarknet. Rows of equal packets come in the order of sensor, class, family, protocol, port and
// rules, so that the same data always give the same answer. What several versions of the rules told apart is
// never added up: each has rows of its own, and address-seconds of its own. Where nothing but the sensor is
// asked for, a telescope that was watched and saw no packet has its row, at zero. Without the dimension
// `protocol`, a port adds TCP's and UDP's. INVALID_ARGUMENT and NOT_FOUND name the field; RESOURCE_EXHAUSTED:
// more than kMostRows rows before `top` is taken. Any thread.
absl::StatusOr<v1::GetDarknetResponse> ReadDarknet(const StoreReader& store,
                                                   const v1::GetDarknetRequest& request);

}  // namespace kansoku::aggregator
