// SPDX-License-Identifier: Apache-2.0
//
// How often what is held of each month in Japan has changed, so that whoever computes something from a month
// learns cheaply that it must do so again.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "aggregator/store/sqlite.h"
#include "proto/contract/month.h"

namespace kansoku::aggregator {

// Collects the months that one commit changes; each is written once. Used by one thread, once.
class MonthChangeWriter {
 public:
  explicit MonthChangeWriter(Database& database) : database_(database) {}

  // A window that an hour of the month now holds, or that is known to be lost.
  void AddWindow(int64_t start_unix_seconds);
  // A window that went to quarantine. Of a month of which nothing ever came this changes nothing: its start
  // may be any number.
  void AddGap(int64_t start_unix_seconds);

  // Inside an open write transaction.
  absl::Status Write();

 private:
  // Which month holds the start; windows of one commit are mostly of the same.
  const Month& MonthHolding(int64_t start_unix_seconds);

  Database& database_;
  std::set<Month> with_windows_;
  std::set<Month> with_gaps_;
  Month month_;
  int64_t month_start_ = 0;
  int64_t month_end_ = 0;
};

// As Store::MonthChanges.
absl::StatusOr<uint64_t> ReadMonthChanges(Database& database, const std::string& month);

}  // namespace kansoku::aggregator
