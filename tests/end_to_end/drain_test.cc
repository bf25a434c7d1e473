// SPDX-License-Identifier: Apache-2.0
//
// A collector on a live link that is told to stop, with an aggregator that is there, gone, or hanging: what
// it counted is in the store in the end, once.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/end_to_end/live_system.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::testing {
namespace {

using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Drain : public LiveSystemTest {
 protected:
  static void Send(int times) {
    SendFrames("left", PacketBuilder().Ethernet().Ipv4("192.0.2.1", "198.51.100.2").Udp(1, 9).Build(), times);
  }
  struct Window {
    uint64_t packets;
    std::vector<std::string> flags;
  };
  // Those in the store that are over and have packets, the latest last.
  std::vector<Window> Windows() const {
    const Finished run = RunProgram({KANSOKU_CTL, "--aggregator", address_, "--json", "traffic", "--last",
                                     "10m", "--step", "1s", "--by", "none"});
    EXPECT_EQ(run.exit_status, 0) << run.err;
    std::vector<Window> windows;
    const auto answer = nlohmann::json::parse(run.out, nullptr, false);
    for (const auto& row : answer.value("rows", nlohmann::json::array())) {
      auto flags = row.value("flags", std::vector<std::string>());
      // What the preflight found of the machine is in every window.
      std::erase(flags, "QUALITY_FLAG_CLOCK_UNSYNCHRONISED");
      std::erase(flags, "QUALITY_FLAG_LITTLE_HEADROOM");
      windows.push_back({Number(row["cell"], "packets"), std::move(flags)});
    }
    return windows;
  }
  // As soon as they are as wanted, at the latest after half a minute.
  std::vector<Window> AwaitWindows(const std::function<bool(const std::vector<Window>&)>& wanted) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    std::vector<Window> windows = Windows();
    while (!wanted(windows) && std::chrono::steady_clock::now() < deadline) windows = Windows();
    return windows;
  }
};

TEST_F(Drain, TheOpenWindowIsSentAsPartial) {
  ASSERT_NO_FATAL_FAILURE(StartAggregator());
  const auto collector = StartCollector();
  // The first window is partial too: one that was watched from its start to its end comes before the last.
  uint64_t sent = 0;
  AwaitWindows([&](const std::vector<Window>& windows) {
    Send(1);
    ++sent;
    return std::any_of(windows.begin(), windows.end(),
                       [](const Window& window) { return window.flags.empty(); });
  });
  // All of it within one window, the one that the stop cuts off.
  while (absl::ToUnixMillis(absl::Now()) % 1000 > 500) std::this_thread::yield();
  Send(100);
  sent += 100;
  collector->Signal(SIGTERM);
  EXPECT_THAT(collector->WaitForLine("reports closed"), HasSubstr("0 in the spool, 0 evicted"));
  EXPECT_EQ(collector->Wait(), 0);
  ExpectCounted("p", sent);
  const auto windows = AwaitWindows([&](const std::vector<Window>& told) {
    uint64_t packets = 0;
    for (const Window& window : told) packets += window.packets;
    return packets == sent;
  });
  ASSERT_GE(windows.size(), 2u);
  EXPECT_THAT(windows[windows.size() - 2].flags, IsEmpty());
  EXPECT_THAT(windows.back().flags, ElementsAre("QUALITY_FLAG_PARTIAL"));
}

TEST_F(Drain, WithoutAnAggregatorTheSpoolKeepsItForTheNextRun) {
  ASSERT_NO_FATAL_FAILURE(StartAggregator());
  auto collector = StartCollector();
  aggregator_.reset();
  Send(100);
  collector->Signal(SIGTERM);
  EXPECT_THAT(collector->WaitForLine("reports closed"), ContainsRegex("[1-9][0-9]* in the spool, 0 evicted"));
  EXPECT_EQ(collector->Wait(), 0);
  ASSERT_NO_FATAL_FAILURE(StartAggregator());
  collector = StartCollector();
  ASSERT_TRUE(WaitForPackets({{"p", 100}}));
  collector->Signal(SIGTERM);
  EXPECT_THAT(collector->WaitForLine("reports closed"), HasSubstr("0 in the spool, 0 evicted"));
  EXPECT_EQ(collector->Wait(), 0);
  ExpectCounted("p", 100);
}

TEST_F(Drain, AnAggregatorThatHangsHoldsItUpForATimeOnlyAndNothingCountsTwice) {
  ASSERT_NO_FATAL_FAILURE(StartAggregator());
  auto collector = StartCollector();
  aggregator_->Signal(SIGSTOP);
  Send(100);
  collector->Signal(SIGTERM);
  EXPECT_THAT(collector->WaitForLine("reports closed"), ContainsRegex("[1-9][0-9]* in the spool, 0 evicted"));
  EXPECT_EQ(collector->Wait(), 0);
  // By now it may have received, and goes on to commit, what was never acknowledged.
  aggregator_->Signal(SIGCONT);
  collector = StartCollector();
  ASSERT_TRUE(WaitForPackets({{"p", 100}}));
  collector->Signal(SIGTERM);
  EXPECT_THAT(collector->WaitForLine("reports closed"), HasSubstr("0 in the spool, 0 evicted"));
  EXPECT_EQ(collector->Wait(), 0);
  ExpectCounted("p", 100);
}

}  // namespace
}  // namespace kansoku::testing
