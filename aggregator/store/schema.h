// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "aggregator/store/sqlite.h"

namespace kansoku::aggregator {

// The version of the tables that this program reads and writes, kept in the file as PRAGMA user_version.
inline constexpr int kStoreSchemaVersion = 8;

// Creates the tables in an empty file, or brings those of an older version up to this one, in one
// transaction. FAILED_PRECONDITION: the file was written by a newer version, or is a database of something
// else. `path` is for messages. `on_step` is told before each step how many are done, of how many.
absl::Status PrepareSchema(Database& database, const std::string& path,
                           const std::function<void(int done, int steps)>& on_step = nullptr);

}  // namespace kansoku::aggregator
