// SPDX-License-Identifier: Apache-2.0
//
// That packets are told apart in another way from some window on.
#include <gtest/gtest.h>

#include "tests/collector/meter/metering.h"

namespace kansoku::collector {
namespace {

constexpr v1::Direction kBefore = v1::DIRECTION_TRANSIT, kAfter = v1::DIRECTION_DOWNLOAD;

class LinkMeterReclassify : public ::testing::Test {
 protected:
  // A packet of the one flow; the classifier answers as it stands by then.
  void Count(int64_t seconds) {
    const DecodedPacket packet = UdpPacket(4, kStartNs + seconds * kNsPerSecond);
    if (meter().EndsBefore(packet.captured_unix_ns)) meter().Advance(packet.captured_unix_ns, {}, 0);
    CountOne(meter(), packet, [this](const DecodedPacket&) { return ClassOf(4, direction_); });
  }
  void ReclassifyFrom(int64_t seconds) {
    meter().Reclassify({.from_unix_seconds = kStart + seconds,
                        .sensors = {"east"},
                        .address_seconds = SecondsOfOneAddress,
                        .taken = [this] { direction_ = kAfter; }});
  }
  // "10: transit 2/1/0" is the window that begins then, with two packets and one flow of that class, no new
  // one.
  std::string Cells() const {
    std::string cells;
    for (const v1::WindowReport& report : metering_.reports()) {
      cells += std::to_string(report.window_start_unix_seconds() - kStart) + ":";
      for (const v1::Cell& cell : report.measurement().cells()) {
        cells += (cell.traffic_class().direction() == kBefore ? " transit " : " download ") +
                 std::to_string(cell.packets()) + "/" + std::to_string(cell.flows()) + "/" +
                 std::to_string(cell.new_flows());
      }
      cells += report.measurement().darknet_size() > 0 ? " monitored\n" : "\n";
    }
    return cells;
  }

  LinkMeter& meter() { return metering_.meter(); }

  Metering metering_{{.point = "uplink", .flow_table_entries = 16, .statistics = false}};
  v1::Direction direction_ = kBefore;
};

TEST_F(LinkMeterReclassify, HoldsFromTheFirstWindowOnThatBeginsThen) {
  Count(1);
  ReclassifyFrom(20);
  Count(9);
  Count(19);
  Count(20);
  Count(29);
  Count(31);
  metering_.Finish();
  // The flow goes on: it is new once.
  EXPECT_EQ(
      Cells(),
      "0: transit 2/1/1\n10: transit 1/1/0\n20: download 2/1/0 monitored\n30: download 1/1/0 monitored\n");
}

TEST_F(LinkMeterReclassify, AFlowStaysInTheClassOfItsFirstPacketsWay) {
  const auto count = [this](DecodedPacket packet, Side side) {
    packet.side = side;
    if (meter().EndsBefore(packet.captured_unix_ns)) meter().Advance(packet.captured_unix_ns, {}, 0);
    CountOne(meter(), packet, [](const DecodedPacket& asked) {
      const bool is_forward =
          asked.source == HostAt(4, 1) && asked.source_port == 1000 && asked.side == Side::kReceived;
      return ClassOf(4, is_forward ? v1::DIRECTION_DOWNLOAD : v1::DIRECTION_TRANSIT);
    });
  };
  count(UdpPacket(4, kStartNs), Side::kReceived);
  ReclassifyFrom(10);
  count(Reversed(UdpPacket(4, kStartNs + 11 * kNsPerSecond)), Side::kSent);
  count(UdpPacket(4, kStartNs + 12 * kNsPerSecond), Side::kReceived);
  count(Reversed(UdpPacket(4, kStartNs + 21 * kNsPerSecond)), Side::kSent);
  metering_.Finish();
  EXPECT_EQ(Cells(),
            "0: download 1/1/1\n10: download 1/1/0 transit 1/0/0 monitored\n"
            "20: download 0/1/0 transit 1/0/0 monitored\n");
}

TEST_F(LinkMeterReclassify, HoldsWhereAClockWasSetBackBeforeThat) {
  Count(15);
  ReclassifyFrom(20);
  meter().Advance(kStartNs - 3600 * kNsPerSecond, metering_.stats(), 0);
  EXPECT_EQ(direction_, kAfter);
}

TEST_F(LinkMeterReclassify, OfTwoEachHoldsFromItsOwnWindowOn) {
  Count(1);
  ReclassifyFrom(10);
  std::vector<int> taken;
  meter().Reclassify({.from_unix_seconds = kStart + 20, .taken = [&] { taken.push_back(20); }});
  Count(11);
  EXPECT_EQ(direction_, kAfter);
  EXPECT_TRUE(taken.empty());
  Count(21);
  EXPECT_EQ(taken, std::vector{20});
}

TEST_F(LinkMeterReclassify, OfTwoThatAreDueTheLaterOneHolds) {
  Count(1);
  ReclassifyFrom(10);
  meter().Reclassify({.from_unix_seconds = kStart + 20, .taken = [] {}});
  Count(21);
  EXPECT_EQ(direction_, kBefore);
}

TEST_F(LinkMeterReclassify, TheLatestWordOnAWindowHolds) {
  Count(1);
  meter().Reclassify({.from_unix_seconds = kStart + 20, .taken = [] { FAIL(); }});
  ReclassifyFrom(10);
  Count(11);
  EXPECT_EQ(direction_, kAfter);
  Count(21);
}

}  // namespace
}  // namespace kansoku::collector
