// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "collector/decode/ether_type.h"
#include "collector/decode/refusal.h"
#include "collector/decode/wire_cursor.h"

namespace kansoku::collector {

// What the header just read says of what follows it: every link and tunnel header can say it as an EtherType.
// A value.
struct NextHeader {
  Refusal refusal = Refusal::kNone;  // of the refusals below IP: kNotIp, kLink*
  uint16_t type = 0;                 // an EtherType, or behind Ethernet and VLAN tags an 802.3 length
};

inline NextHeader Refuse(Refusal refusal) { return {.refusal = refusal}; }
inline NextHeader NotIp() { return Refuse(Refusal::kNotIp); }
inline NextHeader EtherTypeOrLength(uint16_t type) { return {.type = type}; }
inline NextHeader EtherType(uint16_t type) {
  return type > kLargest8023Length ? EtherTypeOrLength(type) : NotIp();
}

// `octets` could not be read of `in`.
inline NextHeader Missing(const WireCursor& in, size_t octets) {
  return Refuse(in.on_wire() < octets ? Refusal::kLinkMalformed : Refusal::kLinkShort);
}

// The same of the first header of a tunnel that only its UDP port suggested: a datagram too small for it
// belongs to something else.
inline NextHeader MissingFirst(const WireCursor& in, size_t octets) {
  return Refuse(in.on_wire() < octets ? Refusal::kNotIp : Refusal::kLinkShort);
}

// IP that nothing announced: its version nibble is all there is to know (RFC 4928 section 3 for MPLS).
inline NextHeader IpOfAnyVersion(const WireCursor& in) {
  const auto first = in.Peek<1>();
  if (!first) return Missing(in, 1);
  switch (Big8<0>(*first) >> 4) {
    case 4:
      return EtherType(kTypeIpv4);
    case 6:
      return EtherType(kTypeIpv6);
    default:
      return NotIp();
  }
}

}  // namespace kansoku::collector
