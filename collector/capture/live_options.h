// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "collector/capture/packet_view.h"

namespace kansoku::collector {

class FanoutGroup;

// How a live interface is captured. A value.
struct LiveOptions {
  std::string interface;
  // Octets kept of each packet; all, unless somebody says fewer. More: longer chains of headers are read;
  // less: more packets fit the ring.
  uint32_t snap_length = 262144;
  // The kernel's ring. Larger rides out longer pauses of the reader.
  uint64_t ring_bytes = 32 * 1024 * 1024;
  // What the kernel hands over at once; a multiple of the page size. Only PacketRingSource has a choice.
  uint32_t block_bytes = 256 * 1024;
  // Also what is not addressed to this host; a tap needs it, a router does not.
  bool promiscuous = false;
  // See only packets of this side. kUnknown: both.
  Side side = Side::kUnknown;
  // The sources among which the kernel spreads the interface's packets; none: this one sees all. Only for
  // PacketRingSource.
  std::shared_ptr<FanoutGroup> fanout;
  // Of such sources, one says what the kernel offered to all of them; the others do not say.
  bool counts_for_fanout = false;
};

}  // namespace kansoku::collector
