// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "collector/capture/packet_view.h"
#include "collector/decode/decoded_packet.h"
#include "collector/decode/refusal.h"

namespace kansoku::collector {

// Which IP header of a tunnelled packet becomes the DecodedPacket.
enum class Layer : uint8_t { kInner, kOuter };

// The UDP ports of tunnels and of what seals a payload. A value; the defaults are IANA's.
struct TunnelPorts {
  // Of either end.
  uint16_t l2tp = 1701;
  uint16_t teredo = 3544;
  uint16_t wireguard = 51820;
  uint16_t esp = 4500;  // behind address translation (RFC 3948)
  // Of the destination. The source's is any for GTP-U's G-PDUs (3GPP TS 29.281 4.4.2.3), VXLAN (RFC 7348 5),
  // Geneve (RFC 8926 3.3) and MPLS (RFC 7510 3), and their end answers from another.
  uint16_t gtpu = 2152;
  uint16_t vxlan = 4789;
  uint16_t geneve = 6081;
  uint16_t mpls = 6635;
};

// How tunnels are recognised. A value.
struct DecodeOptions {
  Layer layer = Layer::kInner;
  uint32_t opaque = 0;  // tunnels behind an IP header that are not crossed: 1 << Encapsulation
  TunnelPorts ports;
};

// Reads one packet: link layer, IP header and transport header, and the same again behind each tunnel, up to
// six IP headers. A UDP port only suggests a tunnel: where the first header behind it says otherwise, the
// datagram is one. Where what is inside a tunnel cannot be read, the last IP header that could is taken, with
// a remark; where it is not IP, or a later fragment, without. Stateless, allocates nothing, never reads past
// packet.bytes; any thread. On a refusal `out` is unspecified.
Refusal Decode(const PacketView& packet, DecodedPacket& out, const DecodeOptions& options = {});

}  // namespace kansoku::collector
