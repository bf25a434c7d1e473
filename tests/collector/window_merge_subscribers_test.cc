// SPDX-License-Identifier: Apache-2.0
//
// Subscribers at dark addresses, of whom the workers of a link each see some packets.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "collector/window_merge.h"

namespace kansoku::collector {
namespace {

v1::WindowReport Report(int64_t start) {
  v1::WindowReport report;
  report.set_window_start_unix_seconds(start);
  report.set_window_seconds(10);
  return report;
}

class WindowMergeSubscribers : public ::testing::Test {
 protected:
  WindowMerge Make(const WindowMergeOptions& options) {
    return WindowMerge(options, [this](v1::WindowReport report) { reports_.push_back(std::move(report)); });
  }

  std::vector<v1::WindowReport> reports_;
};

DarkSubscribers Seen(uint64_t subscriber, uint32_t address) {
  DarkSubscribers seen;
  seen.Count(subscriber, DarkReach::To(address), 1);
  return seen;
}

// "reached/scanning" of each window.
std::string SubscribersOf(const std::vector<v1::WindowReport>& reports) {
  std::string text;
  for (const v1::WindowReport& report : reports) {
    const v1::Measurement& measurement = report.measurement();
    text += std::to_string(report.window_start_unix_seconds()) + ": ";
    text += measurement.has_darknet_subscribers()
                ? std::to_string(measurement.darknet_subscribers().reached()) + "/" +
                      std::to_string(measurement.darknet_subscribers().scanning()) + " "
                : "none ";
  }
  return text;
}

// The kernel hands the packets of one subscriber to any of them.
TEST_F(WindowMergeSubscribers, CountsASubscriberOnceWhicheverWorkersSawIt) {
  WindowMerge merge = Make({.workers = 3});
  for (uint32_t worker = 0; worker < 3; ++worker) {
    merge.AddSubscribers(worker, Seen(1, 7 + worker));
    merge.Add(worker, Report(100));
  }
  merge.AddSubscribers(0, Seen(1, 20));
  merge.Add(0, Report(110));
  merge.AddSubscribers(1, Seen(2, 7));
  merge.Add(1, Report(110));
  merge.AddSubscribers(2, {});
  merge.Add(2, Report(110));
  EXPECT_EQ(SubscribersOf(reports_), "100: 1/1 110: 1/0 ");
}

// A worker that lags says last what happened first.
TEST_F(WindowMergeSubscribers, CountsSubscribersInTheOrderOfWindows) {
  WindowMerge merge = Make({.workers = 2});
  merge.AddSubscribers(0, Seen(1, 7));
  merge.Add(0, Report(100));
  merge.AddSubscribers(0, Seen(2, 7));
  merge.Add(0, Report(110));
  merge.AddSubscribers(1, Seen(2, 8));
  merge.Add(1, Report(100));
  merge.AddSubscribers(1, Seen(2, 9));
  merge.Add(1, Report(110));
  EXPECT_EQ(SubscribersOf(reports_), "100: 2/0 110: 0/1 ");
}

// Each worker notices for itself that the clock was set back over midnight in Japan.
TEST_F(WindowMergeSubscribers, CountsNobodyTwiceWhereWorkersGoBackADay) {
  constexpr int64_t kMidnight = 1'730'386'800;
  WindowMerge merge = Make({.workers = 2});
  for (const int64_t start : {kMidnight - 10, kMidnight, kMidnight - 10, kMidnight}) {
    for (uint32_t worker = 0; worker < 2; ++worker) {
      merge.AddSubscribers(worker, Seen(1, 7 + worker));
      merge.Add(worker, Report(start));
    }
  }
  EXPECT_EQ(SubscribersOf(reports_),
            "1730386790: 1/0 1730386800: 1/0 1730386790: 0/0 1730386790: 0/0 1730386800: 0/0 ");
}

TEST_F(WindowMergeSubscribers, SaysWhereNobodyLookedForSubscribers) {
  WindowMerge merge = Make({.workers = 2});
  merge.Add(0, Report(100));
  merge.Add(1, Report(100));
  merge.AddSubscribers(1, {});
  merge.Add(0, Report(110));
  merge.Add(1, Report(110));
  EXPECT_EQ(SubscribersOf(reports_), "100: none 110: 0/0 ");
}

// One of two workers looks for them a while longer: a window that it has a part in is one for which somebody
// looked.
TEST_F(WindowMergeSubscribers, RemembersSubscribersWhileAnyWorkerLooksForThem) {
  WindowMerge merge = Make({.workers = 2});
  for (const int64_t start : {100, 110, 120, 130}) {
    for (uint32_t worker = 0; worker < 2; ++worker) {
      const bool looks = start == 100 || start == 130 || (start == 110 && worker == 1);
      if (looks) merge.AddSubscribers(worker, Seen(1, 7));
      merge.Add(worker, Report(start));
    }
  }
  EXPECT_EQ(SubscribersOf(reports_), "100: 1/0 110: 0/0 120: none 130: 1/0 ");
}

// What is said of subscribers takes room as reports do.
TEST_F(WindowMergeSubscribers, SubscribersThatWaitTakeRoom) {
  DarkSubscribers many;
  for (uint64_t i = 0; i < 1'000; ++i) many.Count(i, DarkReach::To(1), 1);
  WindowMerge merge = Make({.workers = 2, .max_waiting_bytes = many.octets()});
  merge.AddSubscribers(0, many);
  merge.Add(0, Report(100));
  EXPECT_EQ(SubscribersOf(reports_), "100: 1000/0 ") << "passed on without the other worker's";
}

}  // namespace
}  // namespace kansoku::collector
