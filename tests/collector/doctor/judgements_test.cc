// SPDX-License-Identifier: Apache-2.0
#include "collector/doctor/judgements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kansoku::collector {
namespace {

using ::testing::HasSubstr;

const absl::StatusOr<std::vector<Flowtable>> kNoFlowtables = std::vector<Flowtable>();

InterfaceFacts Card(uint64_t megabits = 0) {
  return {
      .name = "eth0", .exists = true, .is_running = true, .features = {}, .megabits_per_second = megabits};
}

InterfaceFacts CardWith(const std::string& feature) {
  InterfaceFacts facts = Card();
  facts.features[feature] = true;
  return facts;
}

v1::CaptureConfig Capture() {
  v1::CaptureConfig capture;
  capture.set_method(v1::CAPTURE_METHOD_PACKET_RING);
  capture.set_snap_length(192);
  capture.set_ring_bytes(32 << 20);
  capture.set_workers(1);
  return capture;
}

void ExpectOk(const Finding& finding) {
  EXPECT_EQ(finding.verdict, Verdict::kOk) << finding.found;
  EXPECT_EQ(finding.flag, v1::QUALITY_FLAG_UNSPECIFIED);
  EXPECT_EQ(finding.remedy, "");
  EXPECT_NE(finding.found, "");
}

void ExpectDistorts(const Finding& finding, v1::QualityFlag flag, const std::string& remedy) {
  EXPECT_EQ(finding.verdict, Verdict::kDistorts) << finding.found;
  EXPECT_EQ(finding.flag, flag);
  EXPECT_EQ(finding.remedy, remedy);
  EXPECT_NE(finding.meaning, "");
}

void ExpectNote(const Finding& finding, const std::string& remedy) {
  EXPECT_EQ(finding.verdict, Verdict::kNote) << finding.found;
  EXPECT_EQ(finding.flag, v1::QUALITY_FLAG_UNSPECIFIED);
  EXPECT_EQ(finding.remedy, remedy);
}

TEST(Presence, WhatIsNotThereOrDownCannotBeMeasured) {
  ExpectOk(JudgePresence(Card()));
  InterfaceFacts down = Card();
  down.is_running = false;
  EXPECT_EQ(JudgePresence(down).verdict, Verdict::kCannotMeasure);
  EXPECT_EQ(JudgePresence(down).remedy, "ip link set dev eth0 up");
  EXPECT_EQ(JudgePresence({.name = "eth9"}).verdict, Verdict::kCannotMeasure);
}

TEST(Merging, OfWhichTheKernelTellsHowManyIsNoHarmToAPacketRing) {
  for (const char* feature : {"rx-gro", "rx-gro-hw", "tx-tcp-segmentation", "tx-generic-segmentation"})
    ExpectOk(JudgeMerging(CardWith(feature), v1::CAPTURE_METHOD_PACKET_RING));
  ExpectOk(JudgeMerging(Card(), v1::CAPTURE_METHOD_LIBPCAP));
}

TEST(Merging, ByLroNeedNotSayHowMany) {
  ExpectDistorts(JudgeMerging(CardWith("rx-lro"), v1::CAPTURE_METHOD_PACKET_RING),
                 v1::QUALITY_FLAG_MERGING_INTERFACE, "ethtool -K eth0 lro off");
}

TEST(Merging, IsNeverToldToLibpcap) {
  for (const auto& [feature, word] :
       {std::pair("rx-gro", "gro"), std::pair("rx-lro", "lro"), std::pair("rx-gro-hw", "rx-gro-hw"),
        std::pair("tx-tcp-segmentation", "tso")}) {
    ExpectDistorts(JudgeMerging(CardWith(feature), v1::CAPTURE_METHOD_LIBPCAP),
                   v1::QUALITY_FLAG_MERGING_INTERFACE,
                   std::string("capture: {method: packet_ring}, or ethtool -K eth0 ") + word + " off");
  }
  InterfaceFacts both = CardWith("rx-gro");
  both.features["tx-tcp-segmentation"] = both.features["tx-tcp6-segmentation"] = true;
  EXPECT_EQ(JudgeMerging(both, v1::CAPTURE_METHOD_LIBPCAP).remedy,
            "capture: {method: packet_ring}, or ethtool -K eth0 gro off tso off");
}

TEST(Merging, WithoutALinkHeaderIsSeenByItsSizeOnly) {
  InterfaceFacts tunnel = CardWith("rx-gro");
  tunnel.has_link_header = false;
  ExpectNote(JudgeMerging(tunnel, v1::CAPTURE_METHOD_PACKET_RING), "capture from the interface below it");
}

TEST(Bypass, IsAnXdpProgram) {
  ExpectOk(JudgeBypass(Card(), kNoFlowtables));
  InterfaceFacts facts = Card();
  facts.has_xdp = true;
  ExpectDistorts(JudgeBypass(facts, kNoFlowtables), v1::QUALITY_FLAG_BYPASS_POSSIBLE,
                 "ip link set dev eth0 xdp off");
}

TEST(Bypass, IsACardThatForwardsByItself) {
  ExpectDistorts(JudgeBypass(CardWith("hw-tc-offload"), kNoFlowtables), v1::QUALITY_FLAG_BYPASS_POSSIBLE,
                 "ethtool -K eth0 hw-tc-offload off");
}

TEST(Bypass, IsAFlowtableInHardwareForItsDevicesAndWhatLiesOnThem) {
  const absl::StatusOr<std::vector<Flowtable>> tables =
      std::vector<Flowtable>{{.name = "inet fw4 ft", .devices = {"eth0", "eth1"}, .is_in_hardware = true}};
  const Finding of_device = JudgeBypass(Card(), tables);
  EXPECT_EQ(of_device.flag, v1::QUALITY_FLAG_BYPASS_POSSIBLE);
  EXPECT_EQ(of_device.found, "flowtable inet fw4 ft lets hardware forward packets of eth0, eth1");
  InterfaceFacts bridge = Card();
  bridge.name = "br-lan";
  ExpectOk(JudgeBypass(bridge, tables));
  bridge.is_stacked = true;
  EXPECT_EQ(JudgeBypass(bridge, tables).flag, v1::QUALITY_FLAG_BYPASS_POSSIBLE);
}

TEST(Bypass, IsAFlowtableInSoftwareForWhatLiesOnItsDevicesAlone) {
  const absl::StatusOr<std::vector<Flowtable>> tables =
      std::vector<Flowtable>{{.name = "inet fw4 ft", .devices = {"eth0", "eth1"}}};
  ExpectOk(JudgeBypass(Card(), tables));  // the capture comes first
  InterfaceFacts ppp = Card();
  ppp.name = "ppp0";
  ppp.is_stacked = true;
  const Finding finding = JudgeBypass(ppp, tables);
  EXPECT_EQ(finding.flag, v1::QUALITY_FLAG_BYPASS_POSSIBLE);
  EXPECT_THAT(finding.remedy, HasSubstr("capture from eth0, eth1"));
}

TEST(Bypass, ThatCannotBeAskedForIsSaid) {
  ExpectNote(JudgeBypass(Card(), absl::PermissionDeniedError("netlink")),
             "sudo kansoku-collector doctor --interface eth0");
}

TEST(VlanTags, ArePutBackWhereTheCardTookThemOff) {
  ExpectOk(JudgeVlanTags(Card()));
  ExpectOk(JudgeVlanTags(CardWith("rx-vlan-hw-parse")));
  EXPECT_NE(JudgeVlanTags(Card()).found, JudgeVlanTags(CardWith("rx-vlan-hw-parse")).found);
}

// At 10 Gbit/s 1.594 million packets of 784 octets come in a second, of each side.
TEST(CardRing, MustRideOutAnInterruptAtFullSpeed) {
  InterfaceFacts facts = Card(10'000);
  ExpectOk(JudgeCardRing(facts));  // it does not say how large it is
  facts.queues = 1;
  facts.most_ring_packets = 4096;
  facts.ring_packets = 256;  // 161 us
  ExpectDistorts(JudgeCardRing(facts), v1::QUALITY_FLAG_LITTLE_HEADROOM, "ethtool -G eth0 rx 4096");
  EXPECT_EQ(JudgeCardRing(facts).found, "its ring has room for 256 packets, 0.16 ms at full speed");
  facts.ring_packets = 512;
  ExpectNote(JudgeCardRing(facts), "ethtool -G eth0 rx 4096");
  facts.ring_packets = 2048;
  ExpectOk(JudgeCardRing(facts));
  facts.ring_packets = facts.most_ring_packets = 256;  // nothing can be done about it
  ExpectOk(JudgeCardRing(facts));
  facts.most_ring_packets = 4096;
  facts.queues = 8;
  ExpectOk(JudgeCardRing(facts));
}

TEST(CaptureRing, MustRideOutAPauseOfTheCollectorAtFullSpeed) {
  ExpectOk(JudgeCaptureRing(Card(), Capture(), 2));
  const Finding ten = JudgeCaptureRing(Card(10'000), Capture(), 2);
  ExpectOk(ten);
  EXPECT_EQ(ten.found, "capture.ring_bytes rides out 35 ms at full speed");
  ExpectDistorts(JudgeCaptureRing(Card(25'000), Capture(), 2), v1::QUALITY_FLAG_LITTLE_HEADROOM,
                 "capture: {ring_bytes: 49283072}");
  v1::CaptureConfig large = Capture();
  large.set_ring_bytes(49'283'072);
  ExpectOk(JudgeCaptureRing(Card(25'000), large, 2));
  v1::CaptureConfig whole = Capture();
  whole.set_snap_length(65'535);
  ExpectDistorts(JudgeCaptureRing(Card(10'000), whole, 2), v1::QUALITY_FLAG_LITTLE_HEADROOM,
                 "capture: {ring_bytes: 57671680}");
}

TEST(Workers, MustKeepUpWithFullSpeed) {
  ExpectOk(JudgeWorkers(Card(), Capture(), 2, 1));
  EXPECT_EQ(JudgeWorkers(Card(10'000), Capture(), 2, 4).found,
            "full speed takes 42 % of one processor, and 1 may work on it");
  ExpectDistorts(JudgeWorkers(Card(25'000), Capture(), 2, 4), v1::QUALITY_FLAG_LITTLE_HEADROOM,
                 "capture: {method: packet_ring, workers: 2}");
  v1::CaptureConfig two = Capture();
  two.set_workers(2);
  ExpectOk(JudgeWorkers(Card(25'000), two, 2, 4));
  ExpectDistorts(JudgeWorkers(Card(100'000), two, 2, 2), v1::QUALITY_FLAG_LITTLE_HEADROOM,
                 "a machine with 6 processors, or capture: {sampling_interval: N}");
  // Workers that have no processor of their own do not help.
  EXPECT_EQ(JudgeWorkers(Card(25'000), two, 2, 1).verdict, Verdict::kDistorts);
}

TEST(Queues, OfAFastCardShouldBeSeveral) {
  InterfaceFacts facts = Card(10'000);
  ExpectOk(JudgeQueues(facts));
  facts.queues = 1;
  facts.most_queues = 8;
  ExpectNote(JudgeQueues(facts), "ethtool -L eth0 combined 8");
  facts.megabits_per_second = 1000;
  ExpectOk(JudgeQueues(facts));
}

TEST(Drops, OfTheCardAreTold) {
  ExpectOk(JudgeDrops(Card()));
  InterfaceFacts facts = Card();
  facts.dropped_packets = 3;
  facts.received_packets = 1000;
  facts.ring_packets = 256;
  facts.most_ring_packets = 4096;
  ExpectNote(JudgeDrops(facts), "ethtool -G eth0 rx 4096");
  EXPECT_EQ(JudgeDrops(facts).found, "the card has dropped 3 packets beside the 1000 it received");
}

TEST(SnapLength, MustHoldTheHeadersOfATunnel) {
  ExpectOk(JudgeSnapLength(Capture()));
  v1::CaptureConfig less = Capture();
  less.set_snap_length(96);
  ExpectNote(JudgeSnapLength(less), "capture: {snap_length: 192}");
}

TEST(Clock, MustBeKeptRight) {
  const Finding right = JudgeClock(ClockFacts{.is_synchronised = true, .most_error_microseconds = 1'500});
  ExpectOk(right);
  EXPECT_EQ(right.found, "the clock is kept right, within 2 ms");
  ExpectNote(JudgeClock(ClockFacts{.is_synchronised = true, .most_error_microseconds = 600'000}),
             "chronyc sources, and give it a nearer one");
  ExpectDistorts(JudgeClock(ClockFacts{}), v1::QUALITY_FLAG_CLOCK_UNSYNCHRONISED, "apt-get install chrony");
  EXPECT_EQ(JudgeClock(std::nullopt).verdict, Verdict::kNote);
}

TEST(Right, WithoutItNothingIsMeasured) {
  ExpectOk(JudgeRight(absl::OkStatus()));
  EXPECT_EQ(JudgeRight(absl::PermissionDeniedError("a packet socket")).verdict, Verdict::kCannotMeasure);
}

TEST(SpoolRoom, MustHoldWhatTheSpoolMayTake) {
  v1::SpoolConfig spool;
  spool.set_path("/var/lib/kansoku/spool");
  spool.set_max_bytes(1 << 30);
  ExpectOk(JudgeSpoolRoom(spool, {.bytes = 1 << 20, .free_bytes = 1 << 30}));
  ExpectNote(JudgeSpoolRoom(spool, {.bytes = 2 << 20, .free_bytes = 100 << 20}),
             "spool: {max_bytes: 53477376}, or more disk");
  EXPECT_EQ(JudgeSpoolRoom(spool, {}).verdict, Verdict::kCannotMeasure);
}

}  // namespace
}  // namespace kansoku::collector
