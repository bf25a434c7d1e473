// SPDX-License-Identifier: Apache-2.0
//
// From when on each tier holds what came, over one connection.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "aggregator/store/retention.h"
#include "aggregator/store/sqlite.h"

namespace kansoku::aggregator {

absl::StatusOr<Horizons> ReadHorizons(Database& database);

// Inside an open write transaction.
absl::Status WriteHorizons(Database& database, const Horizons& horizons);

}  // namespace kansoku::aggregator
