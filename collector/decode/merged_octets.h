// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "collector/decode/decoded_packet.h"
#include "collector/decode/decoder.h"

namespace kansoku::collector {

// Turns the octets of the IP headers that `out` knows into the sums over all packets that an offload merged
// into this one (wire_packets of them, more than 1). No header states them: those before the merged payload
// are there once and speak of all of it, those inside speak of the first packet alone. The headers begin at
// these octets of the frame; `layer` says which of them is counted.
void SumMergedOctets(size_t outermost_at, size_t innermost_at, Layer layer, DecodedPacket& out);

}  // namespace kansoku::collector
