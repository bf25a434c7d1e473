// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/merged_packets.h"

#include <limits>

namespace kansoku::collector {
namespace {

constexpr size_t kTcpDataOffsetAt = 12;
constexpr uint32_t kUdpHeaderOctets = 8;

// Octets before the payload that was merged; 0 if that cannot be told.
uint32_t HeaderOctets(const OffloadHeader& offload, std::span<const uint8_t> frame) {
  if ((offload.flags & OffloadHeader::kNeedsChecksum) == 0) return 0;
  const uint32_t transport = offload.checksum_start;
  switch (offload.merging & ~OffloadHeader::kCongestionBit) {
    case OffloadHeader::kTcpv4:
    case OffloadHeader::kTcpv6:
      if (frame.size() <= transport + kTcpDataOffsetAt) return 0;
      return transport + (frame[transport + kTcpDataOffsetAt] >> 4) * 4u;
    case OffloadHeader::kUdp:
      return transport + kUdpHeaderOctets;
    default:
      return 0;
  }
}

}  // namespace

uint16_t WirePackets(const OffloadHeader& offload, std::span<const uint8_t> frame, uint32_t wire_octets,
                     uint32_t largest_frame_octets) {
  if (offload.merging == OffloadHeader::kNone) return WirePacketsBySize(wire_octets, largest_frame_octets);
  const uint32_t headers = HeaderOctets(offload, frame);
  if (headers == 0 || headers >= wire_octets || offload.segment_octets == 0) return 0;
  const uint32_t payload = wire_octets - headers;
  const uint32_t packets = (payload - 1) / offload.segment_octets + 1;
  return packets <= std::numeric_limits<uint16_t>::max() ? static_cast<uint16_t>(packets) : 0;
}

}  // namespace kansoku::collector
