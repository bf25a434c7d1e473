// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace kansoku::collector {

// Asks for the two cache lines that lie two pages behind this octet of a packet. Sources keep packets one
// behind the other, and where one begins is known only from the one before: that far ahead, one of the next
// burst is on its way while this one is worked on. Asked for all at once, where the burst is made, memory
// would be waited for. What lies behind the end of the memory is not touched.
inline void ReadAhead(const uint8_t* packet) {
  constexpr size_t kAheadOctets = 8192, kLineOctets = 64;
  __builtin_prefetch(packet + kAheadOctets);
  __builtin_prefetch(packet + kAheadOctets + kLineOctets);
}

}  // namespace kansoku::collector
