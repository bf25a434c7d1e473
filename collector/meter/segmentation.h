// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "collector/decode/decoded_packet.h"

namespace kansoku::collector {

// What an offload left out when it merged packets of the wire into one: all packets but one, and their
// headers. All 0 for a packet as it came.
struct Segmentation {
  uint64_t packets = 0;
  uint64_t wire_octets = 0;
  uint64_t ip_octets = 0;  // the IP header and what follows it, up to the payload

  static constexpr Segmentation Of(const DecodedPacket& packet) {
    if (packet.wire_packets <= 1) return {};
    const uint64_t packets = packet.wire_packets - 1u;
    const uint32_t link_octets = packet.wire_octets - std::min(packet.outer_ip_octets, packet.wire_octets);
    const uint32_t ip_octets = packet.header_octets - std::min<uint32_t>(link_octets, packet.header_octets);
    return {packets, packets * packet.header_octets, packets * ip_octets};
  }
};

}  // namespace kansoku::collector
