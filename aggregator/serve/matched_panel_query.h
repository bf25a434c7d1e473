// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/status/statusor.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/query.pb.h"

namespace kansoku::aggregator {

// Query.GetMatchedPanel: from the hours that are stored with the latest vintages of both months, by the
// register of the one that was computed last. `store` sees all ISPs. FAILED_PRECONDITION: a month has no
// vintage, or one of other points or octets than that register asks for. Any thread.
absl::StatusOr<v1::GetMatchedPanelResponse> ReadMatchedPanel(const StoreReader& store,
                                                             const v1::GetMatchedPanelRequest& request);

}  // namespace kansoku::aggregator
