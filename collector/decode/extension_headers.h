// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "collector/decode/decoded_packet.h"
#include "collector/decode/wire_cursor.h"

namespace kansoku::collector {

inline constexpr uint8_t kProtocolHopByHop = 0, kProtocolRouting = 43, kProtocolFragment = 44,
                         kProtocolDestinationOptions = 60;

// Those that are walked. An authentication header is not: it is protocol 51.
constexpr bool IsExtensionHeader(uint8_t protocol) {
  constexpr uint64_t kWalked = uint64_t{1} << kProtocolHopByHop | uint64_t{1} << kProtocolRouting |
                               uint64_t{1} << kProtocolFragment | uint64_t{1} << kProtocolDestinationOptions;
  return protocol < 64 && (kWalked >> protocol & 1) != 0;
}

// Walks the IPv6 extension headers (RFC 8200 section 4) from out.protocol on, up to a bounded count, and
// leaves the protocol behind them in out.protocol and `in` at its header. Sets is_fragment, identification and
// segment_routed. Trouble is remarked, with the last known next header left in out.protocol.
void ReadExtensionHeaders(WireCursor& in, DecodedPacket& out);

// The jumbo payload option (RFC 2675 section 2) of the hop-by-hop header at `in`. Nothing if there is none,
// or if it states less than a jumbogram has or more than was on the wire: a lie there could add 4 GiB to the
// counters.
std::optional<uint32_t> JumboPayloadOctets(WireCursor in);

}  // namespace kansoku::collector
