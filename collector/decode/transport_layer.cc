// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/transport_layer.h"

namespace kansoku::collector {
namespace {

void RemarkMissing(const WireCursor& in, size_t octets, DecodedPacket& out) {
  out.remarks |= in.on_wire() < octets ? kRemarkTransportMalformed : kRemarkTransportShort;
}

// The first four octets of TCP, UDP, UDP-Lite (RFC 3828) and SCTP (RFC 9260) alike.
constexpr size_t kPortsOctets = 4;
bool ReadPorts(const WireCursor& in, DecodedPacket& out) {
  const auto ports = in.Peek<kPortsOctets>();
  if (!ports) {
    RemarkMissing(in, kPortsOctets, out);
    return false;
  }
  out.source_port = Big16<0>(*ports);
  out.destination_port = Big16<2>(*ports);
  return true;
}

// RFC 9293 section 3.1, up to the flags.
constexpr size_t kTcpThroughFlagsOctets = 14;
constexpr uint8_t kTcpLeastHeaderWords = 5;
void ReadTcp(const WireCursor& in, DecodedPacket& out) {
  if (!ReadPorts(in, out)) return;
  const auto header = in.Peek<kTcpThroughFlagsOctets>();
  if (!header) return RemarkMissing(in, kTcpThroughFlagsOctets, out);
  if (Big8<12>(*header) >> 4 < kTcpLeastHeaderWords) {
    out.remarks |= kRemarkTransportMalformed;
    return;
  }
  out.tcp_flags = Big8<13>(*header);
  out.has_tcp_flags = true;
}

// RFC 792, RFC 4443 section 2.1.
constexpr size_t kIcmpOctets = 2;
void ReadIcmp(const WireCursor& in, DecodedPacket& out) {
  const auto header = in.Peek<kIcmpOctets>();
  if (!header) return RemarkMissing(in, kIcmpOctets, out);
  out.icmp_type = Big8<0>(*header);
  out.icmp_code = Big8<1>(*header);
  out.has_icmp = true;
}

}  // namespace

void ReadTransportLayer(WireCursor in, DecodedPacket& out) {
  switch (out.protocol) {
    case kProtocolTcp:
      return ReadTcp(in, out);
    case kProtocolUdp:
    case kProtocolUdpLite:
    case kProtocolSctp:
      ReadPorts(in, out);
      return;
    case kProtocolIcmp:
    case kProtocolIcmpv6:
      return ReadIcmp(in, out);
    default:
      return;
  }
}

}  // namespace kansoku::collector
