// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "kansoku/v1/report.pb.h"

namespace kansoku::collector {

// Whether the interface moved packets in this window that the capture was never offered: forwarded by
// hardware, or taken by a program before the capture's tap (XDP). The two counters are not read at the same
// instant, so a difference of a burst, or of 1 %, says nothing. Of a whole link: one worker's share of the
// packets is less than what the interface counts. Any thread.
inline bool IsOffloaded(const v1::Ledger& ledger) {
  constexpr uint64_t kBurst = 16;
  const uint64_t seen = ledger.tap_packets() + ledger.segmented_packets();
  return ledger.nic_packets() > seen + std::max(kBurst, ledger.nic_packets() / 100);
}

}  // namespace kansoku::collector
