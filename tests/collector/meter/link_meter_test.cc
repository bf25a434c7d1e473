// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/link_meter.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/collector/meter/metering.h"

namespace kansoku::collector {
namespace {

LinkMeterOptions FileOptions() {
  return {.point = "uplink", .flow_table_entries = 1024, .statistics = false, .sensors = {"east", "west"}};
}
LinkMeterOptions LiveOptions() {
  LinkMeterOptions options = FileOptions();
  options.every_window = true;
  return options;
}

std::vector<int64_t> Starts(const Metering& metering) {
  std::vector<int64_t> starts;
  for (const v1::WindowReport& report : metering.reports())
    starts.push_back(report.window_start_unix_seconds());
  return starts;
}
std::vector<int> FlagsOf(const v1::WindowReport& report) {
  return {report.measurement().flags().begin(), report.measurement().flags().end()};
}
// Packets, flows and new flows of all cells.
std::vector<uint64_t> FlowCounts(const v1::WindowReport& report) {
  std::vector<uint64_t> sums(3);
  for (const v1::Cell& cell : report.measurement().cells()) {
    sums[0] += cell.packets();
    sums[1] += cell.flows();
    sums[2] += cell.new_flows();
  }
  return sums;
}

class LinkMeterOfFamily : public ::testing::TestWithParam<uint8_t> {
 protected:
  DecodedPacket Packet(int64_t after_start_ns) const {
    return UdpPacket(GetParam(), kStartNs + after_start_ns);
  }
  DecodedPacket PacketAt(int64_t seconds) const { return Packet(seconds * kNsPerSecond); }
  std::string Family() const { return GetParam() == 4 ? "FAMILY_IPV4" : "FAMILY_IPV6"; }
};

TEST_P(LinkMeterOfFamily, ReportsAWindowInFull) {
  LinkMeterOptions options = FileOptions();
  options.address_seconds = [](size_t sensor, int64_t start, uint32_t seconds) {
    EXPECT_EQ(start, kStart);
    std::vector<v1::DarkPrefix> prefixes(sensor + 1);  // of an address each
    for (uint32_t i = 0; i < prefixes.size(); ++i) {
      prefixes[i].set_address(i + 1);
      prefixes[i].set_length(32);
      prefixes[i].set_address_seconds(seconds);
    }
    return prefixes;
  };
  Metering metering(options);
  metering.Count(PacketAt(0));
  metering.Count(Reversed(PacketAt(1)), ClassOf(GetParam(), v1::DIRECTION_UPLOAD));
  DecodedPacket remarkable = PacketAt(2);
  remarkable.remarks = kRemarkTransportShort | kRemarkLengthBeyondFrame;
  metering.CountDark(remarkable, 1, v1::DARKNET_CLASS_UDP_PROBE);
  metering.Refuse(kStartNs, Refusal::kNotIp, 60);
  metering.Refuse(kStartNs, Refusal::kNetworkMalformed, 70);
  metering.Refuse(kStartNs, Refusal::kNotIp, 62);
  EXPECT_TRUE(metering.reports().empty());
  metering.Finish();
  ASSERT_EQ(metering.reports().size(), 1u);
  const std::string cell = "traffic_class { group: GROUP_A1 direction: ";
  const std::string rest = " family: " + Family() +
                           " carrier: CARRIER_NATIVE transport: TRANSPORT_UDP } packets: 1 "
                           "wire_octets: 114 ip_octets: 100";
  const std::string by_layer = " outer_ip_octets: 100 inner_ip_octets: 100";
  EXPECT_EQ(metering.reports()[0].ShortDebugString(),
            "point: \"uplink\" window_start_unix_seconds: 1700000400 window_seconds: 10 measurement { "
            "cells { " +
                cell + "DIRECTION_DOWNLOAD" + rest + " flows: 1 new_flows: 1" + by_layer +
                " } "
                "cells { " +
                cell + "DIRECTION_UPLOAD" + rest + by_layer +
                " } "
                "darknet { sensor: \"east\" address_seconds: 10 rules: 1 soft_flags { } "
                "prefixes { address: 1 length: 32 address_seconds: 10 } } "
                "darknet { sensor: \"west\" cells { darknet_class: DARKNET_CLASS_UDP_PROBE family: " +
                Family() +
                " protocol: 17 destination_port: 2000 packets: 1 wire_octets: 114 ip_octets: 100 } "
                "address_seconds: 20 rules: 1 soft_flags { examined: 1 } "
                "prefixes { address: 1 length: 32 address_seconds: 10 } "
                "prefixes { address: 2 length: 32 address_seconds: 10 } } "
                "ledger { received_packets: 6 captured_packets: 6 captured_wire_octets: 534 "
                "refused { reason: REFUSAL_REASON_NOT_IP packets: 2 wire_octets: 122 } "
                "refused { reason: REFUSAL_REASON_NETWORK_MALFORMED packets: 1 wire_octets: 70 } "
                "remarked { remark: REMARK_TRANSPORT_SHORT packets: 1 } "
                "remarked { remark: REMARK_LENGTH_BEYOND_FRAME packets: 1 } } "
                "windows: 1 covered_seconds: 10 }");
}

TEST_P(LinkMeterOfFamily, WindowsAreHalfOpen) {
  Metering metering(FileOptions());
  metering.Count(PacketAt(0));
  metering.Count(Packet(10 * kNsPerSecond - 1));
  metering.Count(PacketAt(10));
  metering.Finish();
  EXPECT_EQ(Starts(metering), (std::vector<int64_t>{kStart, kStart + 10}));
  EXPECT_EQ(FlowCounts(metering.reports()[0]), (std::vector<uint64_t>{2, 1, 1}));
  EXPECT_EQ(FlowCounts(metering.reports()[1]), (std::vector<uint64_t>{1, 1, 0}));
}

TEST_P(LinkMeterOfFamily, AFlowCountsUnderItsFirstPacketsClass) {
  Metering metering(FileOptions());
  metering.Count(PacketAt(0));
  metering.Count(Reversed(PacketAt(10)), ClassOf(GetParam(), v1::DIRECTION_UPLOAD));
  metering.Finish();
  const auto& cells = metering.reports()[1].measurement().cells();
  ASSERT_EQ(cells.size(), 2);
  EXPECT_EQ(cells[0].traffic_class().direction(), v1::DIRECTION_DOWNLOAD);
  EXPECT_EQ(cells[0].packets(), 0u);
  EXPECT_EQ(cells[0].flows(), 1u);
  EXPECT_EQ(cells[0].new_flows(), 0u);
  EXPECT_EQ(cells[1].traffic_class().direction(), v1::DIRECTION_UPLOAD);
  EXPECT_EQ(cells[1].packets(), 1u);
  EXPECT_EQ(cells[1].flows(), 0u);
}

TEST_P(LinkMeterOfFamily, DarkPacketsAreNoFlows) {
  LinkMeterOptions options = FileOptions();
  options.flow_table_entries = 1;
  Metering metering(options);
  metering.Count(PacketAt(0));
  DecodedPacket dark = PacketAt(1);
  dark.destination_port = 23;
  metering.CountDark(dark, 0, v1::DARKNET_CLASS_UDP_PROBE);
  metering.Count(PacketAt(2));
  metering.Finish();
  EXPECT_EQ(FlowCounts(metering.reports()[0]), (std::vector<uint64_t>{2, 1, 1}));
  EXPECT_EQ(metering.reports()[0].measurement().ledger().flows_evicted(), 0u);
  EXPECT_EQ(metering.reports()[0].measurement().darknet(0).address_seconds(), 0u);
}

TEST_P(LinkMeterOfFamily, ALatePacketCountsInTheOpenWindow) {
  Metering metering(FileOptions());
  metering.Count(PacketAt(10));
  metering.Count(Packet(10 * kNsPerSecond - 1));
  metering.Count(PacketAt(20));
  metering.Finish();
  ASSERT_EQ(Starts(metering), (std::vector<int64_t>{kStart + 10, kStart + 20}));
  const v1::Measurement& measurement = metering.reports()[0].measurement();
  EXPECT_EQ(measurement.ledger().remarked_size(), 1);
  EXPECT_EQ(measurement.ledger().remarked(0).remark(), v1::REMARK_LATE);
  EXPECT_EQ(measurement.ledger().remarked(0).packets(), 1u);
  EXPECT_EQ(FlowCounts(metering.reports()[0]), (std::vector<uint64_t>{2, 1, 1}));
  EXPECT_EQ(FlagsOf(metering.reports()[0]), std::vector<int>{v1::QUALITY_FLAG_LATE_PACKETS});
  EXPECT_EQ(FlagsOf(metering.reports()[1]), std::vector<int>());
}

TEST(LinkMeter, EveryLatePacketIsRemarked) {
  LinkMeterOptions options = FileOptions();
  options.sampling_interval = 1000;
  Metering metering(options);
  const int64_t second_window = kStartNs + 10 * kNsPerSecond;
  metering.Skip({.wire_octets = 60, .captured_unix_ns = second_window});
  metering.Skip({.wire_octets = 60, .captured_unix_ns = second_window - 1});
  metering.Skip({.wire_octets = 60, .captured_unix_ns = second_window - 1});
  metering.Refuse(second_window - 1, Refusal::kNotIp, 60);
  metering.Refuse(second_window, Refusal::kNotIp, 60);
  metering.Finish();
  const v1::Measurement& measurement = metering.reports()[0].measurement();
  ASSERT_EQ(measurement.ledger().remarked_size(), 1);
  EXPECT_EQ(measurement.ledger().remarked(0).remark(), v1::REMARK_LATE);
  EXPECT_EQ(measurement.ledger().remarked(0).packets(), 3u);
  EXPECT_EQ(FlagsOf(metering.reports()[0]),
            (std::vector<int>{v1::QUALITY_FLAG_LATE_PACKETS, v1::QUALITY_FLAG_SAMPLED}));
}

TEST_P(LinkMeterOfFamily, AFilesSilenceIsNotReported) {
  Metering metering(FileOptions());
  metering.Count(PacketAt(5));
  metering.Count(PacketAt(100'000));
  metering.Finish();
  EXPECT_EQ(Starts(metering), (std::vector<int64_t>{kStart, kStart + 100'000}));
  EXPECT_EQ(FlagsOf(metering.reports()[0]), std::vector<int>());
  EXPECT_EQ(FlagsOf(metering.reports()[1]), std::vector<int>());
}

TEST_P(LinkMeterOfFamily, ALiveLinksSilenceIsReported) {
  Metering metering(LiveOptions());
  metering.Count(PacketAt(0));
  metering.Count(PacketAt(35));
  metering.Finish();
  EXPECT_EQ(Starts(metering), (std::vector<int64_t>{kStart, kStart + 10, kStart + 20, kStart + 30}));
  for (const int silent : {1, 2}) {
    EXPECT_EQ(metering.reports()[static_cast<size_t>(silent)].measurement().ShortDebugString(),
              "ledger { } windows: 1 covered_seconds: 10");
  }
  EXPECT_EQ(FlowCounts(metering.reports()[3]), (std::vector<uint64_t>{1, 1, 0}));
}

TEST_P(LinkMeterOfFamily, ALeapOfTimeIsReportedForADayAtMost) {
  Metering metering(LiveOptions());
  metering.Count(PacketAt(0));
  metering.Count(PacketAt(1'000'000'000));
  ASSERT_EQ(metering.reports().size(), 1u + 8640u);
  EXPECT_EQ(Starts(metering)[1], kStart + 1'000'000'000 - 86'400);
  EXPECT_EQ(Starts(metering).back(), kStart + 1'000'000'000 - 10);
}

TEST_P(LinkMeterOfFamily, TimesMayBeAnything) {
  for (const uint32_t window_seconds : {1u, 10u, 300u}) {
    LinkMeterOptions options = FileOptions();
    options.window_seconds = window_seconds;
    Metering metering(options);
    const int64_t first = std::numeric_limits<int64_t>::min(), last = std::numeric_limits<int64_t>::max();
    for (const int64_t at : {first, first, int64_t{-1}, int64_t{0}, last, last, int64_t{0}}) {
      metering.Count(UdpPacket(GetParam(), at));
    }
    metering.Finish();
    const int64_t w = window_seconds;
    EXPECT_EQ(Starts(metering),
              (std::vector<int64_t>{FloorTo(-9'223'372'037, w), -w, 0, FloorTo(9'223'372'036, w)}));
    EXPECT_EQ(FlowCounts(metering.reports()[0])[0], 2u);
    EXPECT_EQ(FlowCounts(metering.reports()[3])[0], 3u);
    EXPECT_EQ(FlagsOf(metering.reports()[0]), std::vector<int>());
    EXPECT_EQ(FlagsOf(metering.reports()[3]), std::vector<int>{v1::QUALITY_FLAG_LATE_PACKETS});
  }
}

TEST_P(LinkMeterOfFamily, AFlowTableTooSmallIsSaid) {
  LinkMeterOptions options = FileOptions();
  options.flow_table_entries = 1;
  Metering metering(options);
  for (const uint16_t port : {uint16_t{1}, uint16_t{2}, uint16_t{1}}) {
    DecodedPacket packet = PacketAt(0);
    packet.source_port = port;
    metering.Count(packet);
  }
  metering.Count(PacketAt(10));
  metering.Count(PacketAt(20));
  metering.Finish();
  ASSERT_EQ(metering.reports().size(), 3u);
  EXPECT_EQ(metering.reports()[0].measurement().ledger().flows_evicted(), 2u);
  EXPECT_EQ(metering.reports()[1].measurement().ledger().flows_evicted(), 1u);
  EXPECT_EQ(metering.reports()[2].measurement().ledger().flows_evicted(), 0u);
  EXPECT_EQ(FlagsOf(metering.reports()[1]), std::vector<int>{v1::QUALITY_FLAG_FLOW_TABLE_FULL});
  EXPECT_EQ(FlagsOf(metering.reports()[2]), std::vector<int>());
}

INSTANTIATE_TEST_SUITE_P(Families, LinkMeterOfFamily, ::testing::Values(uint8_t{4}, uint8_t{6}),
                         [](const auto& version) { return "Ipv" + std::to_string(version.param); });

TEST(LinkMeter, SaysWhenAWindowEnds) {
  Metering metering(FileOptions());
  EXPECT_TRUE(metering.meter().EndsBefore(0));
  metering.meter().Advance(kStartNs + 3, {}, 0);
  EXPECT_FALSE(metering.meter().EndsBefore(0));
  EXPECT_FALSE(metering.meter().EndsBefore(kStartNs + 10 * kNsPerSecond - 1));
  EXPECT_TRUE(metering.meter().EndsBefore(kStartNs + 10 * kNsPerSecond));
  metering.Finish();
  EXPECT_TRUE(metering.meter().EndsBefore(0));
}

TEST(LinkMeter, FinishWithoutAWindowReportsNothing) {
  Metering metering(LiveOptions());
  metering.Finish();
  EXPECT_TRUE(metering.reports().empty());
}

TEST(LinkMeter, ALiveLinksFirstAndLastWindowsArePartial) {
  Metering metering(LiveOptions());
  metering.meter().Advance(kStartNs + 1, {}, 0);
  metering.meter().Advance(kStartNs + 10 * kNsPerSecond, {}, 0);
  metering.meter().Advance(kStartNs + 20 * kNsPerSecond, {}, 0);
  metering.Finish();
  ASSERT_EQ(metering.reports().size(), 3u);
  EXPECT_EQ(FlagsOf(metering.reports()[0]), std::vector<int>{v1::QUALITY_FLAG_PARTIAL});
  EXPECT_EQ(FlagsOf(metering.reports()[1]), std::vector<int>());
  EXPECT_EQ(FlagsOf(metering.reports()[2]), std::vector<int>{v1::QUALITY_FLAG_PARTIAL});
  EXPECT_EQ(metering.reports()[0].measurement().covered_seconds(), 10u);
}

TEST(LinkMeter, AWindowWatchedFromItsVeryStartIsWhole) {
  Metering metering(LiveOptions());
  metering.meter().Advance(kStartNs, {}, 0);
  metering.meter().Advance(kStartNs + 10 * kNsPerSecond, {}, 0);
  EXPECT_EQ(FlagsOf(metering.reports()[0]), std::vector<int>());
}

TEST(LinkMeter, DropsBelongToTheWindowInWhichTheyAreSeen) {
  Metering metering(LiveOptions());
  metering.meter().Advance(kStartNs, metering.stats(), 0);
  metering.Drop(3, 4);
  metering.meter().Advance(kStartNs + 10 * kNsPerSecond, metering.stats(), 0);
  metering.meter().Advance(kStartNs + 20 * kNsPerSecond, metering.stats(), 0);
  metering.Drop(0, 1);
  metering.Finish(true);
  ASSERT_EQ(metering.reports().size(), 3u);
  const auto ledger = [&](size_t i) {
    return metering.reports()[i].measurement().ledger().ShortDebugString();
  };
  EXPECT_EQ(ledger(0), "received_packets: 7 kernel_dropped_packets: 3 interface_dropped_packets: 4");
  EXPECT_EQ(ledger(1), "");
  EXPECT_EQ(ledger(2), "received_packets: 1 interface_dropped_packets: 1");
  EXPECT_EQ(FlagsOf(metering.reports()[0]), std::vector<int>{v1::QUALITY_FLAG_DROPS});
  EXPECT_EQ(FlagsOf(metering.reports()[1]), std::vector<int>());
  EXPECT_EQ(
      FlagsOf(metering.reports()[2]),
      (std::vector<int>{v1::QUALITY_FLAG_PARTIAL, v1::QUALITY_FLAG_DROPS, v1::QUALITY_FLAG_CAPTURE_DAMAGED}));
}

TEST(LinkMeter, PacketsInHandAreReceivedInTheNextWindow) {
  Metering metering(FileOptions());
  LinkMeter& meter = metering.meter();
  const auto count = [&](int64_t at) {
    CountOne(meter, UdpPacket(4, at), [](const DecodedPacket&) { return TrafficClass(); });
  };
  const CaptureStats burst{.received_packets = 3};
  meter.Advance(kStartNs, burst, 3);
  count(kStartNs);
  meter.Advance(kStartNs + 10 * kNsPerSecond, burst, 2);
  for (int i = 0; i < 2; ++i) count(kStartNs + 10 * kNsPerSecond);
  meter.Finish(burst, true);
  ASSERT_EQ(metering.reports().size(), 2u);
  EXPECT_EQ(metering.reports()[0].measurement().ledger().received_packets(), 1u);
  EXPECT_EQ(metering.reports()[1].measurement().ledger().received_packets(), 2u);
  EXPECT_EQ(FlagsOf(metering.reports()[1]), std::vector<int>{v1::QUALITY_FLAG_CAPTURE_DAMAGED});
}

TEST(LinkMeter, NamesEveryRefusalAndRemark) {
  Metering metering(FileOptions());
  for (size_t refusal = 1; refusal < kRefusalCount; ++refusal) {
    metering.Refuse(kStartNs, static_cast<Refusal>(refusal), static_cast<uint32_t>(refusal));
  }
  const std::vector<std::pair<DecodeRemark, v1::Remark>> remarks = {
      {kRemarkLaterFragment, v1::REMARK_LATER_FRAGMENT},
      {kRemarkTransportShort, v1::REMARK_TRANSPORT_SHORT},
      {kRemarkTransportMalformed, v1::REMARK_TRANSPORT_MALFORMED},
      {kRemarkExtensionsShort, v1::REMARK_EXTENSIONS_SHORT},
      {kRemarkExtensionsMalformed, v1::REMARK_EXTENSIONS_MALFORMED},
      {kRemarkLengthBeyondFrame, v1::REMARK_LENGTH_BEYOND_FRAME}};
  for (size_t i = 0; i < remarks.size(); ++i) {
    DecodedPacket packet = UdpPacket(4, kStartNs);
    packet.remarks = remarks[i].first;
    for (size_t repeat = 0; repeat <= i; ++repeat) metering.Count(packet);
  }
  metering.Finish();
  const v1::Ledger& ledger = metering.reports()[0].measurement().ledger();
  const std::vector<v1::RefusalReason> reasons = {
      v1::REFUSAL_REASON_NOT_IP,          v1::REFUSAL_REASON_LINK_SHORT,
      v1::REFUSAL_REASON_LINK_MALFORMED,  v1::REFUSAL_REASON_LINK_TOO_DEEP,
      v1::REFUSAL_REASON_NETWORK_SHORT,   v1::REFUSAL_REASON_NETWORK_MALFORMED,
      v1::REFUSAL_REASON_LINK_UNSUPPORTED};
  ASSERT_EQ(ledger.refused_size(), 7);
  for (int i = 0; i < 7; ++i) {
    EXPECT_EQ(ledger.refused(i).reason(), reasons[static_cast<size_t>(i)]);
    EXPECT_EQ(ledger.refused(i).wire_octets(), i + 1);
  }
  ASSERT_EQ(ledger.remarked_size(), 6);
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(ledger.remarked(i).remark(), remarks[static_cast<size_t>(i)].second);
    EXPECT_EQ(ledger.remarked(i).packets(), i + 1);
  }
}

}  // namespace
}  // namespace kansoku::collector
