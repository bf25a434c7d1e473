// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "aggregator/serve/live_status.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

struct LedgerOptions {
  // The store never forgets an hour, so that the hour tier must hold every packet: checked as "stored_hours".
  bool hours_kept_for_ever = false;
};

// Query.GetLedger: every collector by name, with its points and the accounting identities. Any thread.
absl::StatusOr<v1::GetLedgerResponse> ReadLedger(const Store& store, const LiveStatus& live,
                                                 const LedgerOptions& options);

}  // namespace kansoku::aggregator
