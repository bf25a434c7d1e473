// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "collector/decode/decoded_packet.h"
#include "collector/decode/decoder.h"
#include "collector/decode/wire_cursor.h"

namespace kansoku::collector {

// UDP ports of IANA that are not configured: ESP behind address translation (RFC 3948), VXLAN-GPE
// (draft-ietf-nvo3-vxlan-gpe), MPLS (RFC 7510).
inline constexpr uint16_t kEspPort = 4500, kVxlanGpePort = 4790, kMplsPort = 6635;

// Whether this header's protocol and ports leave room for a tunnel or a sealed payload. Most packets end
// here. The source port of GTP-U's G-PDUs (3GPP TS 29.281 4.4.2.3), VXLAN (RFC 7348 5), Geneve (RFC 8926 3.3)
// and MPLS (RFC 7510 3) is any, and their end answers from another: only the destination names these.
inline bool MayCarry(const DecodedPacket& header, const DecodeOptions& options) {
  if (header.protocol == kProtocolTcp) return false;
  if (header.protocol == kProtocolUdp) {
    // Without short circuits: a dozen comparisons cost less than one branch that is guessed wrong.
    const auto to = [&](uint16_t port) { return static_cast<unsigned>(header.destination_port == port); };
    const auto on = [&](uint16_t port) {
      return static_cast<unsigned>(header.source_port == port) | to(port);
    };
    return (to(options.gtpu_port) | to(options.vxlan_port) | to(options.geneve_port) | to(kVxlanGpePort) |
            to(kMplsPort) | on(options.l2tp_port) | on(options.teredo_port) | on(options.wireguard_port) |
            on(kEspPort)) != 0;
  }
  return header.protocol == kProtocolIpv4 || header.protocol == kProtocolIpv6 ||
         header.protocol == kProtocolGre || header.protocol == kProtocolEsp ||
         header.protocol == kProtocolMpls || header.protocol == kProtocolEthernet;
}

// Goes on from the outermost header, in `out`, and `in` at what follows it, to the innermost that can be
// read. Depending on options.layer, `out` becomes the innermost header, or stays and learns of the inside.
// `frame` is the whole packet. Takes where in it the outermost header begins, and returns where the innermost
// does.
size_t CrossTunnels(std::span<const uint8_t> frame, WireCursor& in, const DecodeOptions& options,
                    size_t outermost_at, DecodedPacket& out);

}  // namespace kansoku::collector
