// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/window_cells.h"

#include <gtest/gtest.h>

#include "tests/collector/meter/packets.h"

namespace kansoku::collector {
namespace {

void Count(WindowCells& cells, TrafficClass traffic_class, uint32_t wire_octets, uint32_t ip_octets,
           const Segmentation& added = {}) {
  const DecodedPacket packet{.wire_octets = wire_octets, .ip_octets = ip_octets};
  cells.CountPacket(cells.IdOf(traffic_class), packet, added);
}

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
  Count(cells, download6, 114, 100);
  Count(cells, download4, 64, 40);
  Count(cells, download6, 1514, 1500);
  cells.CountFlow(cells.IdOf(download6), true);
  cells.CountFlow(cells.IdOf(download6), false);
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
  Count(cells, TrafficClass(), 1, 1);
  EXPECT_EQ(Moved(cells).size(), 1u);
  EXPECT_EQ(Moved(cells).size(), 0u);
}

TEST(WindowCells, TakeTheClassThatIsAllZero) {
  WindowCells cells;
  Count(cells, TrafficClass(), 60, 46);
  EXPECT_EQ(Moved(cells),
            std::vector<std::string>{"traffic_class { } packets: 1 wire_octets: 60 ip_octets: 46"});
}

TEST(WindowCells, MayHoldFlowsWithoutPackets) {
  WindowCells cells;
  cells.CountFlow(cells.IdOf(TrafficClass()), false);
  EXPECT_EQ(Moved(cells), std::vector<std::string>{"traffic_class { } flows: 1"});
}

TEST(WindowCells, DoNotOverflow) {
  WindowCells cells;
  for (int i = 0; i < 3; ++i) Count(cells, TrafficClass(), ~uint32_t{0}, ~uint32_t{0});
  EXPECT_EQ(Moved(cells),
            std::vector<std::string>{
                "traffic_class { } packets: 3 wire_octets: 12884901885 ip_octets: 12884901885"});
}

}  // namespace
}  // namespace kansoku::collector
