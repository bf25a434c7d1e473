// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace kansoku::collector {

// Cumulative since the source was opened.
//   received = delivered to the sink + kernel_dropped + interface_dropped
// Packets that wait in the kernel's ring count as received only once they are read, so the equation is exact
// whenever it is asked; a source whose counters contradict it reports what the counters say. Asked from
// inside the sink, the whole burst in hand counts as received.
struct CaptureStats {
  uint64_t received_packets = 0;
  uint64_t kernel_dropped_packets = 0;     // the ring was full
  uint64_t interface_dropped_packets = 0;  // the network card or its driver gave up
};

}  // namespace kansoku::collector
