// SPDX-License-Identifier: Apache-2.0
//
// What a spool knows of itself beside its entries: which places are taken, which epochs they belong to, and
// what became of every report. It is kept in the spool's transactions, and twice in a small file beside it,
// so that damage cannot make numbers be given out again or losses go uncounted while one of the three is
// left.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::collector {

// One opening of the spool. A report's sequence number is its place less the epoch's base.
struct SpoolEpoch {
  uint64_t epoch = 0;
  uint64_t base = 0;

  bool operator==(const SpoolEpoch&) const = default;
};

struct SpoolAccount {
  uint64_t revision = 0;         // rises with each commit, so that of two copies the newer is known
  uint64_t first_place = 1;      // of the oldest entry held, or the next one's
  uint64_t last_place = 0;       // given out last. Each closed report takes one place, so it counts them too
  uint64_t acknowledged = 0;     // reports
  uint64_t running_seconds = 0;  // how long collectors have run on this spool, by no clock that can be set
  std::array<uint64_t, v1::Tombstone::Reason_ARRAYSIZE> evicted =
      {};                          // reports, by the reason of the tombstone
  uint64_t evicted_through = 0;    // place; the reports up to it that were not acknowledged gave way
  std::vector<SpoolEpoch> epochs;  // of the entries held, oldest first; the last one is the current

  uint64_t evicted_reports() const;

  // The last place that belongs to the epoch of this index.
  uint64_t LastPlaceOf(size_t index) const;

  // Null for a place before the first epoch.
  const SpoolEpoch* EpochAt(uint64_t place) const;

  // Forgets the epochs without entries, except for the current one.
  void DropPastEpochs();

  // Corrects what became of the reports from how many are held: with damage the parts may be of different
  // instants, and what is missing is lost by it.
  void Settle(uint64_t held_reports);
};

// One line of text, with a checksum at its end. Nothing for a line that is damaged.
std::string EncodeAccount(const SpoolAccount& account);
std::optional<SpoolAccount> DecodeAccount(std::string_view line);

// The copy beside the spool, in `<path>-account`. While it is open no other process opens it. It is written
// after each commit and without waiting for the disk: one that lags behind says less, and nothing wrong.
class AccountFile {
 public:
  AccountFile() = default;
  AccountFile(const AccountFile&) = delete;
  AccountFile& operator=(const AccountFile&) = delete;
  ~AccountFile();

  // NOT_FOUND where there is none and `create` is false. UNAVAILABLE: in use by another process.
  absl::Status Open(const std::string& spool_path, bool create);

  std::optional<SpoolAccount> Read() const;
  void Write(const SpoolAccount& account) const;

 private:
  int descriptor_ = -1;
};

}  // namespace kansoku::collector
