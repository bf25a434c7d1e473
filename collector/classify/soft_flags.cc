// SPDX-License-Identifier: Apache-2.0
#include "collector/classify/soft_flags.h"

#include "collector/classify/scan_marks.h"

namespace kansoku::collector {
namespace {

constexpr uint8_t kHighHopLimit = 200;

bool HasHighTtl(v1::DarknetClass darknet_class, const DecodedPacket& packet) {
  return packet.hop_limit >= kHighHopLimit &&
         !(darknet_class == v1::DARKNET_CLASS_TCP_SYN && (MarksOf(packet) & kMasscan) != 0);
}

bool HasNetworkSource(const DecodedPacket& packet) {
  const uint32_t last = packet.source.ipv4() & 0xff;
  return packet.ip_version == 4 && (last == 0 || last == 255);
}

// Two ports of 0 in a damaged header are ports that were not read.
bool HasPortZero(v1::DarknetClass darknet_class, const DecodedPacket& packet) {
  if (packet.protocol != kProtocolTcp && packet.protocol != kProtocolUdp) return false;
  if (darknet_class == v1::DARKNET_CLASS_FRAGMENT) return false;
  const bool is_from_0 = packet.source_port == 0, is_to_0 = packet.destination_port == 0;
  return darknet_class == v1::DARKNET_CLASS_MALFORMED ? is_from_0 != is_to_0 : is_from_0 || is_to_0;
}

}  // namespace

uint8_t SoftFlagsOf(v1::DarknetClass darknet_class, const DecodedPacket& packet) {
  return static_cast<uint8_t>((HasHighTtl(darknet_class, packet) ? kHighTtl : 0) |
                              (HasNetworkSource(packet) ? kNetworkSource : 0) |
                              (packet.source == packet.destination ? kOwnSource : 0) |
                              (HasPortZero(darknet_class, packet) ? kPortZero : 0));
}

}  // namespace kansoku::collector
