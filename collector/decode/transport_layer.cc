// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/transport_layer.h"

namespace kansoku::collector {
namespace {

void RemarkMissing(const WireCursor& in, size_t octets, DecodedPacket& out) {
  out.remarks |= in.on_wire() < octets ? kRemarkTransportMalformed : kRemarkTransportShort;
}

}  // namespace

void ReadDamagedTransport(WireCursor in, DecodedPacket& out) {
  if (out.protocol == kProtocolIcmp || out.protocol == kProtocolIcmpv6)
    return RemarkMissing(in, kIcmpOctets, out);
  const auto ports = in.Peek<kPortsOctets>();
  if (!ports) return RemarkMissing(in, kPortsOctets, out);
  out.source_port = Big16<0>(*ports);
  out.destination_port = Big16<2>(*ports);
  if (in.Peek<kTcpThroughFlagsOctets>()) {
    out.remarks |= kRemarkTransportMalformed;
  } else {
    RemarkMissing(in, kTcpThroughFlagsOctets, out);
  }
}

}  // namespace kansoku::collector
