// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "tests/faults/aggregator_process.h"
#include "tests/faults/fault_plan.h"
#include "tests/faults/reference_captures.h"

namespace kansoku::testing {

// What a round was and what it found.
struct FaultRound {
  uint64_t reports = 0;               // on a collector's disk at some time
  uint64_t lives = 0;                 // of collectors
  uint64_t duplicates = 0;            // reports that the store was offered again
  uint64_t tombstones = 0;            // in the store
  uint64_t missing = 0;               // as the store counted: of these not even the window is known
  uint64_t evicted = 0;               // as the collectors counted
  std::map<Fault, uint64_t> strikes;  // faults that met something: a process that ran, a link in use, a spool
  std::vector<std::string> problems;  // empty: the store equals the truth
  std::string logs;                   // what the collectors said
};

// What a round takes place in.
struct Surroundings {
  Abilities abilities;
  AggregatorPlace aggregator;
  // Empty: the collectors are report drivers. Otherwise they are whole programs that read these.
  std::span<const ReferenceCapture> captures;
  std::string counting_keys;
  // Mutual TLS between report drivers and the aggregator; plain text otherwise.
  bool uses_tls = false;
};

// Runs the plan in a folder of its own, lets everything drain, and compares. Any thread.
FaultRound RunFaults(const FaultPlan& plan, const Surroundings& surroundings);

}  // namespace kansoku::testing
