// SPDX-License-Identifier: Apache-2.0
//
// The programs on live links: from frames on two interfaces to what kansokuctl says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/testing/child_process.h"
#include "tests/testing/live_network.h"
#include "tests/testing/packet_builder.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

using ::testing::HasSubstr;

class LivePrograms : public LiveNetworkTest, public ::testing::WithParamInterface<const char*> {
 protected:
  // The ledger of each point, as kansokuctl prints it.
  std::map<std::string, nlohmann::json> Ledgers() const {
    const Finished run = RunProgram({KANSOKU_CTL, "--aggregator", address_, "--json", "ledger"});
    EXPECT_EQ(run.exit_status, 0) << run.err;
    std::map<std::string, nlohmann::json> ledgers;
    const auto answer = nlohmann::json::parse(run.out, nullptr, false);
    if (!answer.is_object() || !answer.contains("collectors")) return ledgers;
    for (const auto& collector : answer["collectors"]) {
      if (!collector.contains("points")) continue;
      for (const auto& point : collector["points"]) ledgers[point["point"]] = point["ledger"];
    }
    return ledgers;
  }
  static uint64_t Number(const nlohmann::json& ledger, const char* name) {
    return ledger.contains(name) ? std::stoull(ledger[name].get<std::string>()) : 0;
  }

  std::string address_;
  TempDir dir_;
};

INSTANTIATE_TEST_SUITE_P(Capture, LivePrograms,
                         ::testing::Values("method: libpcap", "method: packet_ring",
                                           "method: packet_ring, workers: 3, cpus: [0]"));

TEST_P(LivePrograms, CountTwoLinksToThePacket) {
  ASSERT_TRUE(
      RunCommand("ip link add near type veth peer name far && ip link set near up && ip link set far up"));
  ASSERT_TRUE(WaitUntilUp("near") && WaitUntilUp("far"));
  std::ofstream(dir_.File("aggregator.yaml"))
      << "listen: 127.0.0.1:0\nmetrics_listen: 127.0.0.1:0\nstore_path: " << dir_.File("store.db") << "\n";
  ChildProcess aggregator({KANSOKU_AGGREGATOR, "--config", dir_.File("aggregator.yaml")});
  const std::string line = aggregator.WaitForLine("listening:");
  const size_t at = line.find("127.0.0.1:");
  ASSERT_NE(at, std::string::npos) << line;
  address_ = line.substr(at, line.find(',') - at);
  std::ofstream(dir_.File("collector.yaml"))
      << "collector: c\nisp: i\nwindow_seconds: 1\naggregator: {address: \"" << address_
      << "\"}\nspool: {path: " << dir_.File("spool.db") << "}\ncapture: {ring_bytes: 8388608, " << GetParam()
      << "}\nlinks:\n"
         "  - {point: subscribers, interface: right, side: {received: upload, sent: download}}\n"
         "  - {point: tap, interface: far, side: {received: download}}\n";
  ChildProcess collector({KANSOKU_COLLECTOR, "--config", dir_.File("collector.yaml")});
  ASSERT_THAT(collector.WaitForLine("connected to"), HasSubstr(address_));

  for (uint16_t port = 1; port <= 40; ++port) {
    const auto v4 = PacketBuilder().Ethernet().Ipv4("192.0.2.1", "192.0.2.2").Udp(port, 9).Build();
    const auto v6 = PacketBuilder().Ethernet().Ipv6("2001:db8::2", "2001:db8::1").Udp(9, port).Build();
    SendFrames("left", v4, 30);
    SendFrames("right", v6, 20);
    SendFrames("near", v6, 10);
    SendFrames("far", v4, 5);  // a tap does not count what it sends
  }
  const std::map<std::string, uint64_t> expected = {{"subscribers", 40 * 50}, {"tap", 40 * 10}};
  const auto all_there = [&] {
    const auto ledgers = Ledgers();
    return std::all_of(expected.begin(), expected.end(), [&](const auto& point) {
      const auto found = ledgers.find(point.first);
      return found != ledgers.end() && Number(found->second, "captured_packets") >= point.second;
    });
  };
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (!all_there()) ASSERT_LT(absl::Now(), deadline);
  collector.Signal(SIGTERM);
  EXPECT_THAT(collector.WaitForLine("reports closed"), HasSubstr("0 in the spool, 0 evicted"));
  EXPECT_EQ(collector.Wait(), 0);
  for (const auto& [point, packets] : expected) {
    const nlohmann::json ledger = Ledgers()[point];
    EXPECT_EQ(Number(ledger, "captured_packets"), packets) << point;
    EXPECT_EQ(Number(ledger, "received_packets"), packets) << point;
    EXPECT_EQ(Number(ledger, "nic_packets"), packets) << point;
    EXPECT_EQ(Number(ledger, "tap_packets"), packets) << point;
  }
}

}  // namespace
}  // namespace kansoku::testing
