// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/tunnel_headers.h"

namespace kansoku::collector {

// RFC 8926 section 3.4: version 0, length of the options in units of four octets, EtherType.
NextHeader ReadGeneve(WireCursor& in) {
  constexpr size_t kOctets = 8, kOptionUnitOctets = 4;
  const auto header = in.Take<kOctets>();
  if (!header) return MissingFirst(in, kOctets);
  if (Big8<0>(*header) >> 6 != 0) return NotIp();
  const size_t option_octets = (Big8<0>(*header) & 0x3fu) * kOptionUnitOctets;
  if (!in.Skip(option_octets)) return Missing(in, option_octets);
  return EtherType(Big16<2>(*header));
}

}  // namespace kansoku::collector
