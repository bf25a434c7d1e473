// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "aggregator/serve/live_status.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// Query.GetLedger: every collector by name, with its points and the accounting identities. Any thread.
absl::StatusOr<v1::GetLedgerResponse> ReadLedger(const StoreReader& store, const LiveStatus& live,
                                                 const v1::GetLedgerRequest& request);

}  // namespace kansoku::aggregator
