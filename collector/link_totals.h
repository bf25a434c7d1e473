// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "kansoku/v1/report.pb.h"

namespace kansoku::collector {

// What one point captured and lost since the start of the process, in windows that were closed.
struct LinkTotal {
  uint64_t windows = 0;
  uint64_t captured_packets = 0;
  uint64_t kernel_dropped_packets = 0;
  uint64_t interface_dropped_packets = 0;
  uint64_t ring_freezes = 0;

  bool operator==(const LinkTotal&) const = default;
};

// Any thread.
class LinkTotals {
 public:
  // From now on the point has a total, of nothing.
  void Introduce(const std::string& point) {
    const std::lock_guard lock(mutex_);
    totals_[point];
  }
  void Add(const v1::WindowReport& report) {
    const v1::Ledger& ledger = report.measurement().ledger();
    const std::lock_guard lock(mutex_);
    LinkTotal& total = totals_[report.point()];
    ++total.windows;
    total.captured_packets += ledger.captured_packets();
    total.kernel_dropped_packets += ledger.kernel_dropped_packets();
    total.interface_dropped_packets += ledger.interface_dropped_packets();
    total.ring_freezes += ledger.ring_freezes();
  }
  std::map<std::string, LinkTotal> Read() const {  // by point
    const std::lock_guard lock(mutex_);
    return totals_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, LinkTotal> totals_;
};

}  // namespace kansoku::collector
