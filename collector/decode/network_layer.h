// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "collector/decode/decoded_packet.h"
#include "collector/decode/refusal.h"
#include "collector/decode/wire_cursor.h"

namespace kansoku::collector {

// Reads an IPv4 or IPv6 header. Its version must be out.ip_version, the announced one, unless that is 0.
// Fills addresses, ip_octets, ip_version, protocol, is_fragment and remarks, and leaves `in` at the transport
// header, ending where the IP packet ends. Refuses with kNetworkShort or kNetworkMalformed; behind the fixed
// header nothing is refused any more, only remarked.
Refusal ReadNetworkLayer(WireCursor& in, DecodedPacket& out);

}  // namespace kansoku::collector
