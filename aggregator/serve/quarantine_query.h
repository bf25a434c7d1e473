// SPDX-License-Identifier: Apache-2.0
//
// kansoku.v1.Admin.ListQuarantine without the RPC. Any thread.
#pragma once

#include "absl/status/statusor.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/admin.pb.h"

namespace kansoku::aggregator {

absl::StatusOr<v1::ListQuarantineResponse> ListQuarantine(const StoreReader& store,
                                                          const v1::ListQuarantineRequest& request);

}  // namespace kansoku::aggregator
