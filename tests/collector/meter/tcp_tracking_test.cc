// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/tcp_tracking.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/collector/meter/packets.h"

namespace kansoku::collector {
namespace {

constexpr uint8_t kSynAck = kTcpSyn | kTcpAck;

// One flow. Packets are sent at microseconds after its first.
class TcpTracking : public ::testing::TestWithParam<int> {
 protected:
  TcpEvents Client(uint8_t flags, uint32_t sequence, uint32_t payload_octets = 0, int64_t at_us = 0) {
    return Send(false, flags, sequence, payload_octets, at_us);
  }
  TcpEvents Server(uint8_t flags, uint32_t sequence, uint32_t payload_octets = 0, int64_t at_us = 0) {
    return Send(true, flags, sequence, payload_octets, at_us);
  }
  uint16_t wire_packets_ = 1;
  int64_t first_seen_unix_ns_ = kStartNs;
  std::array<uint32_t, 2> next_sequence_{};
  uint8_t state_ = 0;

 private:
  TcpEvents Send(bool is_reverse, uint8_t flags, uint32_t sequence, uint32_t payload_octets, int64_t at_us) {
    DecodedPacket packet = UdpPacket(static_cast<uint8_t>(GetParam()), kStartNs + at_us * 1000);
    packet.protocol = kProtocolTcp;
    packet.has_tcp_flags = true;
    packet.tcp_flags = flags;
    packet.tcp_sequence = sequence;
    packet.tcp_payload_octets = payload_octets;
    packet.wire_packets = wire_packets_;
    return FollowTcp(packet, is_reverse, first_seen_unix_ns_, next_sequence_, state_);
  }
};
INSTANTIATE_TEST_SUITE_P(Families, TcpTracking, ::testing::Values(4, 6),
                         [](const auto& family) { return family.param == 4 ? "Ipv4" : "Ipv6"; });

TEST_P(TcpTracking, MeasuresTheHandshakeUpToItsAck) {
  EXPECT_EQ(Client(kTcpSyn, 100).handshake_microseconds, std::nullopt);
  EXPECT_EQ(Server(kSynAck, 900, 0, 20'000).handshake_microseconds, std::nullopt);
  EXPECT_EQ(Client(kTcpAck, 101, 0, 25'001).handshake_microseconds, 25'001);
  EXPECT_EQ(Client(kTcpAck, 101, 0, 30'000).handshake_microseconds, std::nullopt) << "once";
}

TEST_P(TcpTracking, TakesTheFirstDataForTheAckWhereThatWasLost) {
  Client(kTcpSyn | kTcpEce | kTcpCwr, 100);
  Server(kSynAck | kTcpEce, 900, 0, 10);
  EXPECT_EQ(Client(kTcpAck | kTcpPsh, 101, 50, 30).handshake_microseconds, 30);
}

TEST_P(TcpTracking, LetsTheServerSpeakBeforeTheAck) {
  Client(kTcpSyn, 100);
  Server(kSynAck, 900, 0, 10);
  Server(kTcpAck, 901, 100, 11);
  EXPECT_EQ(Client(kTcpAck, 101, 0, 20).handshake_microseconds, 20);
}

TEST_P(TcpTracking, MeasuresNoHandshakeWithARepeatedSyn) {
  Client(kTcpSyn, 100);
  Client(kTcpSyn, 100, 0, 1'000'000);
  Server(kSynAck, 900, 0, 1'000'010);
  EXPECT_EQ(Client(kTcpAck, 101, 0, 1'000'020).handshake_microseconds, std::nullopt);
}

TEST_P(TcpTracking, MeasuresNoHandshakeWithALateRepeatedSyn) {
  Client(kTcpSyn, 100);
  Server(kSynAck, 900, 0, 10);
  Client(kTcpSyn, 100, 0, 15);
  EXPECT_EQ(Client(kTcpAck, 101, 0, 20).handshake_microseconds, std::nullopt);
}

TEST_P(TcpTracking, MeasuresNoHandshakeWithARepeatedSynAck) {
  Client(kTcpSyn, 100);
  Server(kSynAck, 900, 0, 10);
  Server(kSynAck, 900, 0, 1'000'010);
  EXPECT_EQ(Client(kTcpAck, 101, 0, 1'000'020).handshake_microseconds, std::nullopt);
}

TEST_P(TcpTracking, MeasuresNoHandshakeThatItDidNotSeeBegin) {
  Server(kSynAck, 900);
  EXPECT_EQ(Client(kTcpAck, 101, 0, 20).handshake_microseconds, std::nullopt);
  // Something unreadable was the flow's first packet.
  state_ = 0;
  first_seen_unix_ns_ = kStartNs - 1;
  Client(kTcpSyn, 100);
  Server(kSynAck, 900, 0, 10);
  EXPECT_EQ(Client(kTcpAck, 101, 0, 20).handshake_microseconds, std::nullopt);
}

TEST_P(TcpTracking, MeasuresNoHandshakeSeenFromOneSide) {
  Client(kTcpSyn, 100);
  EXPECT_EQ(Client(kTcpAck, 101, 0, 20).handshake_microseconds, std::nullopt);
  Server(kSynAck, 900, 0, 30);
  EXPECT_EQ(Client(kTcpAck, 101, 10, 40).handshake_microseconds, std::nullopt);
}

TEST_P(TcpTracking, MeasuresNoHandshakeOfARefusedOrSimultaneousOpen) {
  Client(kTcpSyn, 100);
  Server(kTcpRst | kTcpAck, 0, 0, 10);
  EXPECT_EQ(Client(kTcpAck, 101, 0, 20).handshake_microseconds, std::nullopt);
  state_ = 0;
  Client(kTcpSyn, 100);
  Server(kTcpSyn, 900, 0, 10);
  EXPECT_EQ(Client(kTcpAck, 101, 0, 20).handshake_microseconds, std::nullopt);
}

TEST_P(TcpTracking, MeasuresNoHandshakeWhenTheClockWentBack) {
  Client(kTcpSyn, 100);
  Server(kSynAck, 900, 0, 10);
  EXPECT_EQ(Client(kTcpAck, 101, 0, -1).handshake_microseconds, std::nullopt);
}

TEST_P(TcpTracking, CountsSegmentsWithPayloadAndThoseSentAgain) {
  EXPECT_EQ(Client(kTcpAck, 1000, 100).segments, 1);  // sets the number: up to 1100
  EXPECT_EQ(Client(kTcpAck, 1100, 100).retransmitted_segments, 0);
  EXPECT_EQ(Client(kTcpAck, 1000, 100).retransmitted_segments, 1);
  EXPECT_EQ(Client(kTcpAck, 1100, 100).retransmitted_segments, 1);
  EXPECT_EQ(Client(kTcpAck, 1150, 51).retransmitted_segments, 0) << "one octet is new";
  EXPECT_EQ(Client(kTcpAck, 1201, 0).segments, 0) << "an acknowledgement alone";
  EXPECT_EQ(Client(kTcpAck, 1000, 0).retransmitted_segments, 0);
}

TEST_P(TcpTracking, FollowsBothDirectionsApart) {
  Client(kTcpAck, 1000, 100);
  EXPECT_EQ(Server(kTcpAck, 500, 100).retransmitted_segments, 0);
  EXPECT_EQ(Server(kTcpAck, 500, 100).retransmitted_segments, 1);
  EXPECT_EQ(Client(kTcpAck, 1100, 100).retransmitted_segments, 0);
}

TEST_P(TcpTracking, FollowsTheNumbersAroundTheirEnd) {
  constexpr uint32_t kLast = std::numeric_limits<uint32_t>::max();
  Client(kTcpAck, kLast - 99, 50);
  EXPECT_EQ(Client(kTcpAck, kLast - 49, 100).retransmitted_segments, 0);
  EXPECT_EQ(next_sequence_[0], 50);
  EXPECT_EQ(Client(kTcpAck, kLast - 99, 50).retransmitted_segments, 1) << "ends before the numbers did";
  EXPECT_EQ(Client(kTcpAck, kLast - 49, 50).retransmitted_segments, 1) << "ends at 0";
  EXPECT_EQ(Client(kTcpAck, kLast - 49, 100).retransmitted_segments, 1);
  EXPECT_EQ(next_sequence_[0], 50);
  EXPECT_EQ(Client(kTcpAck, kLast - 49, 101).retransmitted_segments, 0);
}

TEST_P(TcpTracking, GivesSynAndFinANumberEach) {
  Client(kTcpSyn, 100);
  EXPECT_EQ(next_sequence_[0], 101);
  EXPECT_EQ(Client(kTcpAck, 101, 10).retransmitted_segments, 0);
  EXPECT_EQ(Client(kTcpAck | kTcpFin, 111, 10).retransmitted_segments, 0);
  EXPECT_EQ(next_sequence_[0], 122);
  EXPECT_EQ(Client(kTcpAck | kTcpFin, 111, 10).retransmitted_segments, 1);
}

TEST_P(TcpTracking, TakesDataOfASynAsNew) {
  const TcpEvents events = Client(kTcpSyn, 100, 20);  // RFC 7413
  EXPECT_EQ(events.segments, 1);
  EXPECT_EQ(events.retransmitted_segments, 0);
  EXPECT_EQ(Client(kTcpAck, 101, 20).retransmitted_segments, 1);
}

TEST_P(TcpTracking, StartsOverWhereASynReusesThePorts) {
  Client(kTcpAck, 4'000'000, 1000);
  Client(kTcpSyn, 100);
  EXPECT_EQ(Client(kTcpAck, 101, 1000).retransmitted_segments, 0);
  EXPECT_EQ(Client(kTcpAck, 101, 1000).retransmitted_segments, 1);
}

TEST_P(TcpTracking, CountsEachMergedSegment) {
  Client(kTcpAck, 1000, 0);
  wire_packets_ = 10;
  EXPECT_EQ(Client(kTcpAck, 1000, 14'480).segments, 10);
  EXPECT_EQ(Client(kTcpAck, 1000, 14'480).retransmitted_segments, 10);
  wire_packets_ = 0;  // merged, and nobody knows how many
  EXPECT_EQ(Client(kTcpAck, 15'480, 2'896).segments, 1);
}

TEST_P(TcpTracking, SeesTheFirstResetOfTheFlow) {
  EXPECT_FALSE(Client(kTcpSyn, 100).is_first_reset);
  EXPECT_TRUE(Server(kTcpRst | kTcpAck, 0).is_first_reset);
  EXPECT_FALSE(Server(kTcpRst, 0).is_first_reset);
  EXPECT_FALSE(Client(kTcpRst, 101).is_first_reset);
}

TEST_P(TcpTracking, DoesNotFollowTheNumbersOfResets) {
  EXPECT_EQ(Client(kTcpRst, 4'000'000, 100).segments, 0);
  EXPECT_EQ(Client(kTcpAck, 100, 10).retransmitted_segments, 0);
  Client(kTcpRst, 4'000'000);
  EXPECT_EQ(Client(kTcpAck, 110, 10).retransmitted_segments, 0);
}

TEST_P(TcpTracking, IgnoresWhatHasNoReadableFlags) {
  DecodedPacket packet = UdpPacket(static_cast<uint8_t>(GetParam()), kStartNs);
  packet.tcp_payload_octets = 100;
  const TcpEvents events = FollowTcp(packet, true, kStartNs, next_sequence_, state_);
  EXPECT_EQ(events.segments, 0);
  EXPECT_EQ(state_, 0);
  EXPECT_EQ(next_sequence_[1], 0);
}

}  // namespace
}  // namespace kansoku::collector
