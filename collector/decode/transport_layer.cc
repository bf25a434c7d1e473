// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/transport_layer.h"

namespace kansoku::collector {
namespace {

void RemarkMissing(const WireCursor& in, size_t octets, DecodedPacket& out) {
  out.remarks |= in.on_wire() < octets ? kRemarkTransportMalformed : kRemarkTransportShort;
}

void ReadPorts(const WireCursor& in, DecodedPacket& out) {
  const auto ports = in.Peek<kPortsOctets>();
  if (!ports) return RemarkMissing(in, kPortsOctets, out);
  out.source_port = Big16<0>(*ports);
  out.destination_port = Big16<2>(*ports);
}

}  // namespace

void ReadDamagedTcp(WireCursor in, DecodedPacket& out) {
  ReadPorts(in, out);
  if (in.Peek<kTcpThroughFlagsOctets>()) {
    out.remarks |= kRemarkTransportMalformed;
  } else {
    RemarkMissing(in, kTcpThroughFlagsOctets, out);
  }
}

void ReadOtherTransport(std::span<const uint8_t> frame, WireCursor in, DecodedPacket& out) {
  switch (out.protocol) {
    case kProtocolTcp:
    case kProtocolUdp:
    case kProtocolUdpLite:
    case kProtocolSctp:
      ReadPorts(in, out);
      return;
    case kProtocolIcmp:
    case kProtocolIcmpv6: {
      const auto header = in.Peek<kIcmpOctets>();
      if (!header) return RemarkMissing(in, kIcmpOctets, out);
      out.icmp_type = Big8<0>(*header);
      out.icmp_code = Big8<1>(*header);
      out.has_icmp = true;
      out.quote_at = HeaderOctets(frame, in, kIcmpErrorOctets);
      return;
    }
    default:
      return;
  }
}

}  // namespace kansoku::collector
