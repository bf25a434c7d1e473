// SPDX-License-Identifier: Apache-2.0
//
// The files of a spool: the database with SQLite's log beside it, the one that was rebuilt and is about to
// take its place, and the damaged one that it replaced.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace kansoku::collector {

std::string RebuiltPath(const std::string& path);
std::string DamagedPath(const std::string& path);

// Whether the file has a beginning, of nothing but zeros. False where it cannot be read.
bool BeginsWithZeros(const std::string& path);

// A database and what SQLite keeps beside it, if they are there.
void RemoveDatabase(const std::string& path);

// Puts the rebuilt database in the place of the one at `path`, which is kept as DamagedPath(), over an older
// one, or removed. Neither may be open. After a crash at any point FinishReplacing() does the rest.
absl::Status ReplaceDatabase(const std::string& path, bool keep_old);

// Before a spool is opened. Without effect if nothing was left half done.
void FinishReplacing(const std::string& path);

}  // namespace kansoku::collector
