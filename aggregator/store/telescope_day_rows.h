// SPDX-License-Identifier: Apache-2.0
//
// Days of telescopes, over one connection. Nothing here changes or erases a row.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "aggregator/store/sqlite.h"
#include "aggregator/store/store.h"
#include "kansoku/v1/telescope_day.pb.h"

namespace kansoku::aggregator {

// As Store::AddTelescopeDay; inside an open write transaction. `packed` is made before it is begun, for that
// takes a while.
std::string Pack(const v1::TelescopeDay& day);
absl::Status WriteTelescopeDay(Database& database, const v1::TelescopeDay& day, const std::string& packed);

// As Store::ScanTelescopeDays, Store::LastTelescopeDay, Store::KeptTelescopeDays and Store::ChangedDays;
// hours are held from `hours_from_unix_seconds` on.
absl::Status ScanTelescopeDays(Database& database, const std::string& isp, const std::string& first_day,
                               const std::string& last_day,
                               absl::FunctionRef<void(const v1::TelescopeDay&)> visit);
absl::StatusOr<KeptDay> ReadLastTelescopeDay(Database& database, const std::string& isp,
                                             const std::string& first_day, const std::string& last_day);
absl::StatusOr<std::vector<KeptDay>> ReadKeptTelescopeDays(Database& database, const std::string& isp,
                                                           const std::string& first_day,
                                                           const std::string& last_day);
absl::StatusOr<std::vector<ChangedDay>> ReadChangedDays(Database& database, int64_t hours_from_unix_seconds);

// When the first day starts that does not end before `from_unix_seconds`, of which something came and nothing
// is kept yet; the greatest number where there is none.
absl::StatusOr<int64_t> ReadFirstUnkeptDay(Database& database, int64_t from_unix_seconds);

}  // namespace kansoku::aggregator
