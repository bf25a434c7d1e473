// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace kansoku {

// "tcp", "udp", "icmp" ...; the number itself for a protocol rarely seen. Numbers: IANA, Assigned Internet
// Protocol Numbers.
inline std::string IpProtocolLabel(uint32_t protocol) {
  switch (protocol) {
    case 1:
      return "icmp";
    case 6:
      return "tcp";
    case 17:
      return "udp";
    case 33:
      return "dccp";
    case 47:
      return "gre";
    case 58:
      return "icmpv6";
    case 132:
      return "sctp";
    case 136:
      return "udplite";
    default:
      return std::to_string(protocol);
  }
}

}  // namespace kansoku
