// SPDX-License-Identifier: Apache-2.0
//
// What a packet at a dark address looks like: a probe, an answer to somebody who forged our address
// (backscatter), or neither. The one definition of the darknet classes.
#pragma once

#include <cstdint>

#include "collector/decode/decoded_packet.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::collector {

// Version of these classes, of the marks in scan_marks.h and of the flags in soft_flags.h. Whoever changes
// what one of them means raises it: what was judged by different rules is never added up.
inline constexpr uint32_t kDarknetRules = 1;

// Never DARKNET_CLASS_UNSPECIFIED. A later fragment is FRAGMENT; a packet whose TCP flags, ICMP type, UDP
// ports or IPv6 extension headers could not be read is MALFORMED. Pure; any thread.
v1::DarknetClass DarknetClassOf(const DecodedPacket& packet);

// Whether a packet of the class looks for something: TCP SYN and UDP probes.
constexpr bool IsProbe(v1::DarknetClass darknet_class) {
  return darknet_class == v1::DARKNET_CLASS_TCP_SYN || darknet_class == v1::DARKNET_CLASS_UDP_PROBE;
}

}  // namespace kansoku::collector
