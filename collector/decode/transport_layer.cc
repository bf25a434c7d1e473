// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/transport_layer.h"

namespace kansoku::collector {
namespace {

void RemarkMissing(const WireCursor& in, size_t octets, DecodedPacket& out) {
  out.remarks |= in.on_wire() < octets ? kRemarkTransportMalformed : kRemarkTransportShort;
}

// False, and a remark, if they are not there.
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

}  // namespace

void ReadDamagedTcp(WireCursor in, DecodedPacket& out) {
  if (!ReadPorts(in, out)) return;
  if (in.Peek<kTcpThroughFlagsOctets>()) {
    out.remarks |= kRemarkTransportMalformed;
  } else {
    RemarkMissing(in, kTcpThroughFlagsOctets, out);
  }
}

void ReadOtherTransport(std::span<const uint8_t> frame, WireCursor in, DecodedPacket& out) {
  switch (out.protocol) {
    case kProtocolUdp:
      if (ReadPorts(in, out)) out.header_octets = HeaderOctets(frame, in, kUdpOctets);
      return;
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
      return;
    }
    default:
      return;
  }
}

}  // namespace kansoku::collector
