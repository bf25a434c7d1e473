// SPDX-License-Identifier: Apache-2.0
#include "collector/classify/darknet_class.h"

#include <algorithm>
#include <array>

namespace kansoku::collector {
namespace {

// UDP services that answer with more than they are asked, so that forged requests are sent to them: QOTD,
// chargen, DNS, TFTP, portmap, NTP, NetBIOS, SNMP, LDAP, SLP, RIP, SQL Server browser, SSDP, Apple remote
// desktop, WS-Discovery, mDNS, CoAP, Ubiquiti discovery, memcached, DVR discovery.
constexpr std::array<uint16_t, 20> kReflectorPorts = {17,   19,   53,   69,    111,   123,  137,
                                                      161,  389,  427,  520,   1434,  1900, 3283,
                                                      3702, 5353, 5683, 10001, 11211, 37810};
static_assert(std::is_sorted(kReflectorPorts.begin(), kReflectorPorts.end()));
constexpr uint16_t kFirstUnprivilegedPort = 1024;

v1::DarknetClass TcpClass(uint8_t all_flags) {
  const int flags = all_flags & ~(kTcpEce | kTcpCwr);
  if ((flags & (kTcpSyn | kTcpAck)) == (kTcpSyn | kTcpAck)) return v1::DARKNET_CLASS_BACKSCATTER_SYN_ACK;
  if ((flags & kTcpRst) != 0) return v1::DARKNET_CLASS_BACKSCATTER_RST;
  switch (flags) {
    case kTcpSyn:
      return v1::DARKNET_CLASS_TCP_SYN;
    case kTcpAck:
      return v1::DARKNET_CLASS_TCP_ACK;
    case kTcpFin:
      return v1::DARKNET_CLASS_TCP_FIN;
    case 0:
      return v1::DARKNET_CLASS_TCP_NULL;
    case kTcpFin | kTcpPsh | kTcpUrg:
      return v1::DARKNET_CLASS_TCP_XMAS;
    default:
      return v1::DARKNET_CLASS_TCP_OTHER;
  }
}

// https://www.iana.org/assignments/icmp-parameters
v1::DarknetClass IcmpClass(uint8_t type) {
  switch (type) {
    case 8:   // echo
    case 10:  // router solicitation
    case 13:  // timestamp
    case 15:  // information request
    case 17:  // address mask request
      return v1::DARKNET_CLASS_ICMP_REQUEST;
    case 0:   // echo reply
    case 3:   // destination unreachable
    case 4:   // source quench
    case 5:   // redirect
    case 11:  // time exceeded
    case 12:  // parameter problem
    case 14:  // timestamp reply
    case 16:  // information reply
    case 18:  // address mask reply
      return v1::DARKNET_CLASS_BACKSCATTER_ICMP;
    default:
      return v1::DARKNET_CLASS_ICMP_OTHER;
  }
}

// https://www.iana.org/assignments/icmpv6-parameters
v1::DarknetClass Icmpv6Class(uint8_t type) {
  switch (type) {
    case 128:  // echo request
    case 133:  // router solicitation
    case 139:  // node information query
      return v1::DARKNET_CLASS_ICMP_REQUEST;
    case 1:    // destination unreachable
    case 2:    // packet too big
    case 3:    // time exceeded
    case 4:    // parameter problem
    case 129:  // echo reply
    case 137:  // redirect
    case 140:  // node information response
      return v1::DARKNET_CLASS_BACKSCATTER_ICMP;
    default:
      return v1::DARKNET_CLASS_ICMP_OTHER;
  }
}

v1::DarknetClass UdpClass(uint16_t source_port, uint16_t destination_port) {
  const bool is_response = destination_port >= kFirstUnprivilegedPort &&
                           std::binary_search(kReflectorPorts.begin(), kReflectorPorts.end(), source_port);
  return is_response ? v1::DARKNET_CLASS_UDP_RESPONSE : v1::DARKNET_CLASS_UDP_PROBE;
}

bool HasUnreadPorts(const DecodedPacket& packet) {
  return (packet.remarks & (kRemarkTransportShort | kRemarkTransportMalformed)) != 0 &&
         packet.source_port == 0 && packet.destination_port == 0;
}

}  // namespace

v1::DarknetClass DarknetClassOf(const DecodedPacket& packet) {
  if ((packet.remarks & kRemarkLaterFragment) != 0) return v1::DARKNET_CLASS_FRAGMENT;
  if ((packet.remarks & (kRemarkExtensionsShort | kRemarkExtensionsMalformed)) != 0) {
    return v1::DARKNET_CLASS_MALFORMED;
  }
  if (packet.protocol == kProtocolTcp) {
    return packet.has_tcp_flags ? TcpClass(packet.tcp_flags) : v1::DARKNET_CLASS_MALFORMED;
  }
  if (packet.protocol == kProtocolUdp) {
    return HasUnreadPorts(packet) ? v1::DARKNET_CLASS_MALFORMED
                                  : UdpClass(packet.source_port, packet.destination_port);
  }
  const bool ipv6 = packet.ip_version == 6;
  if (packet.protocol == (ipv6 ? kProtocolIcmpv6 : kProtocolIcmp)) {
    if (!packet.has_icmp) return v1::DARKNET_CLASS_MALFORMED;
    return ipv6 ? Icmpv6Class(packet.icmp_type) : IcmpClass(packet.icmp_type);
  }
  return v1::DARKNET_CLASS_PROTOCOL_OTHER;
}

}  // namespace kansoku::collector
