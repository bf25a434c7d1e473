// SPDX-License-Identifier: Apache-2.0
//
// What a packet at a dark address looks like: a probe, an answer to somebody who forged our address
// (backscatter), or neither. The one definition of the darknet classes.
#pragma once

#include "collector/decode/decoded_packet.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::collector {

// Never DARKNET_CLASS_UNSPECIFIED. A later fragment is FRAGMENT; a packet whose TCP flags, ICMP type, UDP
// ports or IPv6 extension headers could not be read is MALFORMED. Pure; any thread.
v1::DarknetClass DarknetClassOf(const DecodedPacket& packet);

}  // namespace kansoku::collector
