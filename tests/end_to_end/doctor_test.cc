// SPDX-License-Identifier: Apache-2.0
//
// What the collector finds out about its machine: told to an operator, and to whoever reads the numbers.
#include <gmock/gmock.h>
#include <linux/ethtool.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>

#include "tests/end_to_end/live_system.h"
#include "tests/testing/packet_builder.h"

namespace kansoku::testing {
namespace {

using ::testing::HasSubstr;

constexpr char kMerging[] = "QUALITY_FLAG_MERGING_INTERFACE";

class Doctor : public LiveSystemTest {
 protected:
  struct Told {
    int exit_status = -1;
    std::map<std::string, nlohmann::json> findings;  // by check
  };
  static Told Ask(const std::vector<std::string>& options) {
    std::vector<std::string> command = {KANSOKU_COLLECTOR, "doctor", "--json"};
    command.insert(command.end(), options.begin(), options.end());
    const Finished run = RunProgram(command);
    Told told{.exit_status = run.exit_status, .findings = {}};
    const auto answer = nlohmann::json::parse(run.out, nullptr, false);
    EXPECT_TRUE(answer.is_object()) << run.out << run.err;
    if (!answer.is_object()) return told;
    for (const auto& finding : answer["findings"]) told.findings[finding["check"]] = finding;
    return told;
  }
  // Of the worst, as the command promises.
  static int StatusOf(const Told& told) {
    int status = 0;
    for (const auto& [check, finding] : told.findings) {
      if (finding["verdict"] == "distorts") status = std::max(status, 1);
      if (finding["verdict"] == "cannot_measure") status = 2;
    }
    return status;
  }
  std::string WriteConfig() {
    std::ofstream(dir_.File("collector.yaml"))
        << CollectorConfig("method: libpcap", "  - {point: p, interface: right}\n");
    return dir_.File("collector.yaml");
  }
  static void MergeNothing() {
    for (const uint32_t offload : {ETHTOOL_SGRO, ETHTOOL_STSO, ETHTOOL_SGSO})
      ASSERT_TRUE(SetOffload("right", offload, false));
  }
  // Whether the latest window in the store is flagged.
  bool IsFlagged(const std::string& flag) const {
    const Finished run = RunProgram({KANSOKU_CTL, "--aggregator", address_, "--json", "traffic", "--last",
                                     "10m", "--step", "1s", "--by", "none"});
    const auto answer = nlohmann::json::parse(run.out, nullptr, false);
    const auto rows = answer.value("rows", nlohmann::json::array());
    if (rows.empty()) return false;
    const auto flags = rows.back().value("flags", std::vector<std::string>());
    return std::find(flags.begin(), flags.end(), flag) != flags.end();
  }
  // Sends on, so that there are windows, until the latest is flagged or is not. At most half a minute.
  bool AwaitFlag(const std::string& flag, bool is_set) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < deadline) {
      SendFrames("left", PacketBuilder().Ethernet().Ipv4("192.0.2.1", "192.0.2.2").Udp(1, 9).Build(), 1);
      if (IsFlagged(flag) == is_set) return true;
    }
    return false;
  }
};

TEST_F(Doctor, SaysWhatDistortsAndWhatToType) {
  address_ = "127.0.0.1:1";  // of an aggregator that nobody asks
  const std::string config = WriteConfig();
  ASSERT_TRUE(SetOffload("right", ETHTOOL_SGRO, true));
  Told told = Ask({"--config", config});
  EXPECT_EQ(told.findings["merging"]["verdict"], "distorts");
  EXPECT_EQ(told.findings["merging"]["flag"], "merging_interface");
  EXPECT_THAT(told.findings["merging"]["remedy"].get<std::string>(), HasSubstr("ethtool -K right gro off"));
  EXPECT_EQ(told.exit_status, 1);
  MergeNothing();
  told = Ask({"--config", config});
  EXPECT_EQ(told.findings["merging"]["verdict"], "ok");
  EXPECT_EQ(told.exit_status, StatusOf(told));
}

TEST_F(Doctor, NeedsNoConfiguration) {
  Told told = Ask({"--interface", "right"});
  EXPECT_EQ(told.findings["presence"]["verdict"], "ok");
  EXPECT_EQ(told.findings["right"]["verdict"], "ok");
  EXPECT_EQ(told.exit_status, StatusOf(told));
  ASSERT_TRUE(RunCommand("ip link set right down"));
  told = Ask({"--interface", "right"});
  EXPECT_EQ(told.findings["presence"]["remedy"], "ip link set dev right up");
  EXPECT_EQ(told.exit_status, 2);
  EXPECT_EQ(RunProgram({KANSOKU_COLLECTOR, "doctor"}).exit_status, 2);
}

TEST_F(Doctor, PrintsForPeopleToo) {
  const Finished run = RunProgram({KANSOKU_COLLECTOR, "doctor", "--interface", "right", "--interface", "lo"});
  EXPECT_THAT(run.out, HasSubstr("right  merging"));
  EXPECT_THAT(run.out, HasSubstr("lo     merging"));
}

// Rights and system calls are given up by then, and the interface is another one in the end.
TEST_F(Doctor, ItsFindingsTravelWithEachReport) {
  ASSERT_TRUE(SetOffload("right", ETHTOOL_SGRO, true));
  ASSERT_NO_FATAL_FAILURE(StartAggregator());
  ChildProcess collector({KANSOKU_COLLECTOR, "--config", WriteConfig()});
  ASSERT_THAT(collector.WaitForLine("preflight: right: gro"), HasSubstr("packets are too few"));
  ASSERT_THAT(collector.WaitForLine("connected to"), HasSubstr(address_));
  EXPECT_TRUE(AwaitFlag(kMerging, true));
  MergeNothing();
  EXPECT_TRUE(AwaitFlag(kMerging, false));
  ASSERT_TRUE(RunCommand("ip link del right"));
  ASSERT_NE(collector.WaitForLine("waiting for it to come back"), "");
  ASSERT_TRUE(RunCommand(
      "ip link add left type veth peer name right && ip link set left up && ip link set right up"));
  ASSERT_TRUE(WaitUntilUp("left"));
  ASSERT_NE(collector.WaitForLine("right: the interface is back"), "");
  EXPECT_TRUE(AwaitFlag(kMerging, true));
  collector.Signal(SIGTERM);
  EXPECT_EQ(collector.Wait(), 0);
}

}  // namespace
}  // namespace kansoku::testing
