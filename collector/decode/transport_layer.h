// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "collector/decode/decoded_packet.h"
#include "collector/decode/wire_cursor.h"

namespace kansoku::collector {

// Reads what `in` has of the header of out.protocol: ports, TCP flags, ICMP type and code. What is not there
// is remarked, never refused. A protocol without such fields has nothing to read and nothing to remark.
void ReadTransportLayer(WireCursor in, DecodedPacket& out);

}  // namespace kansoku::collector
