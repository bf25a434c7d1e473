// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "collector/capture/packet_view.h"
#include "collector/decode/ip_address.h"

namespace kansoku::collector {

// What carried the counted IP header. The order is that of v1::Carrier, from CARRIER_NATIVE on.
enum class Encapsulation : uint8_t {
  kNative,
  kPppoe,
  kMpls,
  kL2tp,
  kPptp,
  kGtpu,
  kIpip,
  k6in4,
  k4in6,
  k6in6,
  kGre,
  kErspan,
  kVxlan,
  kGeneve,
  kTeredo,
  kSrv6,
};

// Payload that nobody on the way can read.
enum class Sealed : uint8_t { kNo, kEsp, kWireguard };

// Bits of DecodedPacket::remarks: the packet counts, but not everything about it could be read.
enum DecodeRemark : uint16_t {
  kRemarkLaterFragment = 1 << 0,
  kRemarkTransportShort = 1 << 1,
  kRemarkTransportMalformed = 1 << 2,
  kRemarkExtensionsShort = 1 << 3,
  kRemarkExtensionsMalformed = 1 << 4,
  kRemarkLengthBeyondFrame = 1 << 5,
  kRemarkTunnelShort = 1 << 6,
  kRemarkTunnelMalformed = 1 << 7,
  kRemarkTunnelTooDeep = 1 << 8,
};

// IANA protocol numbers that the collector treats apart.
inline constexpr uint8_t kProtocolIcmp = 1, kProtocolIpv4 = 4, kProtocolTcp = 6, kProtocolUdp = 17,
                         kProtocolIpv6 = 41, kProtocolGre = 47, kProtocolEsp = 50, kProtocolIcmpv6 = 58,
                         kProtocolSctp = 132, kProtocolUdpLite = 136, kProtocolMpls = 137,
                         kProtocolEthernet = 143;

// Bits of the TCP header's flags octet (RFC 9293 3.1).
inline constexpr uint8_t kTcpFin = 0x01, kTcpSyn = 0x02, kTcpRst = 0x04, kTcpPsh = 0x08, kTcpAck = 0x10,
                         kTcpUrg = 0x20, kTcpEce = 0x40, kTcpCwr = 0x80;

// The fields later stages need, of the counted IP header and what follows it. A value.
struct DecodedPacket {
  IpAddress source;
  IpAddress destination;
  int64_t captured_unix_ns = 0;
  uint32_t wire_octets = 0;
  uint32_t ip_octets = 0;           // as the header states it, RFC 2675 jumbograms by their option; of merged
                                    // packets, as their headers stated it in all
  uint32_t outer_ip_octets = 0;     // of the outermost IP header
  uint32_t inner_ip_octets = 0;     // of the innermost that could be read
  uint32_t identification = 0;      // of the IPv4 header, or of IPv6's fragment header; 0 where neither is
  uint32_t tcp_sequence = 0;        // with has_tcp_flags
  uint32_t tcp_payload_octets = 0;  // with has_tcp_flags; of this packet, headers and options left out
  uint16_t source_port = 0;         // TCP, UDP, UDP-Lite, SCTP; 0 where it could not be read
  uint16_t destination_port = 0;
  uint8_t ip_version = 0;  // 4 or 6
  uint8_t hop_limit = 0;   // or time to live
  uint8_t protocol = 0;    // IPv6: after hop-by-hop, routing, fragment and destination options
  Encapsulation encapsulation = Encapsulation::kNative;
  Sealed sealed = Sealed::kNo;
  uint16_t wire_packets = 1;   // PacketView::wire_packets
  uint16_t header_octets = 0;  // from the frame's start to the TCP or UDP payload that offloads merge, which
                               // is behind IP in IP, GRE, VXLAN and Geneve, else the outermost: what each
                               // merged packet had of its own; 0 where that could not be read
  uint8_t tcp_flags = 0;
  uint8_t icmp_type = 0;  // ICMP and ICMPv6
  uint8_t icmp_code = 0;
  bool has_tcp_flags = false;
  bool has_icmp = false;
  bool is_fragment = false;  // IPv4 with more-fragments or an offset; IPv6 with a fragment header
  Side side = Side::kUnknown;
  uint8_t ip_headers = 1;         // that were read; more than 1: tunnelled
  bool segment_routed = false;    // IPv6 with a segment routing header (RFC 8754)
  uint8_t tcp_header_octets = 0;  // with has_tcp_flags; options among them
  uint16_t remarks = 0;           // DecodeRemark bits
  uint16_t quote_at = 0;    // with has_icmp: where in the frame an ICMP error quotes; 0 where it is beyond
  uint16_t tcp_window = 0;  // with has_tcp_flags, as it stands in the header; 0 where that ends before it
};

}  // namespace kansoku::collector
