// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/darknet_tally.h"

#include <gtest/gtest.h>

#include <array>

#include "proto/contract/measurement.h"
#include "proto/contract/report_limits.h"
#include "tests/collector/meter/packets.h"

namespace kansoku::collector {
namespace {

constexpr size_t kEast = 0, kWest = 1;

bool Count(DarknetTally& tally, v1::DarknetClass darknet_class, const DecodedPacket& packet,
           size_t sensor = kEast, uint8_t soft_flags = 0) {
  const uint64_t key = DarknetTally::KeyOf(sensor, darknet_class, packet);
  tally.Prefetch(key);
  return tally.Count(key, packet, soft_flags, {});
}

using CellsOfSensors = std::array<DarknetTally::Cells, 2>;

CellsOfSensors MovedCells(DarknetTally& tally) {
  CellsOfSensors cells;
  tally.MoveTo([&](size_t sensor) -> DarknetTally::Cells& { return cells[sensor]; });
  return cells;
}

std::vector<std::string> Moved(DarknetTally& tally, size_t sensor = kEast) {
  const CellsOfSensors cells = MovedCells(tally);
  std::vector<std::string> texts;
  for (const v1::DarknetCell& cell : cells[sensor]) texts.push_back(cell.ShortDebugString());
  return texts;
}

TEST(DarknetTally, AddsUpByClassFamilyProtocolAndPort) {
  DarknetTally tally(2, 1);
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
  DarknetTally tally(2, 1);
  DecodedPacket packet = UdpPacket(6, 0);
  packet.protocol = 255;
  packet.destination_port = 0;
  Count(tally, v1::DARKNET_CLASS_MALFORMED, packet);
  EXPECT_EQ(Moved(tally), std::vector<std::string>{
                              "darknet_class: DARKNET_CLASS_MALFORMED family: FAMILY_IPV6 protocol: 255 "
                              "packets: 1 wire_octets: 114 ip_octets: 100"});
}

TEST(DarknetTally, CountsEveryPortExactly) {
  DarknetTally tally(2, 1);
  for (int port = 0; port < 65536; ++port) {
    DecodedPacket packet = UdpPacket(4, 0);
    packet.destination_port = static_cast<uint16_t>(port);
    Count(tally, v1::DARKNET_CLASS_UDP_PROBE, packet);
  }
  const DarknetTally::Cells cells = MovedCells(tally)[kEast];
  ASSERT_EQ(cells.size(), 65536);
  for (int port = 0; port < 65536; ++port) {
    ASSERT_EQ(cells[port].destination_port(), port);
    ASSERT_EQ(cells[port].packets(), 1u);
  }
}

v1::SoftFlags MovedFlags(DarknetTally& tally, size_t sensor) {
  v1::DarknetTally message;
  tally.MoveSoftFlagsTo(sensor, message);
  EXPECT_TRUE(message.has_soft_flags()) << "somebody looked, whether or not a packet came";
  return message.soft_flags();
}

TEST(DarknetTally, AddsUpWhatLooksOddBySensor) {
  DarknetTally tally(2, 1);
  const DecodedPacket packet = UdpPacket(4, 0);
  Count(tally, v1::DARKNET_CLASS_UDP_PROBE, packet, kEast);
  Count(tally, v1::DARKNET_CLASS_UDP_PROBE, packet, kEast, kHighTtl);
  Count(tally, v1::DARKNET_CLASS_FRAGMENT, packet, kEast, kHighTtl | kOwnSource);
  Count(tally, v1::DARKNET_CLASS_BACKSCATTER_ICMP, packet, kEast, kForeignQuote);
  Count(tally, v1::DARKNET_CLASS_UDP_PROBE, packet, kWest, kNetworkSource | kPortZero);
  const uint64_t key = DarknetTally::KeyOf(kWest, v1::DARKNET_CLASS_UDP_PROBE, packet);
  tally.Count(key, packet, kPortZero, {.packets = 4, .wire_octets = 0});  // an offload merged five
  EXPECT_EQ(MovedFlags(tally, kEast).ShortDebugString(),
            "examined: 4 high_ttl: 2 own_source: 1 any: 2 foreign_quote: 1");
  EXPECT_EQ(MovedFlags(tally, kWest).ShortDebugString(), "examined: 6 network_source: 1 port_zero: 6 any: 6");
  EXPECT_EQ(MovedFlags(tally, kEast).ShortDebugString(), "") << "once moved, it starts over";
}

TEST(DarknetTally, KeepsSensorsApart) {
  DarknetTally tally(2, 1);
  Count(tally, v1::DARKNET_CLASS_UDP_PROBE, UdpPacket(4, 0), kWest);
  Count(tally, v1::DARKNET_CLASS_UDP_PROBE, UdpPacket(4, 0), kEast);
  Count(tally, v1::DARKNET_CLASS_UDP_PROBE, UdpPacket(4, 0), kWest);
  const CellsOfSensors cells = MovedCells(tally);
  ASSERT_EQ(cells[kEast].size(), 1);
  EXPECT_EQ(cells[kEast][0].packets(), 1u);
  ASSERT_EQ(cells[kWest].size(), 1);
  EXPECT_EQ(cells[kWest][0].packets(), 2u);
}

// Every port of both sensors in three classes, more than a report may have.
TEST(DarknetTally, CountsUnderPort0WhatAReportHasNoRoomFor) {
  DarknetTally tally(2, 1);
  DecodedPacket packet = UdpPacket(4, 0);
  uint64_t with_room = 0, without = 0;
  for (const auto darknet_class :
       {v1::DARKNET_CLASS_TCP_SYN, v1::DARKNET_CLASS_UDP_PROBE, v1::DARKNET_CLASS_UDP_RESPONSE}) {
    for (const size_t sensor : {kEast, kWest}) {
      for (int port = 1; port < 65536; ++port) {
        packet.destination_port = static_cast<uint16_t>(port);
        ++(Count(tally, darknet_class, packet, sensor) ? with_room : without);
      }
    }
  }
  constexpr uint64_t kRoom = kMaxDarknetCells - 2 * 2 * (3 * 256 + 17);
  EXPECT_EQ(with_room, kRoom);
  EXPECT_EQ(without, 6 * 65535 - with_room);
  packet.destination_port = 1;
  EXPECT_TRUE(Count(tally, v1::DARKNET_CLASS_TCP_SYN, packet)) << "a port that has a cell";
  packet.destination_port = 0;
  EXPECT_TRUE(Count(tally, v1::DARKNET_CLASS_FRAGMENT, packet)) << "a packet without a port";

  const CellsOfSensors cells = MovedCells(tally);
  EXPECT_LE(cells[kEast].size() + cells[kWest].size(), kMaxDarknetCells);
  EXPECT_EQ(cells[kEast][0].packets(), 2u);
  uint64_t packets = 0, at_port_0 = 0;
  for (const DarknetTally::Cells& of_sensor : cells) {
    for (const v1::DarknetCell& cell : of_sensor) {
      packets += cell.packets();
      at_port_0 += cell.destination_port() == 0 ? cell.packets() : 0;
    }
  }
  EXPECT_EQ(packets, 6u * 65535 + 2);
  EXPECT_EQ(at_port_0, without + 1);
  EXPECT_TRUE(Count(tally, v1::DARKNET_CLASS_UDP_RESPONSE, UdpPacket(4, 0), kWest))
      << "a new window has room";
}

TEST(DarknetTally, HasRoomForEveryCellWithoutAPort) {
  DarknetTally tally(2, 1);
  for (const size_t sensor : {kEast, kWest}) {
    for (const uint8_t ip_version : {uint8_t{4}, uint8_t{6}}) {
      DecodedPacket packet = UdpPacket(ip_version, 0);
      for (int port = 0; port < 65536; ++port) {
        packet.destination_port = static_cast<uint16_t>(port);
        Count(tally, v1::DARKNET_CLASS_UDP_PROBE, packet, sensor);
        Count(tally, v1::DARKNET_CLASS_UDP_RESPONSE, packet, sensor);
      }
      packet.destination_port = 0;
      for (int protocol = 0; protocol < 256; ++protocol) {
        packet.protocol = static_cast<uint8_t>(protocol);
        for (const auto darknet_class :
             {v1::DARKNET_CLASS_FRAGMENT, v1::DARKNET_CLASS_PROTOCOL_OTHER, v1::DARKNET_CLASS_MALFORMED}) {
          Count(tally, darknet_class, packet, sensor);
        }
      }
    }
  }
  const CellsOfSensors cells = MovedCells(tally);
  EXPECT_LE(cells[kEast].size() + cells[kWest].size(), kMaxDarknetCells);
}

TEST(BoundDarknetCells, LeavesWhatFits) {
  v1::Measurement measurement;
  v1::DarknetTally& tally = *measurement.add_darknet();
  for (int port = 0; port < kMaxDarknetCells; ++port) {
    tally.add_cells()->set_destination_port(static_cast<uint32_t>(port));
  }
  BoundDarknetCells(measurement);
  EXPECT_EQ(measurement.darknet(0).cells_size(), kMaxDarknetCells);
  EXPECT_EQ(measurement.ledger().remarked_size(), 0);
}

TEST(BoundDarknetCells, KeepsThePortsWithMostPackets) {
  v1::Measurement measurement;
  for (int sensor = 0; sensor < 3; ++sensor) {
    v1::DarknetTally& tally = *measurement.add_darknet();
    tally.set_sensor(std::string(1, static_cast<char>('a' + sensor)));
    for (const auto darknet_class : {v1::DARKNET_CLASS_UDP_RESPONSE, v1::DARKNET_CLASS_UDP_PROBE}) {
      for (uint32_t port = 0; port < 65536; ++port) {
        v1::DarknetCell& cell = *tally.add_cells();
        cell.set_darknet_class(darknet_class);
        cell.set_family(v1::FAMILY_IPV4);
        cell.set_protocol(17);
        cell.set_destination_port(port);
        cell.set_packets(sensor == 2 && port >= 65000 ? 1 : 2);
        cell.set_wire_octets(60);
      }
    }
  }
  BoundDarknetCells(measurement);
  EXPECT_TRUE(IsCanonical(measurement));
  constexpr int kKept = kMaxDarknetCells - 3 * 2 * (3 * 256 + 17);
  int cells = 0;
  uint64_t packets = 0, wire_octets = 0;
  for (const v1::DarknetTally& tally : measurement.darknet()) {
    cells += tally.cells_size();
    for (const v1::DarknetCell& cell : tally.cells()) {
      packets += cell.packets();
      wire_octets += cell.wire_octets();
    }
  }
  EXPECT_EQ(cells, kKept + 6);
  EXPECT_EQ(packets, 6u * 65536 * 2 - 2 * 536);
  EXPECT_EQ(wire_octets, 6u * 65536 * 60);
  const auto& last = measurement.darknet(2).cells();
  EXPECT_LT(last[last.size() - 1].destination_port(), 65000u) << "those with one packet go first";
  ASSERT_EQ(measurement.ledger().remarked_size(), 1);
  EXPECT_EQ(measurement.ledger().remarked(0).remark(), v1::REMARK_DARKNET_PORT_LOST);
  EXPECT_EQ(measurement.ledger().remarked(0).packets(), (6u * 65535 - kKept) * 2 - 2 * 536);
}

TEST(BoundDarkPrefixes, KeepsAllOrNone) {
  v1::Measurement measurement;
  v1::DarknetTally& tally = *measurement.add_darknet();
  while (tally.prefixes_size() < kMaxDarkPrefixes - 1) tally.add_prefixes();
  measurement.add_darknet()->add_prefixes();
  BoundDarkPrefixes(measurement);
  EXPECT_EQ(measurement.darknet(0).prefixes_size(), kMaxDarkPrefixes - 1);
  EXPECT_EQ(measurement.darknet(1).prefixes_size(), 1);
  measurement.mutable_darknet(1)->add_prefixes();
  BoundDarkPrefixes(measurement);
  EXPECT_EQ(measurement.darknet(0).prefixes_size(), 0);
  EXPECT_EQ(measurement.darknet(1).prefixes_size(), 0);
}

TEST(DarknetTally, StartsOverOnceMoved) {
  DarknetTally tally(2, 1);
  Count(tally, v1::DARKNET_CLASS_UDP_PROBE, UdpPacket(4, 0));
  EXPECT_EQ(Moved(tally).size(), 1u);
  EXPECT_EQ(Moved(tally).size(), 0u);
}

}  // namespace
}  // namespace kansoku::collector
