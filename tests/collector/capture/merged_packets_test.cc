// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/merged_packets.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/testing/packet_builder.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;

constexpr uint32_t kLargestFrame = 1500 + 22;

OffloadHeader Merged(uint8_t merging, uint16_t segment_octets, uint16_t transport_at) {
  return {.flags = OffloadHeader::kNeedsChecksum,
          .merging = merging,
          .segment_octets = segment_octets,
          .checksum_start = transport_at};
}

std::vector<uint8_t> Tcpv4() {
  return PacketBuilder().Ethernet().Ipv4("192.0.2.1", "192.0.2.2").Tcp(1, 2, 16).Build();
}
std::vector<uint8_t> Tcpv6() {
  return PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Tcp(1, 2, 16).Build();
}

TEST(WirePackets, DividesThePayloadOfTcp) {
  const OffloadHeader v4 = Merged(OffloadHeader::kTcpv4, 1460, 14 + 20);
  const OffloadHeader v6 = Merged(OffloadHeader::kTcpv6, 1440, 14 + 40);
  EXPECT_EQ(WirePackets(v4, Tcpv4(), 54 + 1460, kLargestFrame), 1);
  EXPECT_EQ(WirePackets(v4, Tcpv4(), 54 + 1461, kLargestFrame), 2);
  EXPECT_EQ(WirePackets(v4, Tcpv4(), 54 + 10 * 1460, kLargestFrame), 10);
  EXPECT_EQ(WirePackets(v4, Tcpv4(), 54 + 10 * 1460 + 1, kLargestFrame), 11);
  EXPECT_EQ(WirePackets(v6, Tcpv6(), 74 + 10 * 1440, kLargestFrame), 10);
  EXPECT_EQ(WirePackets(v6, Tcpv6(), 74 + 10 * 1440 + 1, kLargestFrame), 11);
}

TEST(WirePackets, TcpOptionsAreNoPayload) {
  std::vector<uint8_t> frame = Tcpv4();
  frame[14 + 20 + 12] = 0x80;  // data offset 8: twelve octets of options
  const OffloadHeader offload = Merged(OffloadHeader::kTcpv4, 1448, 14 + 20);
  EXPECT_EQ(WirePackets(offload, frame, 66 + 2 * 1448, kLargestFrame), 2);
  EXPECT_EQ(WirePackets(offload, frame, 66 + 2 * 1448 + 1, kLargestFrame), 3);
}

TEST(WirePackets, CongestionNotificationChangesNothing) {
  const OffloadHeader offload = Merged(OffloadHeader::kTcpv4 | OffloadHeader::kCongestionBit, 1460, 14 + 20);
  EXPECT_EQ(WirePackets(offload, Tcpv4(), 54 + 2 * 1460, kLargestFrame), 2);
}

TEST(WirePackets, DividesThePayloadOfUdp) {
  const OffloadHeader offload = Merged(OffloadHeader::kUdp, 1200, 14 + 20);
  EXPECT_EQ(WirePackets(offload, {}, 42 + 3 * 1200 + 10, kLargestFrame), 4);
}

TEST(WirePackets, BigTcpGoesBeyondSixtyFourKibioctets) {
  const OffloadHeader offload = Merged(OffloadHeader::kTcpv6, 1440, 14 + 48);  // a jumbo option before TCP
  std::vector<uint8_t> frame(100, 0);
  frame[14 + 48 + 12] = 0x50;
  EXPECT_EQ(WirePackets(offload, frame, 82 + 180'000, kLargestFrame), 125);
}

TEST(WirePackets, SaysThatNothingTells) {
  const std::vector<uint8_t> frame = Tcpv4();
  OffloadHeader offload = Merged(OffloadHeader::kTcpv4, 1460, 14 + 20);
  // Cut before the TCP header's length.
  EXPECT_EQ(WirePackets(offload, std::span(frame).first(40), 9000, kLargestFrame), 0);
  // No payload size.
  offload.segment_octets = 0;
  EXPECT_EQ(WirePackets(offload, frame, 9000, kLargestFrame), 0);
  // Nowhere to look for the transport header.
  offload = Merged(OffloadHeader::kTcpv4, 1460, 14 + 20);
  offload.flags = 0;
  EXPECT_EQ(WirePackets(offload, frame, 9000, kLargestFrame), 0);
  // Headers longer than the frame.
  offload = Merged(OffloadHeader::kUdp, 1460, 60000);
  EXPECT_EQ(WirePackets(offload, frame, 9000, kLargestFrame), 0);
  // More than can be said.
  offload = Merged(OffloadHeader::kUdp, 1, 14 + 20);
  EXPECT_EQ(WirePackets(offload, frame, 42 + 65535, kLargestFrame), 65535);
  EXPECT_EQ(WirePackets(offload, frame, 42 + 65536, kLargestFrame), 0);
  // A way of merging that is not known.
  offload = Merged(3, 1480, 14 + 20);
  EXPECT_EQ(WirePackets(offload, frame, 9000, kLargestFrame), 0);
}

TEST(WirePackets, AFrameLargerThanTheLinkCarriesWasMerged) {
  EXPECT_EQ(WirePackets({}, {}, kLargestFrame, kLargestFrame), 1);
  EXPECT_EQ(WirePackets({}, {}, kLargestFrame + 1, kLargestFrame), 0);
  EXPECT_EQ(WirePacketsBySize(kLargestFrame, kLargestFrame), 1);
  EXPECT_EQ(WirePacketsBySize(kLargestFrame + 1, kLargestFrame), 0);
  EXPECT_EQ(WirePacketsBySize(100'000, 0), 1);  // who knows what the link carries
}

}  // namespace
}  // namespace kansoku::collector
