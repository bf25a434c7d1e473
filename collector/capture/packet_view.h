// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace kansoku::collector {

// What the captured bytes begin with. Numbers of https://www.tcpdump.org/linktypes.html in brackets.
enum class LinkType : uint8_t {
  kEthernet,       // [1]
  kLinuxCooked,    // SLL [113]
  kLinuxCookedV2,  // SLL2 [276]
  kRawIp,          // [101], [228], [229]: an IPv4 or IPv6 header
  kBsdNull,        // [0]: address family as a 32-bit number in the capturing host's byte order
  kBsdLoop,        // [108]: the same in network byte order
  kPpp,            // [9]: a PPP protocol field, or HDLC-like framing before it (RFC 1662)
  kPppHdlc,        // [50]: HDLC-like framing, PPP's or Cisco's
  kPppoeSession,   // [51]: a PPPoE header
  kCiscoHdlc,      // [104]
  kFrameRelay,     // [107]: Q.922 address, then RFC 2427 encapsulation
  kNflog,          // [239]: Linux netfilter's log
  kNotIp,          // whatever it is: the source knows that it holds no IP
  kUnsupported,    // any other one, of a file that mixes them
};

// On which side of the interface a packet was seen, where the source can tell.
enum class Side : uint8_t { kUnknown, kReceived, kSent };

// One captured packet. Borrowed: valid only during the call that receives it.
struct PacketView {
  std::span<const uint8_t> bytes;  // captured; fewer than on the wire if the snap length cut it
  uint32_t wire_octets = 0;        // length on the wire: link header included, check sequence not
  LinkType link_type = LinkType::kEthernet;
  Side side = Side::kUnknown;
  int64_t captured_unix_ns = 0;
  // Packets of the wire that an offload (GRO, TSO) merged into this one; 0: several, and nothing tells how
  // many.
  uint16_t wire_packets = 1;
};

}  // namespace kansoku::collector
