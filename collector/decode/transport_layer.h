// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <limits>
#include <span>

#include "collector/decode/decoded_packet.h"
#include "collector/decode/wire_cursor.h"

namespace kansoku::collector {

// RFC 9293 section 3.1, up to the flags, up to the window, and the whole of it without options.
inline constexpr size_t kTcpThroughFlagsOctets = 14, kTcpThroughWindowOctets = 16, kTcpLeastOctets = 20;
// RFC 768; the first four octets of TCP, UDP-Lite (RFC 3828) and SCTP (RFC 9260) are ports too.
inline constexpr size_t kUdpOctets = 8, kPortsOctets = 4;
// Type and code: RFC 792, RFC 4443 section 2.1.
inline constexpr size_t kIcmpOctets = 2;
// What an error quotes comes after these: the same.
inline constexpr size_t kIcmpErrorOctets = 8;

// Where the payload begins in the frame; 0 where it would be beyond the packet, or the field cannot say it.
inline uint16_t HeaderOctets(std::span<const uint8_t> frame, const WireCursor& in, size_t transport_octets) {
  const size_t octets = in.OffsetIn(frame) + transport_octets;
  const bool fits = (transport_octets <= in.on_wire()) & (octets <= std::numeric_limits<uint16_t>::max());
  return static_cast<uint16_t>(octets * (fits ? 1 : 0));
}

template <size_t N>
inline constexpr std::array<uint8_t, N> kNoHeader{};

// Reads the ports of a TCP header that is cut off or states an impossible length, and remarks what is wrong.
void ReadDamagedTcp(WireCursor in, DecodedPacket& out);

// Everything but TCP and UDP, and those too if not even their ports are there.
void ReadOtherTransport(std::span<const uint8_t> frame, WireCursor in, DecodedPacket& out);

// Reads what `in`, somewhere in `frame`, has of the header of out.protocol: ports, TCP flags, sequence,
// window and payload, ICMP type and code; with TCP and UDP also header_octets. What is not there is remarked,
// never refused. A protocol without such fields has nothing to read and nothing to remark.
//
// TCP and UDP take turns on every link, so a branch between them would be guessed wrong. They are read alike,
// and what only TCP has is masked out.
[[gnu::always_inline]] inline void ReadTransportLayer(std::span<const uint8_t> frame, const WireCursor& in,
                                                      DecodedPacket& out) {
  const bool is_tcp = out.protocol == kProtocolTcp;
  const auto ports = in.Peek<kPortsOctets>();
  if (!(is_tcp | (out.protocol == kProtocolUdp)) || !ports) [[unlikely]]
    return ReadOtherTransport(frame, in, out);
  // Small datagrams are no exception, and neither are headers that were cut before the window.
  const auto header = in.PeekOr<kTcpThroughFlagsOctets>(kNoHeader<kTcpThroughFlagsOctets>);
  const auto through_window = in.PeekOr<kTcpThroughWindowOctets>(kNoHeader<kTcpThroughWindowOctets>);
  const uint32_t if_tcp = -static_cast<uint32_t>(is_tcp);  // all bits or none
  const size_t tcp_header_octets = size_t{Big8<12>(header)} >> 4 << 2;
  const size_t header_octets = (tcp_header_octets & if_tcp) | (kUdpOctets & ~if_tcp);
  if (is_tcp & (header_octets < kTcpLeastOctets)) [[unlikely]]
    return ReadDamagedTcp(in, out);
  const size_t segment_octets = in.on_wire();
  const size_t payload_octets = segment_octets - std::min(segment_octets, header_octets);
  out.source_port = Big16<0>(*ports);
  out.destination_port = Big16<2>(*ports);
  out.tcp_sequence = Big32<4>(header) & if_tcp;
  out.tcp_flags = static_cast<uint8_t>(Big8<13>(header) & if_tcp);
  out.tcp_header_octets = static_cast<uint8_t>(tcp_header_octets & if_tcp);
  out.tcp_window = static_cast<uint16_t>(Big16<14>(through_window) & if_tcp);
  out.has_tcp_flags = is_tcp;
  out.tcp_payload_octets = static_cast<uint32_t>(payload_octets) & if_tcp;
  out.header_octets = HeaderOctets(frame, in, header_octets);
}

}  // namespace kansoku::collector
