// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/time/time.h"

namespace kansoku::aggregator {

// What the running process knows beside the store: since its start, not for ever.
struct LiveStatus {
  std::set<std::string> connected_collectors;
  std::map<std::string, uint64_t> refused_reports;         // by collector
  std::map<std::string, absl::Duration> clock_offsets;     // by collector; only of those heard
  std::map<std::string, absl::Time> certificate_expiries;  // by collector; only of those that showed one
  uint64_t refused_hellos = 0;
  uint64_t denied_queries = 0;
  uint64_t failed_handshakes = 0;
  std::map<std::string, uint64_t> exceeded_limits;  // by label, all of them
  uint64_t commits = 0;
  uint64_t commit_errors = 0;
  uint64_t expire_errors = 0;
  bool store_is_writable = true;
  uint64_t keeper_errors = 0;             // of months and days of telescopes, and reading them ahead
  std::optional<bool> register_is_taken;  // the one that was read last; absent without statistics
};

// Called on the thread of each query and scrape, so it must be thread-safe and quick.
using LiveStatusReader = std::function<LiveStatus()>;

}  // namespace kansoku::aggregator
