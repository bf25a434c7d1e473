// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/darknet_tally.h"

#include <gtest/gtest.h>

#include "tests/collector/meter/packets.h"

namespace kansoku::collector {
namespace {

void Count(DarknetTally& tally, v1::DarknetClass darknet_class, const DecodedPacket& packet) {
  const uint64_t key = DarknetTally::KeyOf(darknet_class, packet);
  tally.Prefetch(key);
  tally.Count(key, packet, {});
}

std::vector<std::string> Moved(DarknetTally& tally) {
  google::protobuf::RepeatedPtrField<v1::DarknetCell> moved;
  tally.MoveTo(moved);
  std::vector<std::string> texts;
  for (const v1::DarknetCell& cell : moved) texts.push_back(cell.ShortDebugString());
  return texts;
}

TEST(DarknetTally, AddsUpByClassFamilyProtocolAndPort) {
  DarknetTally tally;
  DecodedPacket packet = UdpPacket(6, 0);
  Count(tally, v1::DARKNET_CLASS_UDP_PROBE, packet);
  packet.destination_port = 65535;
  Count(tally, v1::DARKNET_CLASS_UDP_PROBE, packet);
  Count(tally, v1::DARKNET_CLASS_UDP_PROBE, packet);
  Count(tally, v1::DARKNET_CLASS_UDP_PROBE, UdpPacket(4, 0));
  packet.protocol = kProtocolTcp;
  Count(tally, v1::DARKNET_CLASS_TCP_SYN, packet);
  EXPECT_EQ(
      Moved(tally),
      (std::vector<std::string>{
          "darknet_class: DARKNET_CLASS_TCP_SYN family: FAMILY_IPV6 protocol: 6 destination_port: 65535 "
          "packets: "
          "1 wire_octets: 114 ip_octets: 100",
          "darknet_class: DARKNET_CLASS_UDP_PROBE family: FAMILY_IPV4 protocol: 17 destination_port: 2000 "
          "packets: 1 wire_octets: 114 ip_octets: 100",
          "darknet_class: DARKNET_CLASS_UDP_PROBE family: FAMILY_IPV6 protocol: 17 destination_port: 2000 "
          "packets: 1 wire_octets: 114 ip_octets: 100",
          "darknet_class: DARKNET_CLASS_UDP_PROBE family: FAMILY_IPV6 protocol: 17 destination_port: 65535 "
          "packets: 2 wire_octets: 228 ip_octets: 200"}));
}

TEST(DarknetTally, KeepsTheHighestNumbersApart) {
  DarknetTally tally;
  DecodedPacket packet = UdpPacket(6, 0);
  packet.protocol = 255;
  packet.destination_port = 0;
  Count(tally, v1::DARKNET_CLASS_MALFORMED, packet);
  EXPECT_EQ(Moved(tally), std::vector<std::string>{
                              "darknet_class: DARKNET_CLASS_MALFORMED family: FAMILY_IPV6 protocol: 255 "
                              "packets: 1 wire_octets: 114 ip_octets: 100"});
}

TEST(DarknetTally, CountsEveryPortExactly) {
  DarknetTally tally;
  for (int port = 0; port < 65536; ++port) {
    DecodedPacket packet = UdpPacket(4, 0);
    packet.destination_port = static_cast<uint16_t>(port);
    Count(tally, v1::DARKNET_CLASS_UDP_PROBE, packet);
  }
  google::protobuf::RepeatedPtrField<v1::DarknetCell> cells;
  tally.MoveTo(cells);
  ASSERT_EQ(cells.size(), 65536);
  for (int port = 0; port < 65536; ++port) {
    ASSERT_EQ(cells[port].destination_port(), port);
    ASSERT_EQ(cells[port].packets(), 1u);
  }
}

TEST(DarknetTally, StartsOverOnceMoved) {
  DarknetTally tally;
  Count(tally, v1::DARKNET_CLASS_UDP_PROBE, UdpPacket(4, 0));
  EXPECT_EQ(Moved(tally).size(), 1u);
  EXPECT_EQ(Moved(tally).size(), 0u);
}

}  // namespace
}  // namespace kansoku::collector
