// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "collector/capture/packet_view.h"
#include "collector/decode/decoded_packet.h"
#include "collector/decode/refusal.h"
#include "collector/decode/wire_cursor.h"

namespace kansoku::collector {

// Leaves `in` at the outermost IP header and sets out.encapsulation, out.side, and out.ip_version where a
// link header announced it (else it stays 0). Crosses, in any order and up to a bounded depth: VLAN tags
// (802.1Q, 802.1ad, 0x9100), LLC/SNAP, PPPoE sessions, MPLS with Ethernet pseudowires, Cisco FabricPath.
// Refuses with kNotIp, kLinkShort, kLinkMalformed, kLinkTooDeep.
Refusal ReadLinkLayer(const PacketView& packet, WireCursor& in, DecodedPacket& out);

}  // namespace kansoku::collector
