// SPDX-License-Identifier: Apache-2.0
//
// A collector on a live link that reads its configuration again.
#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "aggregator/store/sqlite_store.h"
#include "proto/contract/day.h"
#include "proto/contract/measurement.h"
#include "tests/end_to_end/live_system.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class Reload : public LiveSystemTest, public ::testing::WithParamInterface<const char*> {
 protected:
  void Write(const std::string& more, const std::string& capture = "") {
    std::ofstream(dir_.File("collector.yaml"))
        << CollectorConfig(capture.empty() ? GetParam() : capture, "  - {point: p, interface: right}\n")
        << more;
  }
  static void Send(int times) {
    for (uint16_t port = 1; port <= 40; ++port) {
      SendFrames("left", PacketBuilder().Ethernet().Ipv4("192.0.2.1", "198.51.100.2").Udp(port, 9).Build(),
                 times);
    }
  }
  // A subscriber's SYN to a dark address from each of so many ports, which workers share out.
  static void Probe(const std::string& dark, uint16_t ports) {
    for (uint16_t port = 1; port <= ports; ++port) {
      constexpr uint8_t kSyn = 2;
      SendFrames("left", PacketBuilder().Ethernet().Ipv4("192.0.2.1", dark).Tcp(port, 23, kSyn).Build(), 1);
    }
  }
  // Subscribers at dark addresses of all windows, by the day in Japan. Once the aggregator has stopped.
  std::map<std::string, v1::DarknetSubscribers> Infected() const {
    std::map<std::string, v1::DarknetSubscribers> days;
    auto store = aggregator::SqliteStore::Open({.path = dir_.File("store.db")});
    EXPECT_TRUE(store.ok()) << store.status();
    if (!store.ok()) return days;
    constexpr int64_t kEver = int64_t{1} << 40;
    const absl::Status scanned =
        (*store)->Scan(aggregator::Tier::kWindow, 0, kEver, {}, [&](const aggregator::Bucket& bucket) {
          const absl::CivilDay day = DayOf(absl::FromUnixSeconds(bucket.start_unix_seconds));
          Merge(bucket.measurement.darknet_subscribers(), days[DayText(day)]);
        });
    EXPECT_TRUE(scanned.ok()) << scanned;
    return days;
  }
  // Packets in the store by direction and access, as "download fixed".
  std::map<std::string, uint64_t> Packets() const {
    const Finished run = RunProgram({KANSOKU_CTL, "--aggregator", address_, "--json", "traffic", "--last",
                                     "10m", "--by", "direction,access"});
    EXPECT_EQ(run.exit_status, 0) << run.err;
    std::map<std::string, uint64_t> packets;
    const auto answer = nlohmann::json::parse(run.out, nullptr, false);
    for (const auto& row : answer.value("rows", nlohmann::json::array())) {
      const auto of = row["cell"].value("traffic_class", nlohmann::json::object());
      packets[of.value("direction", "") + " " + of.value("access", "ACCESS_NONE")] +=
          Number(row["cell"], "packets");
    }
    return packets;
  }
};

INSTANTIATE_TEST_SUITE_P(Capture, Reload,
                         ::testing::Values("method: packet_ring", "method: packet_ring, workers: 3"));

TEST_P(Reload, TellsPacketsApartAnewAndLosesNone) {
  ASSERT_NO_FATAL_FAILURE(StartAggregator());
  Write("");
  ChildProcess collector({KANSOKU_COLLECTOR, "--config", dir_.File("collector.yaml")});
  ASSERT_NE(collector.WaitForLine("connected to"), "");
  Send(30);
  ASSERT_TRUE(WaitForPackets({{"p", 1200}}));

  Write("subscribers: [{prefix: 198.51.100.0/24, access: fixed}]\n");
  collector.Signal(SIGHUP);
  EXPECT_THAT(collector.WaitForLine("configuration read again"), HasSubstr("changed: subscribers"));
  // Windows are of one second, and it holds from the one after the next on.
  uint64_t sent = 1200;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (Packets()["DIRECTION_DOWNLOAD ACCESS_FIXED"] == 0) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    Send(1);
    sent += 40;
  }
  Send(10);
  sent += 400;
  ASSERT_TRUE(WaitForPackets({{"p", sent}}));
  collector.Signal(SIGTERM);
  EXPECT_THAT(collector.WaitForLine("reports closed"), HasSubstr("0 in the spool, 0 evicted"));
  EXPECT_EQ(collector.Wait(), 0);
  ExpectCounted("p", sent);
  auto packets = Packets();
  EXPECT_GE(packets["DIRECTION_TRANSIT ACCESS_NONE"], 1200u);
  EXPECT_GE(packets["DIRECTION_DOWNLOAD ACCESS_FIXED"], 400u);
  EXPECT_EQ(packets["DIRECTION_TRANSIT ACCESS_NONE"] + packets["DIRECTION_DOWNLOAD ACCESS_FIXED"], sent);
}

TEST_P(Reload, KeepsWhichSubscribersItHasSeenAtDarkAddresses) {
  ASSERT_NO_FATAL_FAILURE(StartAggregator());
  const auto write = [this](const char* access) {
    Write(absl::StrCat("subscribers: [{prefix: 192.0.2.0/24, access: ", access,
                       "}]\ntelescopes: [{sensor: s, prefix: 203.0.113.0/24}]\n"));
  };
  write("fixed");
  ChildProcess collector({KANSOKU_COLLECTOR, "--config", dir_.File("collector.yaml")});
  ASSERT_NE(collector.WaitForLine("connected to"), "");
  Probe("203.0.113.1", 40);
  Probe("203.0.113.2", 40);
  ASSERT_TRUE(WaitForPackets({{"p", 80}}));

  write("mobile");
  collector.Signal(SIGHUP);
  EXPECT_THAT(collector.WaitForLine("configuration read again"), HasSubstr("changed: subscribers"));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (Packets()["DIRECTION_UPLOAD ACCESS_MOBILE"] == 0) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    Probe("203.0.113.3", 1);
  }
  collector.Signal(SIGTERM);
  EXPECT_THAT(collector.WaitForLine("reports closed"), HasSubstr("0 in the spool, 0 evicted"));
  EXPECT_EQ(collector.Wait(), 0);
  aggregator_.reset();
  const std::map<std::string, v1::DarknetSubscribers> infected = Infected();
  if (infected.size() > 1) GTEST_SKIP() << "midnight in Japan came between";
  ASSERT_EQ(infected.size(), 1u);
  EXPECT_EQ(infected.begin()->second.ShortDebugString(), "reached: 1 scanning: 1");
}

TEST_P(Reload, TellsTheAggregatorWhereAPointIs) {
  ASSERT_NO_FATAL_FAILURE(StartAggregator());
  const auto write = [this](const char* region) {
    std::ofstream(dir_.File("collector.yaml"))
        << CollectorConfig(GetParam(), absl::StrCat("  - {point: p, interface: right", region, "}\n"));
  };
  // Where the point is, by ListPoints: once it is as expected, or when time is up.
  const auto region = [this](const std::string& expected) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (true) {
      const Finished run = RunProgram({KANSOKU_CTL, "--aggregator", address_, "--json", "points"});
      const auto answer = nlohmann::json::parse(run.out, nullptr, false);
      const std::string told = answer["points"][0].value("region", "");
      if (told == expected || std::chrono::steady_clock::now() > deadline) return told;
    }
  };
  write("");
  ChildProcess collector({KANSOKU_COLLECTOR, "--config", dir_.File("collector.yaml")});
  ASSERT_NE(collector.WaitForLine("connected to"), "");
  EXPECT_EQ(region(""), "");
  Send(30);
  ASSERT_TRUE(WaitForPackets({{"p", 1200}}));

  write(", region: kanto");
  collector.Signal(SIGHUP);
  EXPECT_THAT(collector.WaitForLine("configuration read again"), HasSubstr("changed: links[0].region"));
  EXPECT_EQ(region("kanto"), "kanto");
  write("");
  collector.Signal(SIGHUP);
  EXPECT_EQ(region(""), "");
  collector.Signal(SIGTERM);
  EXPECT_THAT(collector.WaitForLine("reports closed"), HasSubstr("0 in the spool, 0 evicted"));
  EXPECT_EQ(collector.Wait(), 0);
  ExpectCounted("p", 1200);
}

TEST_P(Reload, KeepsTheOldOneLoudlyWhereTheNewOneIsNotValid) {
  ASSERT_NO_FATAL_FAILURE(StartAggregator());
  Write("");
  ChildProcess collector({KANSOKU_COLLECTOR, "--config", dir_.File("collector.yaml")});
  ASSERT_NE(collector.WaitForLine("connected to"), "");

  Write("subscribers: [{prefix: 198.51.100.1/24, access: fixed}]\n");
  collector.Signal(SIGHUP);
  EXPECT_THAT(collector.WaitForLine("NOT taken"),
              AllOf(HasSubstr("the one before stays in force"), HasSubstr("collector.yaml:"),
                    HasSubstr("198.51.100.1/24")));
  std::ofstream(dir_.File("collector.yaml")) << "collector: [";
  collector.Signal(SIGHUP);
  EXPECT_NE(collector.WaitForLine("NOT taken"), "");
  Write("", "method: packet_ring, snap_length: 100");
  collector.Signal(SIGHUP);
  EXPECT_THAT(collector.WaitForLine("configuration read again"), HasSubstr("wait for a restart: capture."));

  Send(30);
  ASSERT_TRUE(WaitForPackets({{"p", 1200}}));
  collector.Signal(SIGTERM);
  EXPECT_THAT(collector.WaitForLine("reports closed"), HasSubstr("0 in the spool, 0 evicted"));
  EXPECT_EQ(collector.Wait(), 0);
  ExpectCounted("p", 1200);
}

}  // namespace
}  // namespace kansoku::testing
