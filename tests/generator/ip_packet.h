// SPDX-License-Identifier: Apache-2.0
//
// One IP packet by its fields.
#pragma once

#include <cstdint>

#include "tests/generator/frame.h"
#include "tests/generator/traffic_key.h"

namespace kansoku::generator {

inline constexpr uint8_t kProtocolIcmp = 1, kProtocolTcp = 6, kProtocolUdp = 17, kProtocolEsp = 50,
                         kProtocolIcmpv6 = 58, kProtocolSctp = 132;
inline constexpr uint32_t kWireguardData = 0x04000000;  // message type 4 and three zeros, as payload_word
inline constexpr uint8_t kFin = 0x01, kSyn = 0x02, kRst = 0x04, kPsh = 0x08, kAck = 0x10, kUrg = 0x20,
                         kEce = 0x40, kCwr = 0x80;

// Bits of IpPacket::extensions, in the order they are written (RFC 8200 4.1).
inline constexpr uint8_t kHopByHop = 1, kDestinationOptions = 2, kRouting = 4;

struct Fragment {
  bool present = false;
  bool more = false;
  uint16_t offset_octets = 0;  // a multiple of 8
};

struct IpPacket {
  Address source;
  Address destination;
  uint8_t protocol = kProtocolTcp;
  uint8_t hop_limit = 64;
  uint16_t identification = 0;
  uint8_t ipv4_option_octets = 0;  // a multiple of 4
  uint8_t extensions = 0;          // IPv6
  Fragment fragment;

  bool has_transport_header = true;  // false: later fragments, and packets too short to hold one
  uint16_t source_port = 0;
  uint16_t destination_port = 0;
  uint8_t tcp_flags = 0;
  uint8_t tcp_option_octets = 0;  // a multiple of 4
  uint16_t tcp_window = 64240;
  uint32_t tcp_sequence = 0;
  uint32_t tcp_acknowledgement = 0;
  uint8_t icmp_type = 0;
  uint8_t icmp_code = 0;
  uint16_t payload_octets = 0;  // after the transport header, or after the IP header without one
  uint32_t payload_word = 0;    // the payload's first four octets, after UDP's header; zeros are not written
};

Transport TransportOf(const IpPacket& packet);

// The length that the IP header states.
uint32_t IpOctets(const IpPacket& packet);

// Appends the headers from IP's to the transport's. The IPv4 header's checksum is right; those of transports
// are zero, as a sender with checksum offload shows them.
void WriteIp(const IpPacket& packet, Frame& frame);

}  // namespace kansoku::generator
