// SPDX-License-Identifier: Apache-2.0
#include "collector/link_worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stop_token>
#include <vector>

#include "proto/contract/window.h"
#include "tests/collector/classify/planning.h"
#include "tests/collector/meter/metering.h"
#include "tests/testing/scripted_source.h"

namespace kansoku::collector {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::ScriptedSource;

constexpr int64_t kStart = 1'700'000'400;  // of a window

int64_t At(double seconds_after_start) {
  return kStart * kNanosecondsPerSecond + static_cast<int64_t>(seconds_after_start * 1e9);
}

// A live link with windows of ten seconds whose polls and clocks are written down. Times are in seconds after
// the start of the first window, at which the link is opened.
class LinkWorkerTest : public ::testing::Test {
 protected:
  // The next poll: when it returns, and what it hands over; nothing: silence.
  void Poll(double at, const std::vector<double>& packets = {}) {
    ScriptedSource::Answer& answer = answers_.emplace_back();
    for (const double packet : packets) answer.captured_unix_ns.push_back(At(packet));
    answer.meanwhile = [this, at] {
      now_.steady_ns += At(at) - now_.unix_ns;
      now_.unix_ns = At(at);
    };
  }

  // Somebody sets the clock during the next poll.
  void SetClock(double from, double to) {
    answers_.push_back({.meanwhile = [this, from, to] {
      now_.steady_ns += At(from) - now_.unix_ns;
      now_.unix_ns = At(to);
    }});
  }

  // The program is asked to stop during the next poll.
  void Stop() {
    answers_.push_back({.meanwhile = [this] { stop_.request_stop(); }});
  }

  // Somebody wants dark addresses to be monitored from then on, and says so during the next poll.
  void Reclassify(double from) {
    answers_.push_back({.meanwhile = [this, from] {
      worker_->Reclassify(At(from) / kNanosecondsPerSecond,
                          {.decode = {},
                           .classifier = Classifier(plan_, v1::LinkConfig()),
                           .sensors = {"east"},
                           .address_seconds = SecondsOfOneAddress});
    }});
  }

  void Run() {
    LinkMeterOptions options;
    options.point = "p";
    options.flow_table_entries = 16;
    options.every_window = true;
    const auto plan = CompilePlan("");
    ASSERT_TRUE(plan.ok()) << plan.status();
    plan_ = *plan;
    v1::LinkConfig link;
    link.set_point("p");
    LinkWorker worker(
        std::make_unique<ScriptedSource>(std::move(answers_)), DecodeOptions(), Classifier(*plan, link),
        LinkMeter(options, [this](v1::WindowReport report) { reports_.push_back(std::move(report)); }),
        [this] { return now_; });
    worker_ = &worker;
    const absl::Status status = worker.Run(stop_.get_token());
    EXPECT_TRUE(status.ok()) << status;
  }

  std::vector<int64_t> Starts() const {
    std::vector<int64_t> starts;
    for (const v1::WindowReport& report : reports_)
      starts.push_back(report.window_start_unix_seconds() - kStart);
    return starts;
  }
  std::vector<uint64_t> Captured() const {
    std::vector<uint64_t> packets;
    for (const v1::WindowReport& report : reports_)
      packets.push_back(report.measurement().ledger().captured_packets());
    return packets;
  }
  std::vector<int> Flags(size_t report) const {
    const auto& flags = reports_.at(report).measurement().flags();
    return {flags.begin(), flags.end()};
  }

  // Of the windows in which dark addresses were monitored.
  std::vector<int64_t> MonitoredStarts() const {
    std::vector<int64_t> starts;
    for (const v1::WindowReport& report : reports_) {
      if (report.measurement().darknet_size() > 0)
        starts.push_back(report.window_start_unix_seconds() - kStart);
    }
    return starts;
  }

  std::stop_source stop_;
  std::shared_ptr<const AddressPlan> plan_;
  LinkWorker* worker_ = nullptr;
  std::deque<ScriptedSource::Answer> answers_;
  ClockReading now_{.unix_ns = At(0), .steady_ns = At(0)};
  std::vector<v1::WindowReport> reports_;
};

TEST_F(LinkWorkerTest, WallTimeEndsTheWindowsOfASilentLink) {
  Poll(5, {4.9});
  Poll(10.9);
  Poll(10.95);
  Poll(10.97, {9.9});  // may still come in the first second after the window's end
  Poll(11);
  Poll(21.5);
  Stop();
  Run();
  EXPECT_THAT(Starts(), ElementsAre(0, 10, 20));
  EXPECT_THAT(Captured(), ElementsAre(2, 0, 0));
  EXPECT_THAT(Flags(0), IsEmpty());
}

TEST_F(LinkWorkerTest, AfterAStallPacketsCountInTheWindowsOfTheirTime) {
  Poll(5, {4});
  // Stopped for half a minute; the kernel has kept what came.
  Poll(36, {6, 9});
  Poll(36, {12, 19});
  Poll(36, {23, 34, 35});
  Poll(36);
  Stop();
  Run();
  EXPECT_THAT(Starts(), ElementsAre(0, 10, 20, 30));
  EXPECT_THAT(Captured(), ElementsAre(3, 2, 1, 2));
  for (const size_t report : {0, 1, 2}) EXPECT_THAT(Flags(report), IsEmpty());
}

TEST_F(LinkWorkerTest, AStallInsideASilentPollEndsNoWindow) {
  Poll(9.9);
  Poll(30);  // stopped after it had found nothing
  Poll(30, {9.95, 15, 29});
  Stop();
  Run();
  EXPECT_THAT(Starts(), ElementsAre(0, 10, 20));
  EXPECT_THAT(Captured(), ElementsAre(1, 1, 1));
}

TEST_F(LinkWorkerTest, AClockThatIsSetForwardClaimsNoWindow) {
  Poll(12);
  Poll(12.1);
  SetClock(14, 3614);
  Poll(3615);
  Poll(3621);
  Poll(3632);
  Stop();
  Run();
  EXPECT_THAT(Starts(), ElementsAre(0, 10, 3610, 3620, 3630));
  EXPECT_THAT(Flags(0), IsEmpty());
  EXPECT_THAT(Flags(1), ElementsAre(v1::QUALITY_FLAG_PARTIAL));
  EXPECT_THAT(Flags(2), ElementsAre(v1::QUALITY_FLAG_PARTIAL));
  EXPECT_THAT(Flags(3), IsEmpty());
}

TEST_F(LinkWorkerTest, ASilentLinkFollowsAClockThatIsSetBack) {
  Poll(12);
  Poll(12.1);
  SetClock(14, -3586);
  Poll(-3580);
  Poll(-3578.5);
  Poll(-3560);
  Stop();
  Run();
  EXPECT_THAT(Starts(), ElementsAre(0, 10, -3590, -3580, -3570));
  EXPECT_THAT(Flags(0), IsEmpty());
  EXPECT_THAT(Flags(1), ElementsAre(v1::QUALITY_FLAG_PARTIAL));
  EXPECT_THAT(Flags(2), ElementsAre(v1::QUALITY_FLAG_PARTIAL));
  EXPECT_THAT(Flags(3), IsEmpty());
}

TEST_F(LinkWorkerTest, PacketsAreToldApartInAnotherWayFromTheWindowThatWasSaid) {
  Poll(5, {4});
  Reclassify(20);
  Poll(15, {8, 14});
  Poll(36, {23, 31});
  Stop();
  Run();
  EXPECT_THAT(Starts(), ElementsAre(0, 10, 20, 30));
  EXPECT_THAT(Captured(), ElementsAre(2, 1, 1, 1));
  EXPECT_THAT(MonitoredStarts(), ElementsAre(20, 30));
  for (const size_t report : {0, 1, 2}) EXPECT_THAT(Flags(report), IsEmpty());
}

TEST_F(LinkWorkerTest, ASecondReclassificationLeavesTheFirstInForceUntilItsOwnWindow) {
  Poll(5, {4});
  Reclassify(20);
  Reclassify(40);
  Poll(15, {14});
  Reclassify(50);
  Poll(51, {23, 31, 42, 50.5});
  Stop();
  Run();
  EXPECT_THAT(Starts(), ElementsAre(0, 10, 20, 30, 40, 50));
  EXPECT_THAT(MonitoredStarts(), ElementsAre(20, 30, 40, 50));
}

TEST_F(LinkWorkerTest, ASilentLinkIsReclassifiedTooAndOnlyFromThatWindowOn) {
  Poll(5);
  Reclassify(20);
  Poll(41.5);  // stopped for a while: four windows end at once
  Poll(41.6);
  Stop();
  Run();
  EXPECT_THAT(Starts(), ElementsAre(0, 10, 20, 30, 40));
  EXPECT_THAT(MonitoredStarts(), ElementsAre(20, 30, 40));
}

TEST_F(LinkWorkerTest, WhatTheKernelHoldsAtTheStopIsCounted) {
  Stop();
  Poll(5, {1});
  Poll(5, {2, 3});
  Poll(12, {4, 11});
  Poll(12.1);
  Poll(12.2, {12.15});  // nobody waits for that
  Run();
  EXPECT_THAT(Starts(), ElementsAre(0, 10));
  EXPECT_THAT(Captured(), ElementsAre(4, 1));
  EXPECT_THAT(Flags(0), IsEmpty());
  EXPECT_THAT(Flags(1), ElementsAre(v1::QUALITY_FLAG_PARTIAL));
}

}  // namespace
}  // namespace kansoku::collector
