// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kansoku/v1/report.pb.h"

namespace kansoku::testing {

// What one collector had on its disk, over all its lives: each of these is in the store exactly once, or in
// its // place one of the tombstones that the collector counted, or it is one of those that the store knows
// to be missing.
struct SpooledReports {
  std::string collector;

  uint64_t closed = 0;
  uint64_t acknowledged = 0;
  uint64_t evicted = 0;
  std::vector<v1::WindowReport> reports;

  // Windows that were open when the collector was asked to stop, as they would have been in the end. It may
  // have seen any part of one.
  std::vector<v1::WindowReport> cut_short;
};

}  // namespace kansoku::testing
