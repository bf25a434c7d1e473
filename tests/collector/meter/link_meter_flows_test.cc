// SPDX-License-Identifier: Apache-2.0
//
// What a meter knows of flows beyond their number: their classes, sizes, durations and TCP.
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "proto/contract/histogram.h"
#include "tests/collector/meter/metering.h"

namespace kansoku::collector {
namespace {

LinkMeterOptions Options() { return {.point = "uplink", .flow_table_entries = 1024}; }

std::vector<uint32_t> Buckets(const v1::Histogram& histogram) {
  return {histogram.buckets().begin(), histogram.buckets().end()};
}

class LinkMeterFlows : public ::testing::TestWithParam<uint8_t> {
 protected:
  DecodedPacket Packet(int64_t after_start_ns = 0, Side side = Side::kUnknown) const {
    DecodedPacket packet = UdpPacket(GetParam(), kStartNs + after_start_ns);
    packet.side = side;
    return packet;
  }
  DecodedPacket Tcp(uint8_t flags, uint32_t sequence, uint32_t payload_octets, int64_t after_start_ns) const {
    DecodedPacket packet = Packet(after_start_ns);
    packet.protocol = kProtocolTcp;
    packet.has_tcp_flags = true;
    packet.tcp_flags = flags;
    packet.tcp_sequence = sequence;
    packet.tcp_payload_octets = payload_octets;
    return packet;
  }
  // Counts packets one by one; every answer of the classifier is noted, and depends on direction and side.
  void Count(const std::vector<DecodedPacket>& packets) {
    for (const DecodedPacket& packet : packets) {
      if (metering_.meter().EndsBefore(packet.captured_unix_ns)) {
        metering_.meter().Advance(packet.captured_unix_ns, {}, 0);
      }
      CountOne(metering_.meter(), packet, [&](const DecodedPacket& asked) {
        const bool is_down = asked.source_port == 1000;
        asked_.emplace_back(is_down, asked.side);
        return ClassOf(GetParam(), is_down ? v1::DIRECTION_DOWNLOAD : v1::DIRECTION_UPLOAD)
            .Set(asked.side == Side::kSent ? v1::ACCESS_MOBILE : v1::ACCESS_NONE);
      });
    }
  }
  const v1::Measurement& FinishedAt(size_t window) {
    metering_.Finish();
    return metering_.reports()[window].measurement();
  }

  Metering metering_{Options()};
  std::vector<std::pair<bool, Side>> asked_;
};

TEST_P(LinkMeterFlows, TheClassifierIsAskedOnceForEachDirection) {
  Count({Packet(), Packet(1), Reversed(Packet(2)), Packet(3), Reversed(Packet(4)), Packet(5)});
  EXPECT_EQ(asked_, (std::vector<std::pair<bool, Side>>{{true, Side::kUnknown}, {false, Side::kUnknown}}));
  const v1::Measurement& measurement = FinishedAt(0);
  ASSERT_EQ(measurement.cells_size(), 2);
  EXPECT_EQ(measurement.cells(0).packets(), 4u);
  EXPECT_EQ(measurement.cells(1).packets(), 2u);
}

TEST_P(LinkMeterFlows, AnotherSideIsAskedForAgain) {
  const auto received = Packet(0, Side::kReceived), sent = Packet(1, Side::kSent);
  Count({received, received, sent, sent, received, sent});
  EXPECT_EQ(asked_, (std::vector<std::pair<bool, Side>>{{true, Side::kReceived}, {true, Side::kSent}}));
  const v1::Measurement& measurement = FinishedAt(0);
  ASSERT_EQ(measurement.cells_size(), 2);
  EXPECT_EQ(measurement.cells(0).packets(), 3u);
  EXPECT_EQ(measurement.cells(0).flows(), 1u);
  EXPECT_EQ(measurement.cells(1).traffic_class().access(), v1::ACCESS_MOBILE);
  EXPECT_EQ(measurement.cells(1).packets(), 3u);
  EXPECT_EQ(measurement.cells(1).flows(), 0u);
}

// Three ways: the one of the first packet stays, the others take turns.
TEST_P(LinkMeterFlows, TheFirstPacketsClassIsNeverForgotten) {
  const auto received = Packet(0, Side::kReceived), sent = Packet(1, Side::kSent);
  Count({received, sent, Reversed(received), sent, received});
  EXPECT_EQ(asked_.size(), 4u);
  DecodedPacket later = Packet(10 * kNsPerSecond, Side::kSent);
  Count({later});
  const v1::Measurement& second = FinishedAt(1);
  ASSERT_EQ(second.cells_size(), 2);
  EXPECT_EQ(second.cells(0).traffic_class().access(), v1::ACCESS_NONE);
  EXPECT_EQ(second.cells(0).flows(), 1u);
  EXPECT_EQ(second.cells(1).packets(), 1u);
}

TEST_P(LinkMeterFlows, AFlowIsSizedInTheWindowInWhichItEnds) {
  Count({Packet(), Reversed(Packet(2 * kNsPerSecond + 5'000'000))});
  // Idle beyond 60 s in the window from 60 to 70.
  Count({Reversed(Packet(200 * kNsPerSecond))});
  const v1::Measurement& first = FinishedAt(0);
  ASSERT_EQ(metering_.reports().size(), 2u);
  EXPECT_EQ(Buckets(first.cells(0).statistics().packet_octets()), std::vector<uint32_t>{BucketOf(100)});
  // A file's silent windows are not reported: the flow was alive when this one closed.
  EXPECT_FALSE(first.cells(0).statistics().has_flow_octets());
  const v1::Cell& down = metering_.reports()[1].measurement().cells(0);
  EXPECT_EQ(down.traffic_class().direction(), v1::DIRECTION_DOWNLOAD);
  EXPECT_EQ(down.packets(), 0u);
  EXPECT_EQ(Buckets(down.statistics().flow_octets()), std::vector<uint32_t>{BucketOf(200)});
  EXPECT_EQ(Buckets(down.statistics().flow_milliseconds()), std::vector<uint32_t>{BucketOf(2005)});
  // And the flow that the last packet began ends with the capture.
  const v1::Cell& up = metering_.reports()[1].measurement().cells(1);
  EXPECT_EQ(Buckets(up.statistics().flow_octets()), std::vector<uint32_t>{BucketOf(100)});
  EXPECT_EQ(Buckets(up.statistics().flow_milliseconds()), std::vector<uint32_t>{0});
}

TEST_P(LinkMeterFlows, TcpIsFollowed) {
  Count({Tcp(kTcpSyn, 100, 0, 0), Reversed(Tcp(kTcpSyn | kTcpAck, 500, 0, 10'000'000)),
         Tcp(kTcpAck, 101, 0, 20'000'000), Tcp(kTcpAck, 101, 50, 21'000'000),
         Tcp(kTcpAck, 101, 50, 22'000'000), Tcp(kTcpRst, 151, 0, 23'000'000)});
  const v1::Measurement& measurement = FinishedAt(0);
  const v1::FlowStatistics& statistics = measurement.cells(0).statistics();
  EXPECT_EQ(Buckets(statistics.handshake_microseconds()), std::vector<uint32_t>{BucketOf(20'000)});
  EXPECT_EQ(statistics.tcp_segments(), 2u);
  EXPECT_EQ(statistics.tcp_retransmitted_segments(), 1u);
  EXPECT_EQ(statistics.tcp_reset_flows(), 1u);
  EXPECT_EQ(measurement.ledger().tcp_flows_ended(), 1u);
  EXPECT_EQ(measurement.ledger().tcp_flows_one_sided(), 0u);
}

TEST_P(LinkMeterFlows, ALinkThatSeesOneDirectionSaysSo) {
  for (uint16_t port = 0; port < 20; ++port) {
    DecodedPacket packet = Tcp(kTcpAck, 1, 100, 0);
    packet.destination_port = port;
    Count(std::vector<DecodedPacket>(10, packet));
    if (port >= 11) Count({Reversed(packet)});
  }
  const v1::Measurement& measurement = FinishedAt(0);
  EXPECT_EQ(measurement.ledger().tcp_flows_ended(), 20u);
  EXPECT_EQ(measurement.ledger().tcp_flows_one_sided(), 11u);
  ASSERT_EQ(measurement.flags_size(), 1);
  EXPECT_EQ(measurement.flags(0), v1::QUALITY_FLAG_ONE_SIDED);
}

TEST_P(LinkMeterFlows, CallsThatNobodyAnswersAreNoOneSidedView) {
  for (uint16_t port = 0; port < 500; ++port) {
    DecodedPacket packet = Tcp(kTcpSyn, 1, 0, 0);
    packet.destination_port = port;
    Count(std::vector<DecodedPacket>(7, packet));
  }
  const v1::Measurement& measurement = FinishedAt(0);
  EXPECT_EQ(measurement.ledger().tcp_flows_one_sided(), 500u);
  EXPECT_EQ(measurement.flags_size(), 0);
}

INSTANTIATE_TEST_SUITE_P(Families, LinkMeterFlows, ::testing::Values(uint8_t{4}, uint8_t{6}),
                         [](const auto& version) { return "Ipv" + std::to_string(version.param); });

}  // namespace
}  // namespace kansoku::collector
