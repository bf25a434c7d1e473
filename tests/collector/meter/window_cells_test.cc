// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/window_cells.h"

#include <gtest/gtest.h>

#include "tests/collector/meter/packets.h"

namespace kansoku::collector {
namespace {

std::vector<std::string> Moved(WindowCells& cells) {
  google::protobuf::RepeatedPtrField<v1::Cell> moved;
  cells.MoveTo(moved);
  std::vector<std::string> texts;
  for (const v1::Cell& cell : moved) texts.push_back(cell.ShortDebugString());
  return texts;
}

TEST(WindowCells, AddUpByClassAndComeOutSorted) {
  WindowCells cells;
  const TrafficClass download6 = ClassOf(6, v1::DIRECTION_DOWNLOAD),
                     download4 = ClassOf(4, v1::DIRECTION_DOWNLOAD);
  cells.CountPacket(download6, 114, 100);
  cells.CountPacket(download4, 64, 40);
  cells.CountPacket(download6, 1514, 1500);
  cells.CountFlow(download6, true);
  cells.CountFlow(download6, false);
  EXPECT_EQ(
      Moved(cells),
      (std::vector<std::string>{
          "traffic_class { group: GROUP_A1 direction: DIRECTION_DOWNLOAD family: FAMILY_IPV4 carrier: "
          "CARRIER_NATIVE transport: TRANSPORT_UDP } packets: 1 wire_octets: 64 ip_octets: 40",
          "traffic_class { group: GROUP_A1 direction: DIRECTION_DOWNLOAD family: FAMILY_IPV6 carrier: "
          "CARRIER_NATIVE transport: TRANSPORT_UDP } packets: 2 wire_octets: 1628 ip_octets: 1600 flows: 2 "
          "new_flows: 1"}));
}

TEST(WindowCells, StartOverOnceMoved) {
  WindowCells cells;
  cells.CountPacket(TrafficClass(), 1, 1);
  EXPECT_EQ(Moved(cells).size(), 1u);
  EXPECT_EQ(Moved(cells).size(), 0u);
}

TEST(WindowCells, TakeTheClassThatIsAllZero) {
  WindowCells cells;
  cells.CountPacket(TrafficClass(), 60, 46);
  EXPECT_EQ(Moved(cells),
            std::vector<std::string>{"traffic_class { } packets: 1 wire_octets: 60 ip_octets: 46"});
}

TEST(WindowCells, MayHoldFlowsWithoutPackets) {
  WindowCells cells;
  cells.CountFlow(TrafficClass(), false);
  EXPECT_EQ(Moved(cells), std::vector<std::string>{"traffic_class { } flows: 1"});
}

TEST(WindowCells, DoNotOverflow) {
  WindowCells cells;
  for (int i = 0; i < 3; ++i) cells.CountPacket(TrafficClass(), ~uint32_t{0}, ~uint32_t{0});
  EXPECT_EQ(Moved(cells),
            std::vector<std::string>{
                "traffic_class { } packets: 3 wire_octets: 12884901885 ip_octets: 12884901885"});
}

}  // namespace
}  // namespace kansoku::collector
