// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "collector/capture/packet_view.h"
#include "collector/decode/decoded_packet.h"
#include "collector/decode/ethernet.h"

namespace kansoku::collector {

// Reads what captures of any link type but Ethernet begin with. Sets `side` if it is unknown and the header
// tells.
NextHeader ReadOtherLink(LinkType link_type, WireCursor& in, Side& side);

// The way from a header that is not IP's to the one that is; as FindIp.
NextHeader FindIpBehind(NextHeader next, WireCursor& in, Encapsulation& around);

// Leaves `in` at the next IP header and returns its EtherType. Crosses, in any order and up to a bounded
// depth: Ethernet, VLAN tags (802.1Q, 802.1ad, 0x9100), LLC/SNAP, PPP, PPPoE sessions, MPLS with Ethernet
// pseudowires, Cisco FabricPath and metadata. PPPoE and MPLS become `around`. Refuses with kNotIp,
// kLinkShort, kLinkMalformed, kLinkTooDeep, or as `next` did.
inline NextHeader FindIp(NextHeader next, WireCursor& in, Encapsulation& around) {
  // Without a call: one tag, or two (802.1ad), are on most links of a provider.
  for (int tags = 0; tags < 3; ++tags) {
    if ((next.type == kTypeIpv4) | (next.type == kTypeIpv6)) [[likely]]
      return next;
    if (tags == 2 || !IsVlanTag(next.type)) break;
    next = ReadVlanTag(in);
  }
  WireCursor behind = in;  // a copy, so that the caller's can stay in registers
  next = FindIpBehind(next, behind, around);
  in = behind;
  return next;
}

}  // namespace kansoku::collector
