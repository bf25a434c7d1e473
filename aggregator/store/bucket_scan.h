// SPDX-License-Identifier: Apache-2.0
//
// Reading buckets over one connection, which must be inside a transaction. Arguments and results as
// Store::Scan.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "aggregator/store/bucket_reader.h"
#include "aggregator/store/sqlite.h"
#include "aggregator/store/store.h"

namespace kansoku::aggregator {

// One pass over the table.
absl::Status ScanAll(Database& database, Tier tier, int64_t start_unix_seconds, int64_t end_unix_seconds,
                     absl::FunctionRef<void(const Bucket&)> visit);

// Looks each bucket up by its key: one point among ten thousand does not read the others.
absl::Status ScanPoints(Database& database, Tier tier, int64_t start_unix_seconds, int64_t end_unix_seconds,
                        std::span<const std::string> points, absl::FunctionRef<void(const Bucket&)> visit);

// Points with windows that are not rolled up yet, by name.
absl::StatusOr<std::vector<BucketPoint>> ReadUnrolledPoints(Database& database);

}  // namespace kansoku::aggregator
