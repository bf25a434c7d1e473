// SPDX-License-Identifier: Apache-2.0
//
// Published figures with what they were computed from, over one connection. Nothing here changes or erases a
// row.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "aggregator/store/sqlite.h"
#include "aggregator/store/store.h"

namespace kansoku::aggregator {

// The long values of a row, compressed: to be made before the transaction is begun, for they take a while.
struct PackedVintage {
  std::string statistics;
  std::string figures;
  std::string inputs;
};
PackedVintage Pack(const v1::Vintage& vintage, const v1::Statistics& statistics);

// As Store::AddVintage; inside an open write transaction.
absl::Status WriteVintage(Database& database, const v1::Vintage& vintage, const PackedVintage& packed);

// As Store::Vintages, Store::FindVintage and Store::FindRegister.
absl::StatusOr<std::vector<v1::Vintage>> ReadVintages(Database& database, const VintageFilter& filter);
absl::StatusOr<v1::Vintage> ReadVintage(Database& database, v1::Series series, const std::string& month,
                                        uint32_t number);
absl::StatusOr<v1::Statistics> ReadStoredRegister(Database& database, const std::string& digest);

}  // namespace kansoku::aggregator
