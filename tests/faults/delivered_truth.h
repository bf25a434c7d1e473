// SPDX-License-Identifier: Apache-2.0
//
// What must be in the store when everything is over, and whether it is. What is found wrong is said in words,
// a line each.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kansoku/v1/config.pb.h"
#include "kansoku/v1/query.grpc.pb.h"
#include "kansoku/v1/report.pb.h"
#include "tests/faults/spooled_reports.h"

namespace kansoku::testing {

// Every tier of the store, to the bit. As many reports as are said to be missing must be. Returns the
// tombstones found.
uint64_t CheckStore(const std::string& path, const std::vector<SpooledReports>& expected, uint64_t missing,
                    std::vector<std::string>& problems);

// What the aggregator says of all collectors.
struct LedgerCounts {
  uint64_t duplicates = 0;
  uint64_t missing = 0;
};

// Every identity, and each collector's account. `tls` may be null: plain text.
LedgerCounts CheckLedger(const std::string& address, const v1::TlsConfig* tls,
                         const std::vector<SpooledReports>& expected, std::vector<std::string>& problems);

}  // namespace kansoku::testing
