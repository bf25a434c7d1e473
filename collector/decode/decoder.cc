// SPDX-License-Identifier: Apache-2.0
#include "collector/decode/decoder.h"

#include "collector/decode/link_layer.h"
#include "collector/decode/network_layer.h"
#include "collector/decode/transport_layer.h"
#include "collector/decode/wire_cursor.h"

namespace kansoku::collector {
namespace {

constexpr uint8_t kTransportOutOfReach =
    kRemarkLaterFragment | kRemarkExtensionsShort | kRemarkExtensionsMalformed;

}  // namespace

Refusal Decode(const PacketView& packet, DecodedPacket& out) {
  out = DecodedPacket();
  out.captured_unix_ns = packet.captured_unix_ns;
  out.wire_octets = packet.wire_octets;
  out.side = packet.side;
  WireCursor in(packet.bytes, packet.wire_octets);
  if (const Refusal refusal = ReadLinkLayer(packet, in, out); refusal != Refusal::kNone) return refusal;
  if (const Refusal refusal = ReadNetworkLayer(in, out); refusal != Refusal::kNone) return refusal;
  if ((out.remarks & kTransportOutOfReach) == 0) ReadTransportLayer(in, out);
  return Refusal::kNone;
}

}  // namespace kansoku::collector
