// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "collector/capture/packet_view.h"
#include "collector/decode/decoded_packet.h"
#include "collector/decode/refusal.h"

namespace kansoku::collector {

// Reads one packet: link layer, outermost IP header, transport header. Stateless, allocates nothing, never
// reads past packet.bytes; any thread. On a refusal `out` is unspecified.
Refusal Decode(const PacketView& packet, DecodedPacket& out);

}  // namespace kansoku::collector
