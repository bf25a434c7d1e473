// SPDX-License-Identifier: Apache-2.0
//
// What one life of the driver knows, in a file that both it and the harness map: it outlives kill -9.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace kansoku::testing {

// A new file is all zeros.
struct DriverAccount {
  std::atomic<uint64_t> drain_asked;  // the harness's only field: hand over one report more, drain, end

  std::atomic<uint64_t> epoch;           // of the spool; 0 until it is open
  std::atomic<uint64_t> closed_at_open;  // reports that the spool had numbered before this life
  std::atomic<uint64_t> submitted;       // counted before each is handed over
  std::atomic<uint64_t> closed;          // as the exporter last said: so many are on disk
  std::atomic<uint64_t> acknowledged;
  std::atomic<uint64_t> evicted;
  std::atomic<uint64_t> spooled;
  std::atomic<uint64_t> lost;     // as the exporter said at its end: handed over and never spooled
  std::atomic<uint64_t> ended;    // 1: Stop() has returned, and the above is final
  std::atomic<uint64_t> drained;  // 1: everything was acknowledged before that
};

// Maps the file, which is made if it is absent, for the rest of the process. Aborts if it cannot.
DriverAccount& MapDriverAccount(const std::string& path);

}  // namespace kansoku::testing
