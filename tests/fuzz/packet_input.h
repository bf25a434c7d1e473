// SPDX-License-Identifier: Apache-2.0
//
// How a fuzz target's input says which packet it means. Seeds are written, and inputs read, by this.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "collector/capture/packet_view.h"

namespace kansoku::fuzz {

// Three octets before the packet's bytes: the link type, how many octets of the frame the capture left out
// (in units of 16), and how many packets an offload merged.
inline constexpr size_t kPrefixOctets = 3;
inline constexpr uint8_t kLinkTypes = static_cast<uint8_t>(collector::LinkType::kUnsupported) + 1;

// Borrows the input. Empty bytes where the input is shorter than the prefix.
inline collector::PacketView PacketOf(std::span<const uint8_t> input) {
  if (input.size() < kPrefixOctets) return {};
  const std::span<const uint8_t> bytes = input.subspan(kPrefixOctets);
  return {.bytes = bytes,
          .wire_octets = static_cast<uint32_t>(bytes.size() + size_t{16} * input[1]),
          .link_type = static_cast<collector::LinkType>(input[0] % kLinkTypes),
          .wire_packets = input[2]};
}

inline std::string InputOf(const collector::PacketView& packet) {
  std::string input = {static_cast<char>(packet.link_type),
                       static_cast<char>((packet.wire_octets - packet.bytes.size()) / 16),
                       static_cast<char>(packet.wire_packets)};
  input.append(packet.bytes.begin(), packet.bytes.end());
  return input;
}

}  // namespace kansoku::fuzz
