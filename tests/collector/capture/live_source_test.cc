// SPDX-License-Identifier: Apache-2.0
//
// NIC counters, and interfaces that go away and come back, for both ways of capturing.
#include "collector/capture/live_source.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "collector/capture/live_pcap_source.h"
#include "collector/capture/packet_ring_source.h"
#include "tests/testing/live_network.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::collector {
namespace {

using testing::PacketBuilder;
using testing::PollUntil;
using testing::RunCommand;
using testing::SendFrames;
using testing::WaitUntilUp;

std::vector<uint8_t> Ipv4Frame(size_t payload = 0) {
  return PacketBuilder().Ethernet().Ipv4("192.0.2.1", "192.0.2.2").Udp(1, 2).Payload(payload).Build();
}
std::vector<uint8_t> Ipv6Frame() {
  return PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Udp(1, 2).Build();
}

struct Method {
  const char* name;
  absl::StatusOr<std::unique_ptr<PacketSource>> (*open)(const LiveOptions&);
};

class LiveSourceTest : public testing::LiveNetworkTest, public ::testing::WithParamInterface<Method> {
 protected:
  std::unique_ptr<PacketSource> Open(Side side = Side::kUnknown) {
    const LiveOptions options{.interface = "right", .ring_bytes = 1 << 20, .side = side};
    auto source = LiveSource::Open({.interface = "right",
                                    .side = side,
                                    .say = [this](const std::string& line) { said_.push_back(line); }},
                                   [options] { return GetParam().open(options); });
    EXPECT_TRUE(source.ok()) << source.status();
    return source.ok() ? *std::move(source) : nullptr;
  }

  // Polls until so many packets were seen in all.
  void Expect(PacketSource& source, uint64_t packets) {
    const auto status = PollUntil(
        source, [&](std::span<const PacketView> burst) { seen_ += burst.size(); },
        [&] { return seen_ >= packets; });
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_EQ(seen_, packets);
  }

  uint64_t seen_ = 0;
  std::vector<std::string> said_;
};

INSTANTIATE_TEST_SUITE_P(Method, LiveSourceTest,
                         ::testing::Values(Method{"libpcap", LivePcapSource::Open},
                                           Method{"packet_ring", PacketRingSource::Open}),
                         [](const auto& method) { return method.param.name; });

TEST_P(LiveSourceTest, TheNicCountsWhatIsCaptured) {
  SendFrames("left", Ipv4Frame(), 7);  // before: not the source's to tell of
  const auto source = Open();
  ASSERT_NE(source, nullptr);
  SendFrames("left", Ipv4Frame(958), 300);  // 1000 octets
  SendFrames("left", Ipv6Frame(), 200);
  SendFrames("right", Ipv6Frame(), 100);
  Expect(*source, 600);
  const CaptureStats stats = source->Stats();
  EXPECT_EQ(stats.nic_packets, 600u);
  EXPECT_EQ(stats.tap_packets, 600u);
  EXPECT_EQ(stats.nic_octets, 300 * 1000 + 300 * Ipv6Frame().size());
  EXPECT_EQ(stats.received_packets, 600u);
  EXPECT_EQ(stats.interface_dropped_packets, 0u);
  EXPECT_EQ(stats.down_observations, 0u);
}

TEST_P(LiveSourceTest, TheNicCountsTheCapturedSide) {
  const auto source = Open(Side::kSent);
  ASSERT_NE(source, nullptr);
  SendFrames("left", Ipv4Frame(), 300);
  SendFrames("right", Ipv6Frame(), 100);
  Expect(*source, 100);
  const CaptureStats stats = source->Stats();
  EXPECT_EQ(stats.nic_packets, 100u);
  EXPECT_EQ(stats.tap_packets, 100u);
  EXPECT_EQ(stats.nic_octets, 100 * Ipv6Frame().size());
}

TEST_P(LiveSourceTest, SaysThatTheInterfaceWasDown) {
  const auto source = Open();
  ASSERT_NE(source, nullptr);
  EXPECT_EQ(source->Stats().down_observations, 0u);
  ASSERT_TRUE(RunCommand("ip link set right down"));
  const uint64_t observed = source->Stats().down_observations;
  EXPECT_GT(observed, 0u);
  // Down and up again between two readings is seen too.
  ASSERT_TRUE(RunCommand("ip link set right up"));
  ASSERT_TRUE(WaitUntilUp("right"));
  (void)source->Stats();
  const uint64_t before = source->Stats().down_observations;
  EXPECT_EQ(source->Stats().down_observations, before);
  ASSERT_TRUE(RunCommand("ip link set right down && ip link set right up"));
  EXPECT_GT(source->Stats().down_observations, before);
  ASSERT_TRUE(WaitUntilUp("left"));
  SendFrames("left", Ipv6Frame(), 10);
  Expect(*source, 10);
}

TEST_P(LiveSourceTest, ComesBackWithItsInterface) {
  const auto source = Open();
  ASSERT_NE(source, nullptr);
  SendFrames("left", Ipv4Frame(), 100);
  Expect(*source, 100);
  ASSERT_TRUE(RunCommand("ip link del right"));
  const auto gone = PollUntil(
      *source, [](std::span<const PacketView>) {}, [&] { return said_.size() == 1; });
  ASSERT_TRUE(gone.ok()) << gone;
  EXPECT_NE(said_[0].find("right: "), std::string::npos) << said_[0];
  EXPECT_NE(said_[0].find("waiting for it to come back"), std::string::npos) << said_[0];
  const uint64_t observed = source->Stats().down_observations;
  EXPECT_GT(source->Stats().down_observations, observed);

  ASSERT_TRUE(RunCommand(
      "ip link add left type veth peer name right && ip link set left up && ip link set right up"));
  ASSERT_TRUE(WaitUntilUp("left"));
  const auto back = PollUntil(
      *source, [](std::span<const PacketView>) {}, [&] { return said_.size() == 2; });
  ASSERT_TRUE(back.ok()) << back;
  EXPECT_EQ(said_[1], "right: the interface is back");
  SendFrames("left", Ipv6Frame(), 50);
  Expect(*source, 150);
  const CaptureStats stats = source->Stats();
  EXPECT_EQ(stats.received_packets, 150u);
  EXPECT_EQ(stats.tap_packets, 150u);
}

TEST_P(LiveSourceTest, DeliversWhatCameBeforeTheInterfaceWentAway) {
  const auto source = Open();
  ASSERT_NE(source, nullptr);
  SendFrames("left", Ipv6Frame(), 100);
  ASSERT_TRUE(RunCommand("ip link del right"));
  Expect(*source, 100);
}

TEST_P(LiveSourceTest, OnceDeafHandsOverWhatItHasAndTakesInNoMore) {
  const auto source = Open();
  ASSERT_NE(source, nullptr);
  SendFrames("left", Ipv6Frame(), 3000);
  ASSERT_TRUE(source->Deafen().ok());
  SendFrames("left", Ipv6Frame(), 200);
  PollState state = PollState::kMore;
  while (state == PollState::kMore) {
    const auto polled = source->Poll([&](std::span<const PacketView> burst) { seen_ += burst.size(); });
    ASSERT_TRUE(polled.ok()) << polled.status();
    state = *polled;
  }
  EXPECT_EQ(state, PollState::kIdle);
  EXPECT_EQ(seen_, 3000u);
  const CaptureStats stats = source->Stats();
  EXPECT_EQ(stats.received_packets, 3000u);
  EXPECT_EQ(stats.tap_packets, 3000u);
  EXPECT_EQ(stats.nic_packets, 3000u);
}

TEST_P(LiveSourceTest, OnceDeafDoesNotComeBack) {
  const auto source = Open();
  ASSERT_NE(source, nullptr);
  ASSERT_TRUE(RunCommand("ip link del right"));
  const auto gone = PollUntil(
      *source, [](std::span<const PacketView>) {}, [&] { return said_.size() == 1; });
  ASSERT_TRUE(gone.ok()) << gone;
  ASSERT_TRUE(source->Deafen().ok());
  ASSERT_TRUE(RunCommand(
      "ip link add left type veth peer name right && ip link set left up && ip link set right up"));
  for (int polls = 0; polls < 3; ++polls) {
    const auto state = source->Poll([](std::span<const PacketView>) {});
    ASSERT_TRUE(state.ok()) << state.status();
    EXPECT_EQ(*state, PollState::kIdle);
  }
  EXPECT_EQ(said_.size(), 1u);
}

TEST_P(LiveSourceTest, NeedsTheInterfaceAtStart) {
  const auto source =
      LiveSource::Open({.interface = "eth77"}, [] { return GetParam().open({.interface = "eth77"}); });
  EXPECT_EQ(source.status().code(), absl::StatusCode::kNotFound) << source.status();
}

}  // namespace
}  // namespace kansoku::collector
