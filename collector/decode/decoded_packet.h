// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "collector/capture/packet_view.h"
#include "collector/decode/ip_address.h"

namespace kansoku::collector {

// What carried the outermost IP header.
enum class Encapsulation : uint8_t { kNative, kPppoe, kMpls };

// Bits of DecodedPacket::remarks: the packet counts, but not everything about it could be read.
enum DecodeRemark : uint8_t {
  kRemarkLaterFragment = 1 << 0,
  kRemarkTransportShort = 1 << 1,
  kRemarkTransportMalformed = 1 << 2,
  kRemarkExtensionsShort = 1 << 3,
  kRemarkExtensionsMalformed = 1 << 4,
  kRemarkLengthBeyondFrame = 1 << 5,
};

// IANA protocol numbers that the collector treats apart.
inline constexpr uint8_t kProtocolIcmp = 1, kProtocolTcp = 6, kProtocolUdp = 17, kProtocolIcmpv6 = 58,
                         kProtocolSctp = 132, kProtocolUdpLite = 136;

// Bits of the TCP header's flags octet (RFC 9293 3.1).
inline constexpr uint8_t kTcpFin = 0x01, kTcpSyn = 0x02, kTcpRst = 0x04, kTcpPsh = 0x08, kTcpAck = 0x10,
                         kTcpUrg = 0x20, kTcpEce = 0x40, kTcpCwr = 0x80;

// The fields later stages need, of the outermost IP header and what follows it. A value.
struct DecodedPacket {
  IpAddress source;
  IpAddress destination;
  int64_t captured_unix_ns = 0;
  uint32_t wire_octets = 0;
  uint32_t ip_octets = 0;    // as the header states it; RFC 2675 jumbograms by their option
  uint16_t source_port = 0;  // TCP, UDP, UDP-Lite, SCTP; 0 where it could not be read
  uint16_t destination_port = 0;
  uint8_t ip_version = 0;  // 4 or 6
  uint8_t protocol = 0;    // IPv6: after hop-by-hop, routing, fragment and destination options
  uint8_t tcp_flags = 0;
  uint8_t icmp_type = 0;  // ICMP and ICMPv6
  uint8_t icmp_code = 0;
  bool has_tcp_flags = false;
  bool has_icmp = false;
  bool is_fragment = false;  // IPv4 with more-fragments or an offset; IPv6 with a fragment header
  Encapsulation encapsulation = Encapsulation::kNative;
  Side side = Side::kUnknown;
  uint8_t remarks = 0;  // DecodeRemark bits
};

}  // namespace kansoku::collector
