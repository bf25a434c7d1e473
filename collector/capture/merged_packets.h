// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace kansoku::collector {

// What the kernel says of a frame that it handed over with PACKET_VNET_HDR, in this machine's byte order: how
// GRO, LRO, TSO and UDP segmentation appear (struct virtio_net_hdr; virtio 1.2, 5.1.6. <linux/virtio_net.h>
// is not C++).
struct OffloadHeader {
  static constexpr uint8_t kNeedsChecksum = 1;                           // flags
  static constexpr uint8_t kNone = 0, kTcpv4 = 1, kTcpv6 = 4, kUdp = 5;  // merging
  static constexpr uint8_t kCongestionBit = 0x80;

  uint8_t flags = 0;
  uint8_t merging = kNone;
  uint16_t header_octets = 0;   // a hint only: how much of the frame was contiguous
  uint16_t segment_octets = 0;  // payload of each merged packet but the last
  uint16_t checksum_start = 0;  // with kNeedsChecksum: where the innermost transport header begins
  uint16_t checksum_offset = 0;
};
static_assert(sizeof(OffloadHeader) == 10);

// How many packets of the wire a captured frame stands for, as PacketView::wire_packets. `offload` is what
// the kernel says of it (virtio 1.2, 5.1.6; how GRO, LRO, TSO and UDP segmentation appear), `frame` begins
// with the link header. Where it says nothing, a frame beyond `largest_frame_octets` (0: unknown) was merged
// all the same. Any thread.
uint16_t WirePackets(const OffloadHeader& offload, std::span<const uint8_t> frame, uint32_t wire_octets,
                     uint32_t largest_frame_octets);

// The same where there is nothing but the size.
inline uint16_t WirePacketsBySize(uint32_t wire_octets, uint32_t largest_frame_octets) {
  return largest_frame_octets != 0 && wire_octets > largest_frame_octets ? 0 : 1;
}

}  // namespace kansoku::collector
