// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "collector/decode/decoded_packet.h"
#include "collector/decode/ip_address.h"

namespace kansoku::collector {

// To whom the packet was sent that an ICMP error quotes (RFC 792; RFC 4443 section 3), if it was sent from
// where the error went: of an error at a dark address, the one to whom somebody sent forged packets. `error`
// was decoded from `frame`. Nothing if it is no error, or what it quotes is cut off, of another family, or
// from elsewhere. Any thread.
std::optional<IpAddress> QuotedDestination(std::span<const uint8_t> frame, const DecodedPacket& error);

}  // namespace kansoku::collector
