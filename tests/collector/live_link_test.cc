// SPDX-License-Identifier: Apache-2.0
//
// Links from the wire to the report: workers, windows and NIC counters together, in a real kernel.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/ethtool.h>
#include <sys/socket.h>

#include <string>
#include <vector>

#include "tests/collector/running_link.h"
#include "tests/testing/live_network.h"
#include "tests/testing/packet_builder.h"
#include "tests/testing/xdp_drop.h"

namespace kansoku::collector {
namespace {

using ::testing::Contains;
using testing::FarHost;
using ::testing::Not;
using testing::PacketBuilder;
using testing::RunCommand;
using testing::SendFrames;
using testing::SetOffload;
using testing::WaitUntilUp;
using testing::XdpDrop;

class LiveLink : public testing::LiveNetworkTest {};
class Workers : public LiveLink, public ::testing::WithParamInterface<uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Number, Workers, ::testing::Values(1, 2, 4, 8));

TEST_P(Workers, TogetherCountEveryPacketOnceAndEveryFlowOnce) {
  constexpr uint16_t kFlows = 300;
  constexpr int kRounds = 20;
  std::vector<std::vector<uint8_t>> there, back;
  for (uint16_t port = 1000; port < 1000 + kFlows; ++port) {
    there.push_back(
        PacketBuilder().Ethernet().Ipv4("192.0.2.1", "192.0.2.2").Udp(port, 443).Payload(58).Build());
    there.push_back(
        PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Udp(port, 443).Payload(38).Build());
    back.push_back(PacketBuilder().Ethernet().Ipv4("192.0.2.2", "192.0.2.1").Udp(443, port).Build());
    back.push_back(PacketBuilder().Ethernet().Ipv6("2001:db8::2", "2001:db8::1").Udp(443, port).Build());
  }
  RunningLink link(Link("right"), Capture(v1::CAPTURE_METHOD_PACKET_RING, GetParam()));
  for (int round = 0; round < kRounds; ++round) {
    SendFrames("left", there);
    SendFrames("right", back);
  }
  constexpr uint64_t kPacketsOfFamily = uint64_t{2} * kFlows * kRounds;
  EXPECT_TRUE(link.WaitForPackets(2 * kPacketsOfFamily));
  link.Stop();
  const Sum v4 = SumOf(link.total(), v1::FAMILY_IPV4), v6 = SumOf(link.total(), v1::FAMILY_IPV6);
  EXPECT_EQ(v4.packets, kPacketsOfFamily);
  EXPECT_EQ(v6.packets, kPacketsOfFamily);
  EXPECT_EQ(v4.wire_octets, uint64_t{kFlows} * kRounds * (100 + 42));
  EXPECT_EQ(v6.wire_octets, uint64_t{kFlows} * kRounds * (100 + 62));
  EXPECT_EQ(v4.new_flows, kFlows);
  EXPECT_EQ(v6.new_flows, kFlows);
  ExpectNothingLost(link);
  EXPECT_EQ(link.total().ledger().nic_packets(), 2 * kPacketsOfFamily);
  EXPECT_EQ(link.total().ledger().tap_packets(), 2 * kPacketsOfFamily);
}

class Methods : public LiveLink, public ::testing::WithParamInterface<v1::CaptureMethod> {};
INSTANTIATE_TEST_SUITE_P(Method, Methods,
                         ::testing::Values(v1::CAPTURE_METHOD_LIBPCAP, v1::CAPTURE_METHOD_PACKET_RING),
                         [](const auto& method) {
                           return method.param == v1::CAPTURE_METHOD_LIBPCAP ? "libpcap" : "packet_ring";
                         });

TEST_P(Methods, DirectionFollowsTheSide) {
  v1::LinkConfig config = Link("right");
  config.mutable_side()->set_received(v1::DIRECTION_UPLOAD);
  config.mutable_side()->set_sent(v1::DIRECTION_DOWNLOAD);
  RunningLink link(config, Capture(GetParam()));
  SendFrames("left", PacketBuilder().Ethernet().Vlan(7).Ipv4("192.0.2.1", "192.0.2.2").Udp(1, 2).Build(),
             300);
  SendFrames("left", PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Udp(1, 2).Build(), 40);
  SendFrames("right", PacketBuilder().Ethernet().Ipv6("2001:db8::2", "2001:db8::1").Udp(2, 1).Build(), 500);
  EXPECT_TRUE(link.WaitForPackets(840));
  link.Stop();
  const auto of = [](v1::Direction direction, v1::Family family) {
    return [=](const v1::TrafficClass& c) { return c.direction() == direction && c.family() == family; };
  };
  EXPECT_EQ(SumOf(link.total(), of(v1::DIRECTION_UPLOAD, v1::FAMILY_IPV4)).packets, 300u);
  // The tag that the kernel took off counts.
  EXPECT_EQ(SumOf(link.total(), of(v1::DIRECTION_UPLOAD, v1::FAMILY_IPV4)).wire_octets, 300u * (42 + 4));
  EXPECT_EQ(SumOf(link.total(), of(v1::DIRECTION_UPLOAD, v1::FAMILY_IPV6)).packets, 40u);
  EXPECT_EQ(SumOf(link.total(), of(v1::DIRECTION_DOWNLOAD, v1::FAMILY_IPV6)).packets, 500u);
  ExpectNothingLost(link);
  EXPECT_EQ(link.total().ledger().nic_packets(), 840u);
  EXPECT_EQ(link.total().ledger().tap_packets(), 840u);
}

TEST_P(Methods, ATapSeesWhatItReceives) {
  v1::LinkConfig config = Link("right");
  config.mutable_side()->set_received(v1::DIRECTION_DOWNLOAD);
  RunningLink link(config, Capture(GetParam()));
  SendFrames("right", PacketBuilder().Ethernet().Ipv6("2001:db8::2", "2001:db8::1").Udp(2, 1).Build(), 70);
  SendFrames("left", PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Udp(1, 2).Build(), 500);
  EXPECT_TRUE(link.WaitForPackets(500));
  link.Stop();
  EXPECT_EQ(SumOf(link.total(), v1::FAMILY_IPV6).packets, 500u);
  ExpectNothingLost(link);
  EXPECT_EQ(link.total().ledger().nic_packets(), 500u);
  EXPECT_EQ(link.total().ledger().tap_packets(), 500u);
}

TEST_P(Methods, LoopbackCountsEachPacketOnce) {
  for (const bool has_side : {false, true}) {
    v1::LinkConfig config = Link("lo");
    if (has_side) {
      config.mutable_side()->set_received(v1::DIRECTION_UPLOAD);
      config.mutable_side()->set_sent(v1::DIRECTION_DOWNLOAD);
    }
    RunningLink link(config, Capture(GetParam()));
    SendFrames("lo", PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Udp(1, 2).Build(), 300);
    EXPECT_TRUE(link.WaitForPackets(300));
    link.Stop();
    EXPECT_EQ(SumOf(link.total(), v1::FAMILY_IPV6).packets, 300u);
    ExpectNothingLost(link);
    EXPECT_EQ(link.total().ledger().nic_packets(), 300u);
    EXPECT_EQ(link.total().ledger().tap_packets(), 300u);
  }
}

TEST_P(Methods, TwoLinksCountApart) {
  ASSERT_TRUE(
      RunCommand("ip link add near type veth peer name far && ip link set near up && ip link set far up"));
  ASSERT_TRUE(WaitUntilUp("near") && WaitUntilUp("far"));
  RunningLink one(Link("right"), Capture(GetParam()));
  RunningLink other(Link("far"), Capture(GetParam()));
  SendFrames("left", PacketBuilder().Ethernet().Ipv4("192.0.2.1", "192.0.2.2").Udp(1, 2).Build(), 300);
  SendFrames("near", PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Udp(1, 2).Build(), 200);
  EXPECT_TRUE(one.WaitForPackets(300));
  EXPECT_TRUE(other.WaitForPackets(200));
  one.Stop();
  other.Stop();
  EXPECT_EQ(SumOf(one.total(), v1::FAMILY_IPV4).packets, 300u);
  EXPECT_EQ(SumOf(one.total(), v1::FAMILY_IPV6).packets, 0u);
  EXPECT_EQ(SumOf(other.total(), v1::FAMILY_IPV6).packets, 200u);
  EXPECT_EQ(other.reports().front().point(), "point-far");
  ExpectNothingLost(one);
  ExpectNothingLost(other);
}

TEST_P(Methods, AnInterfaceThatWasDownIsFlagged) {
  const auto frame = PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Udp(1, 2).Build();
  RunningLink link(Link("right"), Capture(GetParam()));
  SendFrames("left", frame, 100);
  ASSERT_TRUE(link.WaitForPackets(100));
  ASSERT_TRUE(RunCommand("ip link set right down"));
  ASSERT_TRUE(link.WaitForFlag(v1::QUALITY_FLAG_INTERFACE_DOWN));
  ASSERT_TRUE(RunCommand("ip link set right up"));
  ASSERT_TRUE(WaitUntilUp("left"));
  SendFrames("left", frame, 50);
  EXPECT_TRUE(link.WaitForPackets(150));
  link.Stop();
  EXPECT_EQ(SumOf(link.total(), v1::FAMILY_IPV6).packets, 150u);
  EXPECT_THAT(link.reports().front().measurement().flags(), Not(Contains(v1::QUALITY_FLAG_INTERFACE_DOWN)));
  ExpectNothingLost(link);
}

class MethodAndWorkers : public LiveLink,
                         public ::testing::WithParamInterface<std::pair<v1::CaptureMethod, uint32_t>> {};
class ComingBack : public MethodAndWorkers {};
class Stopping : public MethodAndWorkers {};
const auto kMethodsAndWorkers =
    ::testing::Values(std::pair(v1::CAPTURE_METHOD_LIBPCAP, 1), std::pair(v1::CAPTURE_METHOD_PACKET_RING, 1),
                      std::pair(v1::CAPTURE_METHOD_PACKET_RING, 3));
INSTANTIATE_TEST_SUITE_P(MethodAndWorkers, ComingBack, kMethodsAndWorkers);
INSTANTIATE_TEST_SUITE_P(MethodAndWorkers, Stopping, kMethodsAndWorkers);

TEST_P(Stopping, NothingThatWasReceivedGoesUncounted) {
  const auto [method, workers] = GetParam();
  constexpr uint64_t kPackets = 20'000;
  std::vector<std::vector<uint8_t>> frames;
  for (uint64_t i = 0; i < kPackets; ++i) {
    const auto port = static_cast<uint16_t>(1 + i % 1000);
    frames.push_back(PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Udp(port, 2).Build());
  }
  v1::LinkConfig config = Link("right");
  config.mutable_side()->set_received(v1::DIRECTION_UPLOAD);
  config.mutable_side()->set_sent(v1::DIRECTION_DOWNLOAD);
  RunningLink link(config, Capture(method, workers));
  SendFrames("left", frames);
  link.Stop();
  const v1::Ledger& ledger = link.total().ledger();
  EXPECT_EQ(ledger.captured_packets() + ledger.kernel_dropped_packets(), kPackets);
  EXPECT_EQ(ledger.received_packets(), kPackets);
  EXPECT_EQ(ledger.tap_packets(), kPackets);
  EXPECT_EQ(ledger.nic_packets(), kPackets);
}

TEST_P(ComingBack, EveryWorkerCountsOnWhenTheInterfaceIsBack) {
  const auto [method, workers] = GetParam();
  std::vector<std::vector<uint8_t>> frames;
  for (uint16_t port = 1; port <= 100; ++port)
    frames.push_back(PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Udp(port, 2).Build());
  RunningLink link(Link("right"), Capture(method, workers));
  SendFrames("left", frames);
  ASSERT_TRUE(link.WaitForPackets(100));
  ASSERT_TRUE(RunCommand("ip link del right"));
  ASSERT_TRUE(link.WaitForLine("waiting for it to come back"));
  ASSERT_TRUE(RunCommand(
      "ip link add left type veth peer name right && ip link set left up && ip link set right up"));
  ASSERT_TRUE(WaitUntilUp("left"));
  ASSERT_TRUE(link.WaitForLine("right: the interface is back"));
  SendFrames("left", frames);
  EXPECT_TRUE(link.WaitForPackets(200));
  link.Stop();
  EXPECT_EQ(SumOf(link.total(), v1::FAMILY_IPV6).packets, 200u);
  EXPECT_THAT(link.total().flags(), Contains(v1::QUALITY_FLAG_INTERFACE_DOWN));
  ExpectNothingLost(link);
}

// Received packets that the host merged count as the wire had them: equal to the interface's own counters.
TEST_F(LiveLink, MergedPacketsCountAsTheWireHadThem) {
  FarHost far;
  far.Run([] {
    EXPECT_TRUE(SetOffload("left", ETHTOOL_STSO, false));
    EXPECT_TRUE(SetOffload("left", ETHTOOL_SGSO, false));
  });
  ASSERT_TRUE(SetOffload("right", ETHTOOL_SGRO, true));
  v1::LinkConfig config = Link("right");
  config.mutable_side()->set_received(v1::DIRECTION_DOWNLOAD);
  RunningLink link(config, Capture(v1::CAPTURE_METHOD_PACKET_RING, 2));
  constexpr size_t kOctets = 2'000'000;
  far.Transfer(AF_INET, FarHost::Sender::kFarHost, kOctets);
  far.Transfer(AF_INET6, FarHost::Sender::kFarHost, kOctets);
  // Each is at least so many packets of the wire.
  EXPECT_TRUE(link.WaitFor([](const v1::Measurement& total) {
    return SumOf(total, v1::FAMILY_IPV4).packets > kOctets / 1448 &&
           SumOf(total, v1::FAMILY_IPV6).packets > kOctets / 1428;
  }));
  link.Stop();
  const v1::Ledger& ledger = link.total().ledger();
  EXPECT_GT(ledger.segmented_packets(), 0u);
  EXPECT_LT(ledger.captured_packets(), ledger.nic_packets());
  EXPECT_EQ(ledger.tap_packets() + ledger.segmented_packets(), ledger.nic_packets());
  EXPECT_THAT(link.total().flags(), Not(Contains(v1::QUALITY_FLAG_OFFLOADED)));
  EXPECT_THAT(link.total().flags(), Not(Contains(v1::QUALITY_FLAG_MERGED_PACKETS)));
  ExpectNothingLost(link);
}

// GRE and IP in IP, as frames of the wire: counted by what is inside, spread by it too.
TEST_P(Workers, CountTunnelsByWhatIsInside) {
  std::vector<std::vector<uint8_t>> frames;
  for (uint16_t port = 1; port <= 100; ++port) {
    frames.push_back(PacketBuilder()
                         .Ethernet()
                         .Ipv4("192.0.2.1", "192.0.2.2")
                         .Ipv4("198.51.100.1", "198.51.100.2")
                         .Udp(port, 443)
                         .Build());
    frames.push_back(PacketBuilder()
                         .Ethernet()
                         .Ipv6("2001:db8::1", "2001:db8::2")
                         .Next(47)
                         .Raw({0, 0, 0x86, 0xdd})
                         .Ipv6("2001:db8:1::1", "2001:db8:1::2")
                         .Udp(port, 443)
                         .Build());
  }
  RunningLink link(Link("right"), Capture(v1::CAPTURE_METHOD_PACKET_RING, GetParam()));
  SendFrames("left", frames);
  EXPECT_TRUE(link.WaitForPackets(frames.size()));
  link.Stop();
  const auto of = [](v1::Carrier carrier, v1::Family family) {
    return [=](const v1::TrafficClass& c) { return c.carrier() == carrier && c.family() == family; };
  };
  EXPECT_EQ(SumOf(link.total(), of(v1::CARRIER_IPIP, v1::FAMILY_IPV4)).packets, 100u);
  EXPECT_EQ(SumOf(link.total(), of(v1::CARRIER_GRE, v1::FAMILY_IPV6)).packets, 100u);
  EXPECT_EQ(SumOf(link.total(), of(v1::CARRIER_IPIP, v1::FAMILY_IPV4)).new_flows, 100u);
  EXPECT_EQ(SumOf(link.total(), of(v1::CARRIER_GRE, v1::FAMILY_IPV6)).new_flows, 100u);
  ExpectNothingLost(link);
}

TEST_P(Methods, WhatTheInterfaceMovedPastTheCaptureIsFlagged) {
  const auto frame = PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Udp(1, 2).Build();
  RunningLink link(Link("right"), Capture(GetParam()));
  SendFrames("left", frame, 10);
  ASSERT_TRUE(link.WaitForPackets(10));
  {
    const XdpDrop drop("right");
    SendFrames("left", frame, 1000);
  }
  EXPECT_TRUE(link.WaitForFlag(v1::QUALITY_FLAG_OFFLOADED));
  link.Stop();
  EXPECT_EQ(link.total().ledger().captured_packets(), 10u);
  EXPECT_EQ(link.total().ledger().tap_packets(), 10u);
  EXPECT_EQ(link.total().ledger().nic_packets(), 1010u);
  EXPECT_THAT(link.reports().front().measurement().flags(), Not(Contains(v1::QUALITY_FLAG_OFFLOADED)));
}

}  // namespace
}  // namespace kansoku::collector
