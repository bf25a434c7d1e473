// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "aggregator/store/sqlite.h"
#include "kansoku/v1/ingest.pb.h"

namespace kansoku::aggregator {

// Enters a collector, its epoch and its points, inside an open write transaction. Result and errors as
// Store::Welcome; after an error, the transaction must be rolled back.
absl::StatusOr<uint64_t> Register(Database& database, const v1::Hello& hello, absl::Time now);

}  // namespace kansoku::aggregator
