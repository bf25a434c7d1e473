// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/tunnel_headers.h"

namespace kansoku::collector {

// RFC 7348 section 5: of the first octet only the flag of a valid network identifier must be set; the others
// are ignored.
NextHeader ReadVxlan(WireCursor& in) {
  constexpr size_t kOctets = 8;
  constexpr uint8_t kIdentifierValid = 0x08;
  const auto header = in.Take<kOctets>();
  if (!header) return MissingFirst(in, kOctets);
  return Big8<0>(*header) & kIdentifierValid ? EtherType(kTypeEthernet) : NotIp();
}

}  // namespace kansoku::collector
