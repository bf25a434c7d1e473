// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <limits>
#include <span>

#include "collector/decode/decoded_packet.h"
#include "collector/decode/wire_cursor.h"

namespace kansoku::collector {

// RFC 9293 section 3.1, up to the flags, and the whole of it without options.
inline constexpr size_t kTcpThroughFlagsOctets = 14, kTcpLeastOctets = 20;
// RFC 768; the first four octets of TCP, UDP-Lite (RFC 3828) and SCTP (RFC 9260) are ports too.
inline constexpr size_t kUdpOctets = 8, kPortsOctets = 4;
// Type and code: RFC 792, RFC 4443 section 2.1.
inline constexpr size_t kIcmpOctets = 2;

// Where the payload begins in the frame; 0 where it would be beyond the packet, or the field cannot say it.
inline uint16_t HeaderOctets(std::span<const uint8_t> frame, const WireCursor& in, size_t transport_octets) {
  const size_t octets = in.OffsetIn(frame) + transport_octets;
  const bool fits = transport_octets <= in.on_wire() && octets <= std::numeric_limits<uint16_t>::max();
  return fits ? static_cast<uint16_t>(octets) : uint16_t{0};
}

// Fewer octets are there than ReadTransportLayer asked for, or a TCP header states an impossible length:
// reads the ports if it can, and remarks the rest.
void ReadDamagedTransport(WireCursor in, DecodedPacket& out);

// Reads what `in`, somewhere in `frame`, has of the header of out.protocol: ports, TCP flags, sequence and
// payload, ICMP type and code; with TCP and UDP also header_octets. What is not there is remarked, never
// refused. A protocol without such fields has nothing to read and nothing to remark.
inline void ReadTransportLayer(std::span<const uint8_t> frame, const WireCursor& in, DecodedPacket& out) {
  switch (out.protocol) {
    case kProtocolTcp: {
      const auto header = in.Peek<kTcpThroughFlagsOctets>();
      const size_t header_octets = header ? size_t{Big8<12>(*header)} >> 4 << 2 : 0;
      if (header_octets < kTcpLeastOctets) [[unlikely]]
        return ReadDamagedTransport(in, out);
      out.source_port = Big16<0>(*header);
      out.destination_port = Big16<2>(*header);
      out.tcp_sequence = Big32<4>(*header);
      out.tcp_flags = Big8<13>(*header);
      out.has_tcp_flags = true;
      const size_t segment_octets = in.on_wire();
      out.tcp_payload_octets =
          static_cast<uint32_t>(segment_octets - std::min(segment_octets, header_octets));
      out.header_octets = HeaderOctets(frame, in, header_octets);
      return;
    }
    case kProtocolUdp:
    case kProtocolUdpLite:
    case kProtocolSctp: {
      const auto ports = in.Peek<kPortsOctets>();
      if (!ports) [[unlikely]]
        return ReadDamagedTransport(in, out);
      out.source_port = Big16<0>(*ports);
      out.destination_port = Big16<2>(*ports);
      if (out.protocol == kProtocolUdp) out.header_octets = HeaderOctets(frame, in, kUdpOctets);
      return;
    }
    case kProtocolIcmp:
    case kProtocolIcmpv6: {
      const auto header = in.Peek<kIcmpOctets>();
      if (!header) [[unlikely]]
        return ReadDamagedTransport(in, out);
      out.icmp_type = Big8<0>(*header);
      out.icmp_code = Big8<1>(*header);
      out.has_icmp = true;
      return;
    }
    default:
      return;
  }
}

}  // namespace kansoku::collector
