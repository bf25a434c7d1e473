// SPDX-License-Identifier: Apache-2.0
//
// A real kernel: two network namespaces with a veth pair between them, made by the test and taken down with
// it.

#include "collector/capture/live_pcap_source.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "tests/testing/packet_builder.h"

namespace kansoku::collector {
namespace {

constexpr uint16_t kMarkerType = 0x88b5;  // IEEE 802 local experimental: nothing else on the link sends it
constexpr int kPackets = 500;

bool RunCommand(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

std::vector<uint8_t> Frame(size_t octets) {
  return testing::PacketBuilder().Ethernet().Next(kMarkerType).Payload(octets - 14, 0x5a).Build();
}

bool IsMarked(const PacketView& packet) {
  return packet.bytes.size() > 14 && packet.bytes[12] == kMarkerType >> 8 &&
         packet.bytes[13] == (kMarkerType & 0xff);
}

void Send(const std::string& interface, const std::vector<uint8_t>& frame, int times) {
  const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_ifindex = static_cast<int>(if_nametoindex(interface.c_str()));
  for (int i = 0; i < times; ++i) {
    ASSERT_EQ(sendto(fd, frame.data(), frame.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to),
              static_cast<ssize_t>(frame.size()));
  }
  close(fd);
}

// Moves this thread into a network namespace of its own, and back at the end.
class LivePcapSourceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    home_ = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    const bool ready = geteuid() == 0 && unshare(CLONE_NEWNET) == 0 &&
                       RunCommand(
                           "ip link add left type veth peer name right && ip link set left up && "
                           "ip link set right up && ip link set lo up");
    if (ready) return;
    const char* ci = std::getenv("CI");
    if (ci != nullptr && std::string(ci) == "true") FAIL() << "cannot make a network namespace";
    GTEST_SKIP() << "making a network namespace needs root and ip (iproute2)";
  }
  void TearDown() override {
    if (home_ < 0) return;
    setns(home_, CLONE_NEWNET);
    close(home_);
  }

  // Polls until `done`, or fails after five seconds.
  static absl::Status PollUntil(PacketSource& source, PacketSource::Sink sink,
                                const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!done()) {
      if (std::chrono::steady_clock::now() > deadline) return absl::DeadlineExceededError("not seen in 5 s");
      if (const auto state = source.Poll(sink); !state.ok()) return state.status();
    }
    return absl::OkStatus();
  }

 private:
  int home_ = -1;
};

TEST_F(LivePcapSourceTest, SeesEveryPacketOnce) {
  auto source = LivePcapSource::Open({.interface = "right", .snap_length = 64});
  ASSERT_TRUE(source.ok()) << source.status();
  Send("left", Frame(1000), kPackets);

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
          EXPECT_EQ(packet.side, Side::kUnknown);
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
  EXPECT_EQ(stats.kernel_dropped_packets, 0u);
  EXPECT_EQ(stats.interface_dropped_packets, 0u);
}

TEST_F(LivePcapSourceTest, SeesOneSideOnly) {
  for (const Side side : {Side::kReceived, Side::kSent}) {
    auto source = LivePcapSource::Open({.interface = "right", .side = side});
    ASSERT_TRUE(source.ok()) << source.status();
    Send("left", Frame(200), kPackets);   // received by the right end
    Send("right", Frame(300), kPackets);  // sent by it
    Send("left", Frame(201), 1);          // behind all others on either side
    Send("right", Frame(301), 1);

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
  }
}

TEST_F(LivePcapSourceTest, CountsWhatTheKernelDropped) {
  auto source = LivePcapSource::Open({.interface = "right", .snap_length = 1600, .ring_bytes = 256 * 1024});
  ASSERT_TRUE(source.ok()) << source.status();
  constexpr int kFlood = 5000;  // 7 MB into a ring of 256 KiB that nobody reads
  Send("left", Frame(1400), kFlood);

  int seen = 0;
  uint64_t delivered = 0;
  const auto count = [&](std::span<const PacketView> burst) {
    for (const PacketView& packet : burst) {
      ++delivered;
      seen += IsMarked(packet);
    }
  };
  auto state = absl::StatusOr<PollState>(PollState::kMore);
  while (state.ok() && *state == PollState::kMore) state = (*source)->Poll(count);
  ASSERT_TRUE(state.ok()) << state.status();
  const CaptureStats stats = (*source)->Stats();
  EXPECT_GT(stats.kernel_dropped_packets, 0u);
  EXPECT_EQ(stats.received_packets,
            delivered + stats.kernel_dropped_packets + stats.interface_dropped_packets);
  EXPECT_LT(seen, kFlood);
  EXPECT_GE(delivered + stats.kernel_dropped_packets, uint64_t{kFlood});
}

TEST_F(LivePcapSourceTest, ReturnsFromASilentLink) {
  auto source = LivePcapSource::Open({.interface = "lo"});
  ASSERT_TRUE(source.ok()) << source.status();
  const auto state = (*source)->Poll([](std::span<const PacketView>) { FAIL() << "nobody sends"; });
  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_EQ(*state, PollState::kIdle);
}

TEST_F(LivePcapSourceTest, GoesOnWhenTheInterfaceIsUpAgain) {
  auto source = LivePcapSource::Open({.interface = "right"});
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
  const auto status = PollUntil(**source, count, [&] {
    if (seen == 0) Send("right", Frame(200), 1);
    return seen > 0;
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(LivePcapSourceTest, SaysThatTheInterfaceIsGone) {
  auto source = LivePcapSource::Open({.interface = "right"});
  ASSERT_TRUE(source.ok()) << source.status();
  ASSERT_TRUE(RunCommand("ip link del right"));
  const auto status = PollUntil(
      **source, [](std::span<const PacketView>) {}, [] { return false; });
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
}

TEST_F(LivePcapSourceTest, ListsTheInterfacesThereAre) {
  const auto source = LivePcapSource::Open({.interface = "eth77"});
  EXPECT_EQ(source.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(source.status().message(), "eth77: no such network interface; there are lo, right, left");
}

TEST_F(LivePcapSourceTest, SaysWhichRightIsMissing) {
  // Credentials are a thread's own only below the C library; a child process keeps the test's intact.
  const pid_t child = fork();
  if (child == 0) {
    if (setgid(65534) != 0 || setuid(65534) != 0) _exit(2);
    const auto source = LivePcapSource::Open({.interface = "right"});
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
