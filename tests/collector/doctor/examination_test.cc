// SPDX-License-Identifier: Apache-2.0
//
// What a real kernel says, and what comes of it.
#include "collector/doctor/examination.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/ethtool.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "collector/doctor/examination_watch.h"
#include "collector/doctor/flowtable_reader.h"
#include "collector/doctor/interface_reader.h"
#include "collector/doctor/machine_reader.h"
#include "tests/testing/live_network.h"
#include "tests/testing/packet_builder.h"
#include "tests/testing/xdp_drop.h"

namespace kansoku::collector {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::PacketBuilder;
using testing::RunCommand;
using testing::SendFrames;
using testing::SetOffload;
using testing::WaitUntilUp;
using testing::XdpDrop;

class Examined : public testing::LiveNetworkTest {
 protected:
  static v1::CollectorConfig Config(v1::CaptureMethod method) {
    v1::CollectorConfig config;
    config.add_links()->set_interface("right");
    config.mutable_capture()->set_method(method);
    config.mutable_capture()->set_snap_length(192);
    config.mutable_capture()->set_ring_bytes(256 << 20);
    config.mutable_capture()->set_workers(64);
    return config;
  }
  static v1::LinkConfig Link(const std::string& interface) {
    v1::LinkConfig link;
    link.set_interface(interface);
    return link;
  }
  static void MergeNothing() {
    for (const uint32_t offload : {ETHTOOL_SGRO, ETHTOOL_STSO, ETHTOOL_SGSO})
      ASSERT_TRUE(SetOffload("right", offload, false));
  }
};

TEST_F(Examined, AnInterfaceSaysWhatItIs) {
  SendFrames("left", PacketBuilder().Ethernet().Ipv6("2001:db8::1", "2001:db8::2").Udp(1, 2).Build(), 7);
  const InterfaceFacts facts = ReadInterface("right");
  EXPECT_TRUE(facts.exists);
  EXPECT_TRUE(facts.is_running);
  EXPECT_FALSE(facts.is_stacked);
  EXPECT_TRUE(facts.has_link_header);
  EXPECT_FALSE(facts.has_xdp);
  EXPECT_EQ(facts.received_packets, 7u);
  EXPECT_EQ(facts.dropped_packets, 0u);
  EXPECT_EQ(facts.megabits_per_second, 10'000u);  // as veth says
  EXPECT_EQ(facts.queues, 1u);
  EXPECT_GT(facts.features.size(), 30u);
  EXPECT_FALSE(ReadInterface("nothing").exists);
  ASSERT_TRUE(RunCommand("ip link set right down"));
  EXPECT_FALSE(ReadInterface("right").is_running);
}

TEST_F(Examined, WhatLiesOnOthersIsStacked) {
  ASSERT_TRUE(RunCommand("ip link add br0 type bridge && ip link add link right name above type macvlan"));
  EXPECT_TRUE(ReadInterface("br0").is_stacked);
  EXPECT_TRUE(ReadInterface("above").is_stacked);
  EXPECT_FALSE(ReadInterface("lo").is_stacked);
}

TEST_F(Examined, OffloadsAreReadAsTheyAre) {
  for (const bool on : {true, false}) {
    ASSERT_TRUE(SetOffload("right", ETHTOOL_SGRO, on));
    EXPECT_EQ(ReadInterface("right").features.at("rx-gro"), on);
    ASSERT_TRUE(SetOffload("right", ETHTOOL_STSO, on));
    EXPECT_EQ(ReadInterface("right").features.at("tx-tcp-segmentation"), on);
  }
}

TEST_F(Examined, MergingIsFlaggedForWhoIsNotTold) {
  ASSERT_TRUE(SetOffload("right", ETHTOOL_SGRO, true));
  const Examination libpcap(Config(v1::CAPTURE_METHOD_LIBPCAP));
  const Examination ring(Config(v1::CAPTURE_METHOD_PACKET_RING));
  EXPECT_THAT(libpcap.FlagsOf(Link("right")), Contains(v1::QUALITY_FLAG_MERGING_INTERFACE));
  EXPECT_THAT(ring.FlagsOf(Link("right")), Not(Contains(v1::QUALITY_FLAG_MERGING_INTERFACE)));
  MergeNothing();
  EXPECT_THAT(libpcap.FlagsOf(Link("right")), Not(Contains(v1::QUALITY_FLAG_MERGING_INTERFACE)));
}

TEST_F(Examined, FlagsAreOfTheInterfaceThatIsThereNow) {
  MergeNothing();
  const Examination examination(Config(v1::CAPTURE_METHOD_LIBPCAP));
  EXPECT_THAT(examination.FlagsOf(Link("right")), Not(Contains(v1::QUALITY_FLAG_MERGING_INTERFACE)));
  ASSERT_TRUE(RunCommand("ip link del right"));
  EXPECT_THAT(examination.FlagsOf(Link("right")), Not(Contains(v1::QUALITY_FLAG_MERGING_INTERFACE)));
  ASSERT_TRUE(RunCommand(
      "ip link add left type veth peer name right && ip link set left up && ip link set right up"));
  ASSERT_TRUE(WaitUntilUp("right"));
  // A new one merges what it sends, as all do.
  EXPECT_THAT(examination.FlagsOf(Link("right")), Contains(v1::QUALITY_FLAG_MERGING_INTERFACE));
}

TEST_F(Examined, AnXdpProgramIsAWayPastTheCapture) {
  const Examination examination(Config(v1::CAPTURE_METHOD_PACKET_RING));
  {
    const XdpDrop drop("right");
    EXPECT_TRUE(ReadInterface("right").has_xdp);
    EXPECT_THAT(examination.FlagsOf(Link("right")), Contains(v1::QUALITY_FLAG_BYPASS_POSSIBLE));
  }
  EXPECT_THAT(examination.FlagsOf(Link("right")), Not(Contains(v1::QUALITY_FLAG_BYPASS_POSSIBLE)));
}

TEST_F(Examined, AFlowtableIsListedAsItWasMade) {
  ASSERT_TRUE(ReadFlowtables().ok());
  EXPECT_THAT(*ReadFlowtables(), IsEmpty());
  if (!RunCommand("nft add table inet fw4 && nft 'add flowtable inet fw4 ft "
                  "{ hook ingress priority 0; devices = { left, right }; }'")) {
    GTEST_SKIP() << "this kernel has no flowtables (CONFIG_NF_FLOW_TABLE_INET), or nft is missing";
  }
  const auto tables = ReadFlowtables();
  ASSERT_TRUE(tables.ok()) << tables.status();
  ASSERT_EQ(tables->size(), 1u);
  EXPECT_EQ(tables->at(0).name, "inet fw4 ft");
  EXPECT_THAT(tables->at(0).devices, ElementsAre("left", "right"));
  EXPECT_FALSE(tables->at(0).is_in_hardware);
  // The capture of its own devices comes before it; a bridge never sees what it forwards.
  ASSERT_TRUE(RunCommand("ip link add br0 type bridge"));
  const Examination examination(Config(v1::CAPTURE_METHOD_PACKET_RING));
  EXPECT_THAT(examination.FlagsOf(Link("right")), Not(Contains(v1::QUALITY_FLAG_BYPASS_POSSIBLE)));
  EXPECT_THAT(examination.FlagsOf(Link("br0")), Contains(v1::QUALITY_FLAG_BYPASS_POSSIBLE));
}

TEST_F(Examined, TheClockIsFlaggedAsTheKernelSays) {
  const std::optional<ClockFacts> clock = ReadClock();
  ASSERT_TRUE(clock.has_value());
  const auto flags = Examination(Config(v1::CAPTURE_METHOD_PACKET_RING)).FlagsOf(Link("right"));
  EXPECT_EQ(std::count(flags.begin(), flags.end(), v1::QUALITY_FLAG_CLOCK_UNSYNCHRONISED),
            clock->is_synchronised ? 0 : 1);
}

// Of 10 Gbit/s, which is what veth says, in both directions and in one.
TEST_F(Examined, ATapNeedsHalfOfTheRoom) {
  v1::CollectorConfig config = Config(v1::CAPTURE_METHOD_PACKET_RING);
  config.mutable_capture()->set_ring_bytes(16 << 20);
  const Examination examination(config);
  v1::LinkConfig tap = Link("right");
  tap.mutable_side()->set_received(v1::DIRECTION_DOWNLOAD);
  EXPECT_THAT(examination.FlagsOf(Link("right")), Contains(v1::QUALITY_FLAG_LITTLE_HEADROOM));
  EXPECT_THAT(examination.FlagsOf(tap), Not(Contains(v1::QUALITY_FLAG_LITTLE_HEADROOM)));
}

TEST_F(Examined, EveryCheckIsMadeOnceForEachInterface) {
  v1::CollectorConfig config = Config(v1::CAPTURE_METHOD_PACKET_RING);
  config.add_links()->set_file("capture.pcap");
  config.add_links()->set_interface("nothing");
  config.mutable_spool()->set_path("/var/tmp/spool");
  std::vector<std::string> checks;
  for (const Finding& finding : Examination(config).Examine()) {
    checks.push_back(finding.interface.empty() ? finding.check : finding.interface + " " + finding.check);
    EXPECT_NE(finding.found, "");
    EXPECT_EQ(finding.verdict == Verdict::kOk, finding.remedy.empty()) << finding.check;
  }
  EXPECT_THAT(checks,
              ElementsAre("right", "clock", "snap_length", "spool_room", "right presence", "right merging",
                          "right bypass", "right vlan_tags", "right card_ring", "right queues", "right drops",
                          "right capture_ring", "right workers", "nothing presence"));
}

TEST_F(Examined, IsRepeatedForWhoeverMayNotWait) {
  v1::CollectorConfig config = Config(v1::CAPTURE_METHOD_LIBPCAP);
  v1::LinkConfig& link = *config.mutable_links(0);
  link.set_point("uplink");
  ASSERT_TRUE(SetOffload("right", ETHTOOL_SGRO, true));
  const Examination examination(config);
  const ExaminationWatch watch(examination, config, absl::Milliseconds(1));
  EXPECT_THAT(watch.FlagsOf(link), Contains(v1::QUALITY_FLAG_MERGING_INTERFACE));
  EXPECT_EQ(watch.findings().size(), examination.ExamineAgain().size());
  MergeNothing();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  const auto is_merging = [&] {
    const std::vector<v1::QualityFlag> flags = watch.FlagsOf(link);
    return std::find(flags.begin(), flags.end(), v1::QUALITY_FLAG_MERGING_INTERFACE) != flags.end();
  };
  while (is_merging() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_FALSE(is_merging());
  EXPECT_THAT(watch.FlagsOf(Link("another")), IsEmpty());
}

}  // namespace
}  // namespace kansoku::collector
