// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "collector/decode/ether_type.h"
#include "collector/decode/network_layer.h"
#include "collector/decode/transport_layer.h"

namespace kansoku::collector {

// Reads the IP header that `type` (kTypeIpv4 or kTypeIpv6) announced at `in`, and the transport header behind
// it, at which `in` is left. On a refusal `out` is unchanged.
[[gnu::always_inline]] inline Refusal ReadIpPacket(uint16_t type, std::span<const uint8_t> frame,
                                                   WireCursor& in, DecodedPacket& out) {
  const Refusal refusal = type == kTypeIpv4 ? ReadIpv4(in, out) : ReadIpv6(in, out);
  if (refusal != Refusal::kNone) return refusal;
  if ((out.remarks & kPayloadOutOfReach) == 0) ReadTransportLayer(frame, in, out);
  return Refusal::kNone;
}

}  // namespace kansoku::collector
