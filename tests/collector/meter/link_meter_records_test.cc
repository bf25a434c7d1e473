// SPDX-License-Identifier: Apache-2.0
//
// Flow records as a link's meter makes them.
#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/collector/meter/metering.h"

namespace kansoku::collector {
namespace {

constexpr uint32_t kMany = 20'000;

LinkMeterOptions Options(uint32_t flow_table_entries = 64) {
  LinkMeterOptions options;
  options.point = "uplink";
  options.flow_table_entries = flow_table_entries;
  options.flow_idle_timeout_ns = 3 * kNsPerSecond;
  options.sensors = {"east"};
  return options;
}

DecodedPacket PacketAt(uint8_t ip_version, double seconds) {
  return UdpPacket(ip_version, kStartNs + static_cast<int64_t>(seconds * 1e9));
}

class LinkMeterRecords : public ::testing::TestWithParam<uint8_t> {};

TEST_P(LinkMeterRecords, SayHowAFlowWentOnFromWindowToWindow) {
  Metering metering(Options());
  metering.meter().RecordFlows(kMany, std::nullopt);
  metering.Count(PacketAt(GetParam(), 8));
  metering.Count(Reversed(PacketAt(GetParam(), 9)));
  metering.Count(Reversed(PacketAt(GetParam(), 9.5)));
  metering.Count(PacketAt(GetParam(), 11));
  metering.Finish();
  ASSERT_EQ(metering.reports().size(), 2u);
  ASSERT_EQ(metering.reports()[0].flow_records_size(), 1);
  const v1::FlowRecord& first = metering.reports()[0].flow_records(0);
  EXPECT_EQ(first.source_port(), 1000u);
  EXPECT_EQ(first.packets(), 1u);
  EXPECT_EQ(first.octets(), 100u);
  EXPECT_EQ(first.reverse_packets(), 2u);
  EXPECT_EQ(first.reverse_octets(), 200u);
  EXPECT_EQ(first.start_unix_milliseconds(), kStart * 1000 + 8000);
  EXPECT_EQ(first.end_unix_milliseconds(), kStart * 1000 + 9500);
  EXPECT_EQ(first.end_reason(), v1::FlowRecord::END_REASON_ACTIVE_TIMEOUT);
  EXPECT_EQ(TrafficClass(first.traffic_class()), ClassOf(GetParam(), v1::DIRECTION_DOWNLOAD));
  ASSERT_EQ(metering.reports()[1].flow_records_size(), 1);
  const v1::FlowRecord& second = metering.reports()[1].flow_records(0);
  EXPECT_EQ(second.packets(), 1u);
  EXPECT_EQ(second.reverse_packets(), 0u);
  EXPECT_EQ(second.start_unix_milliseconds(), kStart * 1000 + 8000);
  EXPECT_EQ(second.end_unix_milliseconds(), kStart * 1000 + 11'000);
  EXPECT_EQ(second.end_reason(), v1::FlowRecord::END_REASON_FORCED_END);
}

TEST_P(LinkMeterRecords, TellTwoFlowsOfOneFiveTupleApart) {
  Metering metering(Options());
  metering.meter().RecordFlows(kMany, std::nullopt);
  metering.Count(PacketAt(GetParam(), 1));
  metering.Count(Reversed(PacketAt(GetParam(), 5)));
  metering.Count(Reversed(PacketAt(GetParam(), 5)));
  metering.Finish();
  ASSERT_EQ(metering.reports()[0].flow_records_size(), 2);
  const v1::FlowRecord& first = metering.reports()[0].flow_records(0);
  EXPECT_EQ(first.source_port(), 1000u);
  EXPECT_EQ(first.packets(), 1u);
  EXPECT_EQ(first.end_reason(), v1::FlowRecord::END_REASON_IDLE_TIMEOUT);
  const v1::FlowRecord& second = metering.reports()[0].flow_records(1);
  EXPECT_EQ(second.source_port(), 2000u) << "begun by the other end";
  EXPECT_EQ(second.packets(), 2u);
  EXPECT_EQ(second.end_reason(), v1::FlowRecord::END_REASON_FORCED_END);
}

TEST_P(LinkMeterRecords, OfAFlowThatEndedSilentlyAreNotRepeated) {
  Metering metering(Options());
  metering.meter().RecordFlows(kMany, std::nullopt);
  metering.Count(PacketAt(GetParam(), 9));
  DecodedPacket other = PacketAt(GetParam(), 31);
  other.source_port = 7;
  metering.Count(other);
  metering.Finish();
  ASSERT_EQ(metering.reports().size(), 2u);
  ASSERT_EQ(metering.reports()[1].flow_records_size(), 1);
  EXPECT_EQ(metering.reports()[1].flow_records(0).source_port(), 7u);
}

TEST_P(LinkMeterRecords, HoldTheFlagsOfBothDirections) {
  Metering metering(Options());
  metering.meter().RecordFlows(kMany, std::nullopt);
  DecodedPacket packet = PacketAt(GetParam(), 1);
  packet.protocol = kProtocolTcp;
  packet.has_tcp_flags = true;
  packet.tcp_flags = 0x02;
  metering.Count(packet);
  packet.tcp_flags = 0x12;
  metering.Count(Reversed(packet));
  metering.Finish();
  EXPECT_EQ(metering.reports()[0].flow_records(0).tcp_control_bits(), 0x12u);
}

TEST_P(LinkMeterRecords, AreNotMadeOfDarkPacketsNorUnlessAskedFor) {
  Metering asked(Options()), silent(Options());
  asked.meter().RecordFlows(kMany, std::nullopt);
  asked.CountDark(PacketAt(GetParam(), 1), 0, v1::DARKNET_CLASS_UDP_PROBE);
  silent.Count(PacketAt(GetParam(), 1));
  for (Metering* metering : {&asked, &silent}) {
    metering->Finish();
    ASSERT_EQ(metering->reports().size(), 1u);
    EXPECT_EQ(metering->reports()[0].flow_records_size(), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Families, LinkMeterRecords, ::testing::Values(4, 6),
                         [](const auto& family) { return "Ipv" + std::to_string(family.param); });

// The records of a window hold each packet of its cells once, however small the table: they are the same
// packets, told by flow.
class LinkMeterRecordsOf : public ::testing::TestWithParam<uint32_t> {};

TEST_P(LinkMeterRecordsOf, AddUpToTheCells) {
  std::mt19937_64 random(GetParam());
  Metering metering(Options(GetParam()));
  metering.meter().RecordFlows(kMany, std::nullopt);
  int64_t unix_ns = kStartNs;
  for (int i = 0; i < 5000; ++i) {
    unix_ns += static_cast<int64_t>(random() % 40'000'000);
    DecodedPacket packet = UdpPacket(random() % 2 == 0 ? 4 : 6, unix_ns);
    packet.source = HostAt(packet.ip_version, static_cast<uint32_t>(random() % 30));
    packet.ip_octets = static_cast<uint32_t>(40 + random() % 1400);
    if (random() % 50 == 0) packet.captured_unix_ns -= 15 * kNsPerSecond;  // late
    metering.Count(random() % 2 == 0 ? packet : Reversed(packet));
  }
  metering.Finish();
  ASSERT_GT(metering.reports().size(), 5u);
  uint64_t evicted = 0;
  for (const v1::WindowReport& report : metering.reports()) {
    uint64_t packets = 0, octets = 0, cell_packets = 0, cell_octets = 0;
    for (const v1::FlowRecord& record : report.flow_records()) {
      packets += record.packets() + record.reverse_packets();
      octets += record.octets() + record.reverse_octets();
      evicted += record.end_reason() == v1::FlowRecord::END_REASON_LACK_OF_RESOURCES ? 1 : 0;
      EXPECT_LE(record.start_unix_milliseconds(), record.end_unix_milliseconds());
    }
    for (const v1::Cell& cell : report.measurement().cells()) {
      cell_packets += cell.packets();
      cell_octets += cell.ip_octets();
    }
    EXPECT_EQ(packets, cell_packets);
    EXPECT_EQ(octets, cell_octets);
    EXPECT_EQ(report.measurement().ledger().flow_records_dropped(), 0u);
  }
  EXPECT_EQ(evicted > 0, GetParam() < 64);
}

INSTANTIATE_TEST_SUITE_P(FlowTables, LinkMeterRecordsOf, ::testing::Values(1, 9, 4096),
                         [](const auto& entries) { return std::to_string(entries.param) + "Entries"; });

}  // namespace
}  // namespace kansoku::collector
