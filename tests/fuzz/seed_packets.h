// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "collector/capture/packet_view.h"
#include "tests/fuzz/packet_input.h"

namespace kansoku::fuzz {

struct SeedPacket {
  std::string name;
  collector::LinkType link_type = collector::LinkType::kEthernet;
  std::vector<uint8_t> bytes;

  collector::PacketView view() const {
    return {.bytes = bytes, .wire_octets = static_cast<uint32_t>(bytes.size()), .link_type = link_type};
  }
};

// One packet for each link type, tunnel, extension header and transport that the decoder reads, over IPv4 and
// over IPv6.
std::vector<SeedPacket> SeedPackets();

}  // namespace kansoku::fuzz
