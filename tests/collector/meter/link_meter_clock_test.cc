// SPDX-License-Identifier: Apache-2.0
//
// A live link whose clock is set while it is watched.
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "tests/collector/meter/metering.h"

namespace kansoku::collector {
namespace {

LinkMeterOptions LiveOptions() {
  return {.point = "uplink", .flow_table_entries = 1024, .every_window = true, .statistics = false};
}

struct Reported {
  int64_t start;  // seconds after kStart
  uint64_t packets;
  std::vector<int> flags;
  bool operator==(const Reported&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Reported& r) {
  out << r.start << ": " << r.packets << " packets";
  for (const int flag : r.flags) out << " " << v1::QualityFlag_Name(static_cast<v1::QualityFlag>(flag));
  return out;
}

class LinkMeterClock : public ::testing::Test {
 protected:
  // A packet of such a time, in seconds after kStart, that is counted when the clocks say this.
  void Count(double at, double now, double steady) {
    metering_.stats().read_at =
        ClockReading{.unix_ns = Ns(now), .steady_ns = static_cast<int64_t>(steady * 1e9)};
    metering_.Count(UdpPacket(4, Ns(at)));
  }
  static int64_t Ns(double after_start) { return kStartNs + static_cast<int64_t>(after_start * 1e9); }

  std::vector<Reported> Finish() {
    metering_.Finish();
    std::vector<Reported> reported;
    for (const v1::WindowReport& report : metering_.reports()) {
      const v1::Measurement& measurement = report.measurement();
      reported.push_back({report.window_start_unix_seconds() - kStart,
                          measurement.ledger().captured_packets(),
                          {measurement.flags().begin(), measurement.flags().end()}});
    }
    return reported;
  }

  Metering metering_{LiveOptions()};
};

constexpr int kPartial = v1::QUALITY_FLAG_PARTIAL;
constexpr int kLate = v1::QUALITY_FLAG_LATE_PACKETS;

TEST_F(LinkMeterClock, WindowsThatDidNotElapseAreNotReported) {
  Count(0, 0, 50);
  Count(12, 12, 62);
  Count(3613, 3613, 63);
  Count(3621, 3621, 71);
  EXPECT_EQ(Finish(), (std::vector<Reported>{
                          {0, 1, {}}, {10, 1, {kPartial}}, {3610, 1, {kPartial}}, {3620, 1, {kPartial}}}));
}

TEST_F(LinkMeterClock, WindowsThatElapsedInAStallAreReported) {
  Count(0, 0, 50);
  Count(41, 100, 150);
  Count(93, 100, 150);
  EXPECT_EQ(Finish(), (std::vector<Reported>{{0, 1, {}},
                                             {10, 0, {}},
                                             {20, 0, {}},
                                             {30, 0, {}},
                                             {40, 1, {}},
                                             {50, 0, {}},
                                             {60, 0, {}},
                                             {70, 0, {}},
                                             {80, 0, {}},
                                             {90, 1, {kPartial}}}));
}

TEST_F(LinkMeterClock, FollowsAClockThatWasSetBack) {
  Count(0, 0, 50);
  Count(12, 12, 62);
  Count(-3586, -3586, 64);
  Count(-3579, -3579, 71);
  Count(-3569, -3569, 81);
  EXPECT_EQ(
      Finish(),
      (std::vector<Reported>{
          {0, 1, {}}, {10, 1, {kPartial}}, {-3590, 1, {kPartial}}, {-3580, 1, {}}, {-3570, 1, {kPartial}}}));
}

TEST_F(LinkMeterClock, APacketIsLateUpToTwoSeconds) {
  Count(0, 0, 50);
  Count(12, 12, 62);
  Count(8, 12, 62);
  Count(7.999, 12, 62);
  EXPECT_EQ(Finish(), (std::vector<Reported>{{0, 1, {}}, {10, 2, {kPartial, kLate}}, {0, 1, {kPartial}}}));
}

TEST_F(LinkMeterClock, NoFlowOutlivesAClockThatWasSetBack) {
  Count(12, 12, 62);
  Count(-3586, -3586, 64);
  metering_.Finish();
  ASSERT_EQ(metering_.reports().size(), 2u);
  for (const v1::WindowReport& report : metering_.reports())
    EXPECT_EQ(report.measurement().cells(0).new_flows(), 1u);
}

TEST_F(LinkMeterClock, AnyTimeMayComeFirst) {
  metering_.Count(UdpPacket(4, std::numeric_limits<int64_t>::min()));
  EXPECT_FALSE(metering_.meter().EndsBefore(std::numeric_limits<int64_t>::min()));
  EXPECT_TRUE(metering_.meter().EndsBefore(std::numeric_limits<int64_t>::max()));
}

}  // namespace
}  // namespace kansoku::collector
