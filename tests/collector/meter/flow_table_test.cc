// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/flow_table.h"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <random>
#include <tuple>

#include "tests/collector/meter/packets.h"

namespace kansoku::collector {
namespace {

constexpr int64_t kTimeoutNs = 60 * kNsPerSecond;

class FlowTableOfFamily : public ::testing::TestWithParam<uint8_t> {
 protected:
  DecodedPacket Packet(int64_t after_start_ns = 0) const {
    return UdpPacket(GetParam(), kStartNs + after_start_ns);
  }
  DecodedPacket PacketOfPort(uint16_t port, int64_t after_start_ns = 0) const {
    DecodedPacket packet = Packet(after_start_ns);
    packet.source_port = port;
    return packet;
  }
  TrafficClass download_ = ClassOf(GetParam(), v1::DIRECTION_DOWNLOAD);
  TrafficClass upload_ = ClassOf(GetParam(), v1::DIRECTION_UPLOAD);
};

void ExpectTouch(const FlowTouch& touch, bool is_new_flow, bool is_first_in_window) {
  EXPECT_EQ(touch.is_new_flow, is_new_flow);
  EXPECT_EQ(touch.is_first_in_window, is_first_in_window);
}

TEST_P(FlowTableOfFamily, BothDirectionsAreOneFlowOfTheFirstPacketsClass) {
  FlowTable table(1024, kTimeoutNs, 1);
  ExpectTouch(table.Touch(Packet(), download_, kStart), true, true);
  const FlowTouch answer = table.Touch(Reversed(Packet()), upload_, kStart);
  ExpectTouch(answer, false, false);
  EXPECT_EQ(answer.traffic_class, download_);
  EXPECT_EQ(table.evicted_flows(), 0u);
}

TEST_P(FlowTableOfFamily, IsFirstOnceInEachWindow) {
  FlowTable table(1024, kTimeoutNs, 1);
  ExpectTouch(table.Touch(Packet(), download_, kStart), true, true);
  ExpectTouch(table.Touch(Packet(10 * kNsPerSecond), download_, kStart + 10), false, true);
  ExpectTouch(table.Touch(Packet(11 * kNsPerSecond), download_, kStart + 10), false, false);
  ExpectTouch(table.Touch(Packet(40 * kNsPerSecond), download_, kStart + 40), false, true);
}

TEST_P(FlowTableOfFamily, EveryPartOfTheKeyMakesAnotherFlow) {
  FlowTable table(1024, kTimeoutNs, 1);
  std::vector<DecodedPacket> packets(9, Packet());
  packets[1].source = HostAt(GetParam(), 3);
  packets[2].destination = HostAt(GetParam(), 3);
  packets[3].source_port = 1001;
  packets[4].destination_port = 2001;
  packets[5].protocol = kProtocolTcp;
  packets[6].encapsulation = Encapsulation::kPppoe;
  std::swap(packets[7].source_port, packets[7].destination_port);  // the ports, but not the addresses
  packets[8].source_port = packets[8].destination_port = 0;
  for (const DecodedPacket& packet : packets) ExpectTouch(table.Touch(packet, download_, kStart), true, true);
  for (const DecodedPacket& packet : packets)
    ExpectTouch(table.Touch(packet, download_, kStart), false, false);
}

TEST_P(FlowTableOfFamily, LaterFragmentsAreAFlowOfTheirOwn) {
  FlowTable table(1024, kTimeoutNs, 1);
  DecodedPacket without_ports = Packet();
  without_ports.source_port = without_ports.destination_port = 0;
  DecodedPacket fragment = without_ports;
  fragment.remarks = kRemarkLaterFragment;
  ExpectTouch(table.Touch(without_ports, download_, kStart), true, true);
  ExpectTouch(table.Touch(fragment, download_, kStart), true, true);
  ExpectTouch(table.Touch(Reversed(fragment), download_, kStart), false, false);
}

TEST_P(FlowTableOfFamily, AHostThatTalksToItselfHasTwoDirectionsToo) {
  FlowTable table(1024, kTimeoutNs, 1);
  DecodedPacket packet = Packet();
  packet.destination = packet.source;
  ExpectTouch(table.Touch(packet, download_, kStart), true, true);
  ExpectTouch(table.Touch(Reversed(packet), download_, kStart), false, false);
}

TEST_P(FlowTableOfFamily, SilenceBeyondTheTimeoutEndsAFlow) {
  FlowTable table(1024, kTimeoutNs, 1);
  table.Touch(Packet(), download_, kStart);
  ExpectTouch(table.Touch(Packet(kTimeoutNs), download_, kStart), false, false);
  const FlowTouch later = table.Touch(Packet(2 * kTimeoutNs + 1), upload_, kStart);
  ExpectTouch(later, true, true);
  EXPECT_EQ(later.traffic_class, upload_);
  EXPECT_EQ(table.evicted_flows(), 0u);
}

TEST_P(FlowTableOfFamily, APacketFromThePastNeitherAgesNorRenews) {
  FlowTable table(1024, kTimeoutNs, 1);
  table.Touch(Packet(kTimeoutNs), download_, kStart);
  ExpectTouch(table.Touch(Packet(-10 * kTimeoutNs), download_, kStart), false, false);
  ExpectTouch(table.Touch(Packet(2 * kTimeoutNs), download_, kStart), false, false);
}

TEST_P(FlowTableOfFamily, TimesMayBeAnything) {
  FlowTable table(1, 1, 1);
  const int64_t first = std::numeric_limits<int64_t>::min(), last = std::numeric_limits<int64_t>::max();
  DecodedPacket packet = Packet();
  for (const auto& [at, is_new] :
       {std::pair{first, true}, {first, false}, {last, true}, {last, false}, {first, false}}) {
    packet.captured_unix_ns = at;
    EXPECT_EQ(table.Touch(packet, download_, kStart).is_new_flow, is_new);
  }
}

TEST_P(FlowTableOfFamily, ATableOfOneRemembersTheLastFlow) {
  FlowTable table(1, kTimeoutNs, 1);
  for (uint16_t port = 0; port < 10; ++port) {
    ExpectTouch(table.Touch(PacketOfPort(port), download_, kStart), true, true);
    ExpectTouch(table.Touch(Reversed(PacketOfPort(port)), download_, kStart), false, false);
  }
  EXPECT_EQ(table.evicted_flows(), 9u);
}

TEST_P(FlowTableOfFamily, AFullSetForgetsTheLeastRecentlySeen) {
  for (const int64_t step_ns : {int64_t{1}, kNsPerSecond}) {
    SCOPED_TRACE(step_ns);
    FlowTable table(8, kTimeoutNs, 1);
    for (uint16_t port = 0; port < 8; ++port)
      table.Touch(PacketOfPort(port, port * step_ns), download_, kStart);
    EXPECT_EQ(table.evicted_flows(), 0u);
    table.Touch(PacketOfPort(0, 8 * step_ns), download_, kStart);  // now 1 is the oldest, by one step
    table.Touch(PacketOfPort(8, 9 * step_ns), download_, kStart);
    EXPECT_EQ(table.evicted_flows(), 1u);
    for (const uint16_t port : {uint16_t{0}, uint16_t{2}, uint16_t{7}, uint16_t{8}}) {
      EXPECT_FALSE(table.Touch(PacketOfPort(port, 10 * step_ns), download_, kStart).is_new_flow) << port;
    }
    EXPECT_TRUE(table.Touch(PacketOfPort(1, 11 * step_ns), download_, kStart).is_new_flow);
  }
}

TEST_P(FlowTableOfFamily, ToReplaceAnEndedFlowIsNoEviction) {
  FlowTable table(1, kTimeoutNs, 1);
  table.Touch(PacketOfPort(1), download_, kStart);
  table.Touch(PacketOfPort(2, kTimeoutNs + 1), download_, kStart);
  EXPECT_EQ(table.evicted_flows(), 0u);
  table.Touch(PacketOfPort(3, 2 * kTimeoutNs + 1), download_, kStart);
  EXPECT_EQ(table.evicted_flows(), 1u);
}

// With flows thrown at 8192 sets at random, as many for each as it has ways, the number in a set is Poisson
// of mean 8: 8 * P(8) = 1.117 of them find no way free. At an eighth of the load, one set in a million is too
// small.
TEST_P(FlowTableOfFamily, SpreadsSimilarFlowsAsIfAtRandom) {
  const auto evicted = [&](uint32_t flows) {
    FlowTable table(65536, kTimeoutNs, 1);
    for (uint32_t host = 0; host < flows; ++host) {
      DecodedPacket packet = Packet();
      packet.source = HostAt(GetParam(), 1000 + host / 4);
      packet.source_port = static_cast<uint16_t>(2000 + host % 4);
      table.Touch(packet, download_, kStart);
    }
    return table.evicted_flows();
  };
  EXPECT_EQ(evicted(8192), 0u);
  EXPECT_NEAR(static_cast<double>(evicted(65536)), 8192 * 1.117, 500);
}

TEST_P(FlowTableOfFamily, SeedsDecideWhoSharesASet) {
  const auto evicted = [&](uint64_t seed) {
    FlowTable table(512, kTimeoutNs, seed);
    for (uint16_t port = 0; port < 512; ++port) table.Touch(PacketOfPort(port), download_, kStart);
    return table.evicted_flows();
  };
  EXPECT_EQ(evicted(1), evicted(1));
  EXPECT_TRUE(evicted(1) != evicted(2) || evicted(2) != evicted(3) || evicted(3) != evicted(4));
}

// Everything the table should know, without bounds.
class UnboundedFlows {
 public:
  FlowTouch Touch(const DecodedPacket& packet, TrafficClass traffic_class, int64_t window) {
    auto a = std::tuple(packet.source, packet.source_port),
         b = std::tuple(packet.destination, packet.destination_port);
    if (b < a) std::swap(a, b);
    const auto [at, inserted] = flows_.try_emplace({a, b, packet.protocol});
    Flow& flow = at->second;
    const bool is_new = inserted || packet.captured_unix_ns - flow.last_seen > kTimeoutNs;
    if (is_new) flow = {packet.captured_unix_ns, window - 1, traffic_class};
    const bool is_first = flow.window != window;
    flow.window = window;
    flow.last_seen = std::max(flow.last_seen, packet.captured_unix_ns);
    return {is_new, is_first, flow.traffic_class};
  }

 private:
  using End = std::tuple<IpAddress, uint16_t>;
  struct Flow {
    int64_t last_seen = 0;
    int64_t window = 0;
    TrafficClass traffic_class;
  };
  std::map<std::tuple<End, End, uint8_t>, Flow> flows_;
};

TEST_P(FlowTableOfFamily, BehavesAsAnUnboundedTableWhileThereIsRoom) {
  std::mt19937_64 random(GetParam());
  FlowTable table(16384, kTimeoutNs, 7);
  UnboundedFlows model;
  int64_t now = kStartNs;
  int ended = 0;
  for (int i = 0; i < 200'000; ++i) {
    now += static_cast<int64_t>(random() % 100'000'000);
    DecodedPacket packet = Packet();
    packet.source = HostAt(GetParam(), static_cast<uint32_t>(random() % 10));
    packet.destination = HostAt(GetParam(), static_cast<uint32_t>(random() % 10));
    packet.source_port = static_cast<uint16_t>(random() % 5);
    packet.destination_port = static_cast<uint16_t>(random() % 3);
    packet.captured_unix_ns =
        now - static_cast<int64_t>(random() % 20 == 0 ? random() % (2 * kTimeoutNs) : 0);
    const int64_t window = now / (10 * kNsPerSecond) * 10;
    const TrafficClass traffic_class = random() % 2 == 0 ? download_ : upload_;
    const FlowTouch expected = model.Touch(packet, traffic_class, window);
    const FlowTouch touch = table.Touch(packet, traffic_class, window);
    ASSERT_EQ(touch.is_new_flow, expected.is_new_flow) << i;
    ASSERT_EQ(touch.is_first_in_window, expected.is_first_in_window) << i;
    ASSERT_EQ(touch.traffic_class, expected.traffic_class) << i;
    ended += touch.is_new_flow;
  }
  EXPECT_EQ(table.evicted_flows(), 0u);
  EXPECT_GT(ended, 10'000);  // flows did end and begin again
}

INSTANTIATE_TEST_SUITE_P(Families, FlowTableOfFamily, ::testing::Values(uint8_t{4}, uint8_t{6}),
                         [](const auto& version) { return "Ipv" + std::to_string(version.param); });

TEST(FlowTable, FamiliesDoNotMeet) {
  FlowTable table(1024, kTimeoutNs, 1);
  DecodedPacket mapped = UdpPacket(4, kStartNs);
  EXPECT_TRUE(table.Touch(mapped, TrafficClass(), kStart).is_new_flow);
  mapped.ip_version = 6;  // ::ffff:198.51.0.1 on the wire
  EXPECT_TRUE(table.Touch(mapped, TrafficClass(), kStart).is_new_flow);
}

}  // namespace
}  // namespace kansoku::collector
