// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/bucket_expiry.h"

#include "proto/contract/window.h"

namespace kansoku::aggregator {
namespace {

// Erasing a row costs about as much as writing one.
constexpr int kMaxErasedRows = 20'000;

}  // namespace

absl::Status EraseBuckets(Database& database, const Horizons& horizons) {
  // The oldest bucket start of the tier at a time: those rows lie side by side. The horizon stands within, or
  // SQLite would walk over all that lies before it to find the one start.
  Statement erase = database.Prepare(
      "DELETE FROM bucket WHERE tier = ?1 AND start = (SELECT min(start) FROM bucket WHERE tier = ?1 AND "
      "start < ?2)");
  int erased = 0;
  for (const Tier tier : kTiers) {
    const int64_t before = horizons[static_cast<size_t>(tier)] - int64_t{kHourSeconds};
    int changes = 0;
    do {
      if (absl::Status done = erase.Bind(static_cast<int>(tier), before).Run(); !done.ok()) return done;
      changes = sqlite3_changes(database.handle());
      erased += changes;
    } while (changes > 0 && erased < kMaxErasedRows);
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
