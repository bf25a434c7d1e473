// SPDX-License-Identifier: Apache-2.0
//
// What must be in the store when everything is over, and whether it is. What is found wrong is said in words,
// a line each.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kansoku/v1/query.grpc.pb.h"
#include "kansoku/v1/report.pb.h"
#include "tests/faults/processes.h"

namespace kansoku::testing {

// What one collector had handed over and on disk: each of these is in the store exactly once, or in its place
// one of the tombstones that the collector counted.
struct SpooledReports {
  std::string collector;
  uint64_t epoch = 0;
  uint64_t closed = 0;
  uint64_t acknowledged = 0;
  uint64_t evicted = 0;
  std::vector<v1::WindowReport> reports;
};

// From the accounts of a collector's lives, the last of which has drained. Each must go on where the one
// before it left off, and no report may be gone that a life was told was on disk.
SpooledReports ReportsOf(const CollectorProcess& process, uint64_t traffic_seed,
                         std::vector<std::string>& problems);

// Every tier of the store, to the bit. Returns the tombstones found in it.
uint64_t CheckStore(const std::string& path, const std::vector<SpooledReports>& expected,
                    std::vector<std::string>& problems);

// Every identity, and each collector's account. Returns the duplicates that the aggregator was offered.
uint64_t CheckLedger(const std::string& address, const std::vector<SpooledReports>& expected,
                     std::vector<std::string>& problems);

}  // namespace kansoku::testing
