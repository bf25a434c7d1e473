// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "collector/capture/packet_view.h"
#include "collector/decode/decoded_packet.h"
#include "collector/decode/refusal.h"

namespace kansoku::collector {

// Which IP header of a tunnelled packet becomes the DecodedPacket.
enum class Layer : uint8_t { kInner, kOuter };

// How tunnels are recognised. A value; the defaults are IANA's ports.
struct DecodeOptions {
  Layer layer = Layer::kInner;
  uint32_t opaque = 0;  // tunnels behind an IP header that are not crossed: 1 << Encapsulation
  uint16_t gtpu_port = 2152;
  uint16_t l2tp_port = 1701;
  uint16_t vxlan_port = 4789;
  uint16_t geneve_port = 6081;
  uint16_t teredo_port = 3544;
  uint16_t wireguard_port = 51820;
};

// Reads one packet: link layer, IP header and transport header, and the same again behind each tunnel, up to
// six IP headers. A UDP port only suggests a tunnel: where the first header behind it says otherwise, the
// datagram is one. Where what is inside a tunnel cannot be read, the last IP header that could is taken, with
// a remark; where it is not IP, or a later fragment, without. Stateless, allocates nothing, never reads past
// packet.bytes; any thread. On a refusal `out` is unspecified.
Refusal Decode(const PacketView& packet, DecodedPacket& out, const DecodeOptions& options = {});

}  // namespace kansoku::collector
