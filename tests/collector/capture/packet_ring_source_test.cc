// SPDX-License-Identifier: Apache-2.0
//
// What only the packet ring can: sides, merged packets, several readers of one interface.
#include "collector/capture/packet_ring_source.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/ethtool.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <vector>

#include "collector/capture/fanout_group.h"
#include "collector/capture/live_source.h"
#include "collector/capture/network_interface.h"
#include "tests/testing/live_network.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::collector {
namespace {

using testing::FarHost;
using testing::PacketBuilder;
using testing::PollUntil;
using testing::RunCommand;
using testing::SendFrames;
using testing::SetOffload;

class PacketRingSourceTest : public testing::LiveNetworkTest {
 protected:
  static std::unique_ptr<PacketSource> Open(const LiveOptions& options) {
    auto source = PacketRingSource::Open(options);
    EXPECT_TRUE(source.ok()) << source.status();
    return source.ok() ? *std::move(source) : nullptr;
  }
};

TEST_F(PacketRingSourceTest, TellsTheSideOfEachPacket) {
  const auto source = Open({.interface = "right"});
  ASSERT_NE(source, nullptr);
  const auto v4 = PacketBuilder().Ethernet().Ipv4("192.0.2.1", "192.0.2.2").Udp(1, 2).Build();
  const auto v6 = PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Udp(1, 2).Build();
  SendFrames("left", v4, 30);
  SendFrames("right", v4, 4);
  SendFrames("left", v6, 500);
  SendFrames("right", v6, 6);
  std::map<std::pair<Side, size_t>, int> seen;
  int all = 0;
  const auto status = PollUntil(
      *source,
      [&](std::span<const PacketView> burst) {
        for (const PacketView& packet : burst) ++seen[{packet.side, packet.wire_octets}];
        all += static_cast<int>(burst.size());
        EXPECT_LE(burst.size(), 64u);
      },
      [&] { return all >= 540; });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(all, 540);
  EXPECT_EQ((seen[{Side::kReceived, v4.size()}]), 30);
  EXPECT_EQ((seen[{Side::kSent, v4.size()}]), 4);
  EXPECT_EQ((seen[{Side::kReceived, v6.size()}]), 500);
  EXPECT_EQ((seen[{Side::kSent, v6.size()}]), 6);
}

TEST_F(PacketRingSourceTest, CountsTimesTheRingWasFull) {
  const auto source =
      Open({.interface = "right", .snap_length = 1600, .ring_bytes = 128 * 1024, .block_bytes = 64 * 1024});
  ASSERT_NE(source, nullptr);
  const auto frame =
      PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Udp(1, 2).Payload(1400).Build();
  SendFrames("left", frame, 1000);
  EXPECT_GE(source->Stats().ring_freezes, 1u);
}

// A flow is here the ports of both ends, whoever sent the packet.
using FlowName = std::tuple<uint8_t, uint16_t, uint16_t>;
FlowName FlowOf(const PacketView& packet) {
  const bool is_v6 = packet.bytes[12] == 0x86;
  const uint8_t* ports = packet.bytes.data() + 14 + (is_v6 ? 40 : 20);
  const auto a = static_cast<uint16_t>(ports[0] << 8 | ports[1]);
  const auto b = static_cast<uint16_t>(ports[2] << 8 | ports[3]);
  return {is_v6, std::min(a, b), std::max(a, b)};
}

class Fanout : public PacketRingSourceTest, public ::testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Workers, Fanout, ::testing::Values(1, 2, 3, 8));

TEST_P(Fanout, GivesEachPacketToOneSourceAndAFlowToTheSame) {
  constexpr uint16_t kFlows = 200;
  constexpr int kRounds = 20;
  std::vector<std::vector<uint8_t>> there, back;
  for (uint16_t port = 1000; port < 1000 + kFlows; ++port) {
    there.push_back(PacketBuilder().Ethernet().Ipv4("192.0.2.1", "192.0.2.2").Tcp(port, 443, 16).Build());
    back.push_back(PacketBuilder().Ethernet().Ipv4("192.0.2.2", "192.0.2.1").Tcp(443, port, 16).Build());
    there.push_back(PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Tcp(port, 443, 16).Build());
    back.push_back(PacketBuilder().Ethernet().Ipv6("2001:db8::2", "2001:db8::1").Tcp(443, port, 16).Build());
  }
  LiveOptions options{.interface = "right"};
  options.ring_bytes /= 4;
  options.fanout = std::make_shared<FanoutGroup>();
  std::vector<std::unique_ptr<PacketSource>> sources;
  for (int i = 0; i < GetParam(); ++i) {
    options.counts_for_fanout = i == 0;
    sources.push_back(Open(options));
  }
  for (int round = 0; round < kRounds; ++round) {
    SendFrames("left", there);
    SendFrames("right", back);
  }

  std::map<FlowName, std::set<size_t>> sources_of_flow;
  std::map<FlowName, int> packets_of_flow;
  std::vector<uint64_t> packets_of_source(sources.size());
  for (size_t i = 0; i < sources.size(); ++i) {
    auto state = absl::StatusOr<PollState>(PollState::kMore);
    while (state.ok() && *state == PollState::kMore) {
      state = sources[i]->Poll([&](std::span<const PacketView> burst) {
        for (const PacketView& packet : burst) {
          sources_of_flow[FlowOf(packet)].insert(i);
          ++packets_of_flow[FlowOf(packet)];
          ++packets_of_source[i];
        }
      });
    }
    ASSERT_TRUE(state.ok()) << state.status();
  }
  EXPECT_EQ(packets_of_flow.size(), 2u * kFlows);
  for (const auto& [flow, packets] : packets_of_flow) EXPECT_EQ(packets, 2 * kRounds);
  for (const auto& [flow, at] : sources_of_flow) EXPECT_EQ(at.size(), 1u);
  constexpr uint64_t kPackets = uint64_t{4} * kFlows * kRounds;
  for (size_t i = 0; i < sources.size(); ++i) {
    EXPECT_GT(packets_of_source[i], 0u) << i;
    const CaptureStats stats = sources[i]->Stats();
    EXPECT_EQ(stats.tap_packets, i == 0 ? kPackets : 0);
    EXPECT_EQ(stats.kernel_dropped_packets, 0u);
  }
  SendFrames("left", there);
  sources.erase(sources.begin() + 1, sources.end());
  EXPECT_EQ(sources[0]->Stats().tap_packets, kPackets + there.size()) << "those that have left among them";
}

TEST_P(Fanout, DropsAreTheirRings) {
  LiveOptions options{
      .interface = "right", .snap_length = 1600, .ring_bytes = 64 << 10, .block_bytes = 32 << 10};
  options.fanout = std::make_shared<FanoutGroup>();
  std::vector<std::unique_ptr<PacketSource>> sources;
  for (int i = 0; i < GetParam(); ++i) {
    options.counts_for_fanout = i == 0;
    sources.push_back(Open(options));
  }
  constexpr uint64_t kFlood = 2000;
  std::vector<std::vector<uint8_t>> frames;
  for (uint64_t i = 0; i < kFlood; ++i) {
    const auto port = static_cast<uint16_t>(1000 + i % 100);
    frames.push_back(
        PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Udp(port, 443).Payload(1000).Build());
  }
  SendFrames("left", frames);
  uint64_t dropped = 0, delivered = 0;
  for (const auto& source : sources) {
    auto state = absl::StatusOr<PollState>(PollState::kMore);
    while (state.ok() && *state == PollState::kMore)
      state = source->Poll([&](std::span<const PacketView> burst) { delivered += burst.size(); });
    EXPECT_EQ(sources[0]->Stats().tap_packets, kFlood);
    const uint64_t dropped_here = source->Stats().kernel_dropped_packets;
    EXPECT_GT(dropped_here, 0u);
    dropped += dropped_here;
  }
  EXPECT_EQ(delivered + dropped, kFlood);
}

TEST_F(PacketRingSourceTest, TwoGroupsOfOneInterfaceDoNotMeet) {
  LiveOptions options{.interface = "right"};
  options.fanout = std::make_shared<FanoutGroup>();
  const auto one = Open(options);
  options.fanout = std::make_shared<FanoutGroup>();
  const auto other = Open(options);
  SendFrames("left", PacketBuilder().Ethernet().Ipv4("192.0.2.1", "192.0.2.2").Udp(1, 2).Build(), 10);
  for (const auto& source : {one.get(), other.get()}) {
    size_t seen = 0;
    const auto status = PollUntil(
        *source, [&](std::span<const PacketView> burst) { seen += burst.size(); },
        [&] { return seen >= 10; });
    EXPECT_TRUE(status.ok()) << status;
  }
}

// An interface without link headers, as tunnels and PPP have: what it carries begins with IP.
TEST_F(PacketRingSourceTest, ReadsInterfacesWithoutLinkHeaders) {
  const int tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
  ifreq request{};
  std::strcpy(request.ifr_name, "tun");
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  ASSERT_EQ(ioctl(tun, TUNSETIFF, &request), 0);
  ASSERT_TRUE(RunCommand("ip link set tun up"));
  const auto source = Open({.interface = "tun", .snap_length = 64});
  ASSERT_NE(source, nullptr);
  const auto v4 = PacketBuilder().Ipv4("192.0.2.1", "192.0.2.2").Udp(1, 2).Payload(100).Build();
  const auto v6 = PacketBuilder().Ipv6("2001:db8::1", "2001:db8::2").Udp(1, 2).Payload(100).Build();
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(write(tun, v4.data(), v4.size()), static_cast<ssize_t>(v4.size()));
    ASSERT_EQ(write(tun, v6.data(), v6.size()), static_cast<ssize_t>(v6.size()));
  }
  int seen = 0;
  const auto status = PollUntil(
      *source,
      [&](std::span<const PacketView> burst) {
        for (const PacketView& packet : burst) {
          const std::vector<uint8_t>& sent = seen++ % 2 == 0 ? v4 : v6;
          EXPECT_EQ(packet.link_type, LinkType::kRawIp);
          EXPECT_EQ(packet.side, Side::kReceived);
          EXPECT_EQ(packet.wire_octets, sent.size());
          ASSERT_EQ(packet.bytes.size(), 64u);
          EXPECT_TRUE(std::equal(packet.bytes.begin(), packet.bytes.end(), sent.begin()));
        }
      },
      [&] { return seen >= 100; });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(seen, 100);
  close(tun);
}

struct Merging {
  const char* name;
  int family;
  FarHost::Sender sender;
  bool splits_sent;      // of the sender's end of the wire
  bool merges_received;  // of this host's
};

class MergedFrames : public PacketRingSourceTest, public ::testing::WithParamInterface<Merging> {};
using enum FarHost::Sender;
INSTANTIATE_TEST_SUITE_P(Offloads, MergedFrames,
                         ::testing::Values(Merging{"gro_off_ipv4", AF_INET, kFarHost, false, false},
                                           Merging{"gro_off_ipv6", AF_INET6, kFarHost, false, false},
                                           Merging{"gro_on_ipv4", AF_INET, kFarHost, false, true},
                                           Merging{"gro_on_ipv6", AF_INET6, kFarHost, false, true},
                                           Merging{"tso_there_ipv4", AF_INET, kFarHost, true, false},
                                           Merging{"tso_there_ipv6", AF_INET6, kFarHost, true, false},
                                           Merging{"tso_here_ipv4", AF_INET, kThisHost, true, false},
                                           Merging{"tso_here_ipv6", AF_INET6, kThisHost, true, false}),
                         [](const auto& merging) { return merging.param.name; });

TEST_P(MergedFrames, CountAsThePacketsOfTheWire) {
  const Merging& merging = GetParam();
  constexpr size_t kOctets = 3'000'000;
  FarHost far;
  const auto set_sending = [&](const char* end) {
    EXPECT_TRUE(SetOffload(end, ETHTOOL_STSO, merging.splits_sent));
    EXPECT_TRUE(SetOffload(end, ETHTOOL_SGSO, merging.splits_sent));
  };
  far.Run([&] { set_sending("left"); });
  set_sending("right");
  ASSERT_TRUE(SetOffload("right", ETHTOOL_SGRO, merging.merges_received));
  EXPECT_EQ(MergesReceived("right"), merging.merges_received);

  const LiveOptions options{.interface = "right", .snap_length = 128};
  auto source = LiveSource::Open({.interface = "right"}, [&] { return PacketRingSource::Open(options); });
  ASSERT_TRUE(source.ok()) << source.status();
  far.Transfer(merging.family, merging.sender, kOctets);

  const uint32_t ip_octets = merging.family == AF_INET ? 20 : 40;
  const uint32_t most_payload = 1500 - ip_octets - 32;  // TCP with time stamps
  uint64_t payload = 0, wire_packets = 0, frames = 0, merged_frames = 0;
  const auto count = [&](std::span<const PacketView> burst) {
    for (const PacketView& packet : burst) {
      ++frames;
      wire_packets += packet.wire_packets;
      EXPECT_LE(packet.bytes.size(), 128u);
      if (packet.bytes[14 + (ip_octets == 20 ? 9 : 6)] != IPPROTO_TCP) {
        EXPECT_EQ(packet.wire_packets, 1);
        continue;
      }
      const uint32_t octets =
          packet.wire_octets - 14 - ip_octets - (packet.bytes[14 + ip_octets + 12] >> 4) * 4u;
      payload += octets;
      merged_frames += packet.wire_packets > 1;
      EXPECT_EQ(packet.wire_packets, octets == 0 ? 1 : (octets + most_payload - 1) / most_payload);
    }
  };
  // Hosts with IPv6 talk of their own accord: read on until nothing came after the counters were read.
  CaptureStats stats;
  for (uint64_t at_reading = ~uint64_t{0}; at_reading != frames;) {
    stats = (*source)->Stats();
    at_reading = frames;
    auto state = absl::StatusOr<PollState>(PollState::kMore);
    while (state.ok() && *state == PollState::kMore) state = (*source)->Poll(count);
    ASSERT_TRUE(state.ok()) << state.status();
  }
  EXPECT_GE(payload, kOctets);
  const bool merges = merging.splits_sent || merging.merges_received;
  EXPECT_EQ(merged_frames > 0, merges) << merged_frames << " of " << frames;
  EXPECT_EQ(stats.tap_packets, frames);
  // A veth pair moves a frame that its sender did not split as one.
  EXPECT_EQ(stats.nic_packets, merging.splits_sent ? frames : wire_packets);
}

}  // namespace
}  // namespace kansoku::collector
