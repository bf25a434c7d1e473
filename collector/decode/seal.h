// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "collector/decode/decoded_packet.h"
#include "collector/decode/decoder.h"
#include "collector/decode/wire_cursor.h"

namespace kansoku::collector {

// Whether what `header` carries, at `in`, is encrypted: ESP (RFC 4303), ESP over UDP (RFC 3948), WireGuard.
// Later fragments of ESP too, as its protocol number is in each; not those of datagrams, which have no ports.
Sealed SealOf(const DecodedPacket& header, const WireCursor& in, const DecodeOptions& options);

}  // namespace kansoku::collector
