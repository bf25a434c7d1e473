// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "collector/decode/decoded_packet.h"

namespace kansoku::collector {

// What an offload left out when it merged packets of the wire into one: all packets but one, and their
// headers. All 0 for a packet as it came. The packet's IP octets have it in them already.
struct Segmentation {
  uint64_t packets = 0;
  uint64_t wire_octets = 0;

  static constexpr Segmentation Of(const DecodedPacket& packet) {
    if (packet.wire_packets <= 1) return {};
    const uint64_t packets = packet.wire_packets - 1u;
    return {packets, packets * packet.header_octets};
  }
};

}  // namespace kansoku::collector
