// SPDX-License-Identifier: Apache-2.0
//
// What holds for both ways of capturing a live interface, libpcap and the packet ring.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
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

constexpr uint16_t kMarkerType = 0x88b5;  // IEEE 802 local experimental: nothing else on the link sends it
constexpr int kPackets = 500;

std::vector<uint8_t> Frame(size_t octets) {
  return PacketBuilder().Ethernet().Next(kMarkerType).Payload(octets - 14, 0x5a).Build();
}

bool IsMarked(const PacketView& packet) {
  return packet.bytes.size() > 14 && packet.bytes[12] == kMarkerType >> 8 &&
         packet.bytes[13] == (kMarkerType & 0xff);
}

using OpenFunction = absl::StatusOr<std::unique_ptr<PacketSource>> (*)(const LiveOptions&);
struct Method {
  const char* name;
  OpenFunction open;
};

class LiveCapture : public testing::LiveNetworkTest, public ::testing::WithParamInterface<Method> {
 protected:
  static auto Open(const LiveOptions& options) { return GetParam().open(options); }
};

INSTANTIATE_TEST_SUITE_P(Method, LiveCapture,
                         ::testing::Values(Method{"libpcap", LivePcapSource::Open},
                                           Method{"packet_ring", PacketRingSource::Open}),
                         [](const auto& method) { return method.param.name; });

TEST_P(LiveCapture, SeesEveryPacketOnce) {
  auto source = Open({.interface = "right", .snap_length = 64});
  ASSERT_TRUE(source.ok()) << source.status();
  SendFrames("left", Frame(1000), kPackets);

  int seen = 0;
  uint64_t delivered = 0, octets = 0;
  int64_t last_ns = 0;
  const auto status = PollUntil(
      **source,
      [&](std::span<const PacketView> burst) {
        for (const PacketView& packet : burst) {
          ++delivered;
          if (!IsMarked(packet)) continue;
          ++seen;
          octets += packet.wire_octets;
          EXPECT_EQ(packet.bytes.size(), 64u);
          EXPECT_EQ(packet.link_type, LinkType::kEthernet);
          EXPECT_EQ(packet.wire_packets, 1);
          EXPECT_GE(packet.captured_unix_ns, last_ns);
          last_ns = packet.captured_unix_ns;
        }
      },
      [&] { return seen >= kPackets; });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(seen, kPackets);
  EXPECT_EQ(octets, uint64_t{1000} * kPackets);
  EXPECT_GT(last_ns, int64_t{1'600'000'000} * 1'000'000'000);
  const CaptureStats stats = (*source)->Stats();
  EXPECT_EQ(stats.received_packets, delivered);
  EXPECT_EQ(stats.tap_packets, delivered);
  EXPECT_EQ(stats.kernel_dropped_packets, 0u);
}

TEST_P(LiveCapture, SeesOneSideOnly) {
  for (const Side side : {Side::kReceived, Side::kSent}) {
    auto source = Open({.interface = "right", .side = side});
    ASSERT_TRUE(source.ok()) << source.status();
    SendFrames("left", Frame(200), kPackets);   // received by the right end
    SendFrames("right", Frame(300), kPackets);  // sent by it
    SendFrames("left", Frame(201), 1);          // behind all others on either side
    SendFrames("right", Frame(301), 1);

    int seen = 0;
    bool last = false;
    const uint32_t expected = side == Side::kReceived ? 200 : 300;
    const auto status = PollUntil(
        **source,
        [&](std::span<const PacketView> burst) {
          for (const PacketView& packet : burst) {
            if (!IsMarked(packet)) continue;
            EXPECT_EQ(packet.side, side);
            if (packet.wire_octets == expected + 1) {
              last = true;
            } else {
              EXPECT_EQ(packet.wire_octets, expected);
              ++seen;
            }
          }
        },
        [&] { return last; });
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_EQ(seen, kPackets);
    // The other side's packets never left the kernel.
    EXPECT_EQ((*source)->Stats().tap_packets, uint64_t{kPackets + 1});
  }
}

TEST_P(LiveCapture, SeesOneInterfaceOnly) {
  auto source = Open({.interface = "right"});
  ASSERT_TRUE(source.ok()) << source.status();
  ASSERT_TRUE(
      RunCommand("ip link add other type veth peer name far && ip link set other up && ip link set far up"));
  ASSERT_TRUE(WaitUntilUp("other"));
  SendFrames("other", Frame(400), kPackets);
  SendFrames("left", Frame(200), kPackets);
  int seen = 0;
  const auto status = PollUntil(
      **source,
      [&](std::span<const PacketView> burst) {
        for (const PacketView& packet : burst) {
          EXPECT_EQ(packet.wire_octets, 200u);
          ++seen;
        }
      },
      [&] { return seen >= kPackets; });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(seen, kPackets);
}

// The kernel takes the outermost tag off and hands it over beside the frame.
TEST_P(LiveCapture, PutsVlanTagsBack) {
  const std::vector<std::vector<uint8_t>> frames = {
      PacketBuilder().Ethernet().Vlan(7).Ipv4("192.0.2.1", "192.0.2.2").Udp(1, 2).Payload(300).Build(),
      PacketBuilder().Ethernet().Vlan(7).Ipv6("2001:db8::1", "2001:db8::2").Udp(1, 2).Payload(300).Build(),
      PacketBuilder()
          .Ethernet()
          .Vlan(9, 0x88a8)
          .Vlan(7)
          .Ipv6("2001:db8::1", "2001:db8::2")
          .Udp(1, 2)
          .Build()};
  auto source = Open({.interface = "right", .snap_length = 64});
  ASSERT_TRUE(source.ok()) << source.status();
  SendFrames("left", frames);
  size_t seen = 0;
  const auto status = PollUntil(
      **source,
      [&](std::span<const PacketView> burst) {
        for (const PacketView& packet : burst) {
          ASSERT_LT(seen, frames.size());
          const std::vector<uint8_t>& sent = frames[seen++];
          EXPECT_EQ(packet.wire_octets, sent.size());
          ASSERT_GE(packet.bytes.size(), 64u);
          EXPECT_TRUE(std::equal(packet.bytes.begin(), packet.bytes.begin() + 64, sent.begin())) << seen;
        }
      },
      [&] { return seen == frames.size(); });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_P(LiveCapture, CountsWhatTheKernelDropped) {
  auto source =
      Open({.interface = "right", .snap_length = 1600, .ring_bytes = 256 * 1024, .block_bytes = 64 * 1024});
  ASSERT_TRUE(source.ok()) << source.status();
  constexpr int kFlood = 5000;  // 7 MB into a ring of 256 KiB that nobody reads
  SendFrames("left", Frame(1400), kFlood);

  uint64_t delivered = 0;
  const auto count = [&](std::span<const PacketView> burst) { delivered += burst.size(); };
  auto state = absl::StatusOr<PollState>(PollState::kMore);
  while (state.ok() && *state == PollState::kMore) state = (*source)->Poll(count);
  ASSERT_TRUE(state.ok()) << state.status();
  const CaptureStats stats = (*source)->Stats();
  EXPECT_GT(stats.kernel_dropped_packets, 0u);
  EXPECT_EQ(stats.received_packets, delivered + stats.kernel_dropped_packets);
  EXPECT_EQ(delivered + stats.kernel_dropped_packets, uint64_t{kFlood});
  EXPECT_EQ(stats.tap_packets, uint64_t{kFlood});
}

TEST_P(LiveCapture, ReturnsFromASilentLink) {
  auto source = Open({.interface = "lo"});
  ASSERT_TRUE(source.ok()) << source.status();
  const auto state = (*source)->Poll([](std::span<const PacketView>) { FAIL() << "nobody sends"; });
  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_EQ(*state, PollState::kIdle);
}

TEST_P(LiveCapture, GoesOnWhenTheInterfaceIsUpAgain) {
  auto source = Open({.interface = "right"});
  ASSERT_TRUE(source.ok()) << source.status();
  int seen = 0;
  const auto count = [&](std::span<const PacketView> burst) {
    for (const PacketView& packet : burst) seen += IsMarked(packet);
  };
  ASSERT_TRUE(RunCommand("ip link set right down"));
  for (int polls = 0; polls < 3; ++polls) {
    const auto state = (*source)->Poll(count);
    ASSERT_TRUE(state.ok()) << state.status();
  }
  ASSERT_TRUE(RunCommand("ip link set right up"));
  ASSERT_TRUE(WaitUntilUp("left"));
  SendFrames("left", Frame(200), kPackets);
  const auto status = PollUntil(**source, count, [&] { return seen >= kPackets; });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(seen, kPackets);
}

TEST_P(LiveCapture, SaysThatTheInterfaceIsGone) {
  auto source = Open({.interface = "right"});
  ASSERT_TRUE(source.ok()) << source.status();
  ASSERT_TRUE(RunCommand("ip link del right"));
  const auto status = PollUntil(
      **source, [](std::span<const PacketView>) {}, [] { return false; });
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
}

TEST_P(LiveCapture, ListsTheInterfacesThereAre) {
  const auto source = Open({.interface = "eth77"});
  EXPECT_EQ(source.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(source.status().message(), "eth77: no such network interface; there are lo, right, left");
}

TEST_P(LiveCapture, SaysWhichRightIsMissing) {
  // Credentials are a thread's own only below the C library; a child process keeps the test's intact.
  const pid_t child = fork();
  if (child == 0) {
    if (setgid(65534) != 0 || setuid(65534) != 0) _exit(2);
    const auto source = Open({.interface = "right"});
    const bool named = source.status().code() == absl::StatusCode::kPermissionDenied &&
                       source.status().message().find("CAP_NET_RAW") != std::string::npos;
    _exit(named ? 0 : 1);
  }
  int result = -1;
  ASSERT_EQ(waitpid(child, &result, 0), child);
  EXPECT_EQ(result, 0);
}

}  // namespace
}  // namespace kansoku::collector
