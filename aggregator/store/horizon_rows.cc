// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/horizon_rows.h"

namespace kansoku::aggregator {

absl::StatusOr<Horizons> ReadHorizons(Database& database) {
  Horizons horizons{};
  Statement read = database.Prepare("SELECT tier, start FROM horizon WHERE tier BETWEEN 0 AND 3");
  while (true) {
    absl::StatusOr<bool> row = read.Step();
    if (!row.ok()) return row.status();
    if (!*row) return horizons;
    horizons[static_cast<size_t>(read.Int(0))] = read.Int(1);
  }
}

absl::Status WriteHorizons(Database& database, const Horizons& horizons) {
  Statement write = database.Prepare("INSERT OR REPLACE INTO horizon (tier, start) VALUES (?, ?)");
  for (const Tier tier : kTiers) {
    const int64_t start = horizons[static_cast<size_t>(tier)];
    if (absl::Status done = write.Bind(static_cast<int>(tier), start).Run(); !done.ok()) return done;
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
