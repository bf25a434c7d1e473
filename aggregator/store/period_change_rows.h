// SPDX-License-Identifier: Apache-2.0
//
// How often what is held of each month in Japan has changed, and of each day what telescopes told, so that
// whoever computes something from a month or a day learns cheaply that it must do so again.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "aggregator/store/sqlite.h"
#include "kansoku/v1/report.pb.h"
#include "proto/contract/month.h"

namespace kansoku::aggregator {

// Collects the months and days that one commit changes; each is written once. Where there is no telescope
// there are no days. Used by one thread, once.
class PeriodChangeWriter {
 public:
  explicit PeriodChangeWriter(Database& database) : database_(database) {}

  // A window that an hour of the month now holds, or that is known to be lost.
  void AddWindow(int64_t start_unix_seconds, const v1::Measurement& measurement);
  // A window that went to quarantine. Of a month or day of which nothing ever came this changes nothing: its
  // start may be any number.
  void AddGap(int64_t start_unix_seconds);

  // Inside an open write transaction.
  absl::Status Write();

 private:
  template <typename Period>
  struct Changed {
    std::set<Period> with_windows;
    std::set<Period> with_gaps;
  };

  // Which month holds the start; windows of one commit are mostly of the same.
  const Month& MonthHolding(int64_t start_unix_seconds);

  Database& database_;
  Changed<Month> months_;
  Changed<absl::CivilDay> days_;
  Month month_;
  int64_t month_start_ = 0;
  int64_t month_end_ = 0;
};

// As Store::MonthChanges and Store::DayChanges.
absl::StatusOr<uint64_t> ReadMonthChanges(Database& database, const std::string& month);
absl::StatusOr<uint64_t> ReadDayChanges(Database& database, const std::string& day);

}  // namespace kansoku::aggregator
