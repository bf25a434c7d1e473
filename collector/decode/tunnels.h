// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <span>

#include "collector/decode/decoded_packet.h"
#include "collector/decode/decoder.h"
#include "collector/decode/wire_cursor.h"

namespace kansoku::collector {

// VXLAN-GPE's (draft-ietf-nvo3-vxlan-gpe), of the destination. Not configured.
inline constexpr uint16_t kVxlanGpePort = 4790;

// Whether the datagram's ports suggest a tunnel or a sealed payload. All are compared at once.
inline bool HasTunnelPort(const DecodedPacket& datagram, const TunnelPorts& ports) {
  using Lanes [[gnu::vector_size(sizeof(TunnelPorts))]] = uint16_t;
  constexpr Lanes kEitherEnd = {0xffff, 0xffff, 0xffff, 0xffff};
  static_assert(offsetof(TunnelPorts, gtpu) == 4 * sizeof(uint16_t));
  const Lanes known = std::bit_cast<Lanes>(ports);
  const auto found = (known == Lanes{} + datagram.destination_port) |
                     ((known == Lanes{} + datagram.source_port) & (kEitherEnd != 0));
  const auto words = std::bit_cast<std::array<uint64_t, 2>>(found);
  return ((words[0] | words[1]) != 0) | (datagram.destination_port == kVxlanGpePort);
}

// Protocols behind which there may be another header, or a sealed payload; UDP left out.
inline constexpr std::array<bool, 256> kCarriesAnother = [] {
  std::array<bool, 256> carries{};
  for (const uint8_t protocol :
       {kProtocolIpv4, kProtocolIpv6, kProtocolGre, kProtocolEsp, kProtocolMpls, kProtocolEthernet}) {
    carries[protocol] = true;
  }
  return carries;
}();

// Whether this header's protocol and ports leave room for a tunnel or a sealed payload. Most packets end
// here, TCP and UDP in turn, so nothing branches on which one it is.
inline bool MayCarry(const DecodedPacket& header, const DecodeOptions& options) {
  return ((header.protocol == kProtocolUdp) & HasTunnelPort(header, options.ports)) |
         kCarriesAnother[header.protocol];
}

// Goes on from the outermost header, in `out`, and `in` at what follows it, to the innermost that can be
// read. Depending on options.layer, `out` becomes the innermost header, or stays and learns of the inside.
// `frame` is the whole packet. Takes where in it the outermost header begins, and returns where the innermost
// does.
size_t CrossTunnels(std::span<const uint8_t> frame, WireCursor& in, const DecodeOptions& options,
                    size_t outermost_at, DecodedPacket& out);

}  // namespace kansoku::collector
