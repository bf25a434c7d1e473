// SPDX-License-Identifier: Apache-2.0
//
// Makes a sound spool of a damaged one, or of one in the previous format: every entry that can be read keeps
// its number, a tombstone stands for each that cannot.
//
// Exactly once rests on numbers alone. The aggregator counts a number of an epoch once, so an entry may be
// sent again under its own number as often as one likes, and must never be sent under another. An entry whose
// number is lost, or doubtful, is therefore lost.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "collector/export/spool_account.h"
#include "collector/export/sqlite_session.h"

namespace kansoku::collector {

struct RebuiltSpool {
  SpoolAccount account;
  uint64_t kept = 0;  // entries, tombstones among them
  uint64_t lost = 0;  // reports that became tombstones now
};

// Reads what there is in `damaged` and writes it to a new file at `path`, closed and on disk by the time of
// return. `account`: the newest that is known from elsewhere; the file's own is used if it is newer still.
// Without any the epochs and the range of numbers are taken from the rows that can be read. Errors are those
// of writing, and of a disk that cannot be read now but may be later.
absl::StatusOr<RebuiltSpool> RebuildSpool(SqliteSession& damaged, std::optional<SpoolAccount> account,
                                          const std::string& path);

}  // namespace kansoku::collector
