// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "collector/decode/decoded_packet.h"
#include "collector/decode/ip_address.h"

namespace kansoku::collector {

// Between whom a packet was sent.
struct QuotedPacket {
  IpAddress source;
  IpAddress destination;
};

// The packet that an ICMP error quotes (RFC 792; RFC 4443 section 3). Sent from where the error went, it went
// to whom the error is about: of an error at a dark address, the one to whom somebody sent forged packets.
// `error` was decoded from `frame`. Nothing if it is no error, or what it quotes is cut off or of another
// family. Any thread.
std::optional<QuotedPacket> PacketQuotedBy(std::span<const uint8_t> frame, const DecodedPacket& error);

}  // namespace kansoku::collector
