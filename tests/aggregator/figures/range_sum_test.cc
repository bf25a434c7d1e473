// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/range_sum.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "aggregator/store/sqlite_store.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

PointRecord PointSince(int64_t first_window_start) {
  PointRecord point;
  point.window_seconds = 10;
  point.windows = 1;
  point.first_window_start_unix_seconds = first_window_start;
  return point;
}

TEST(ExpectedWindows, CountFromTheFirstWindowToTheEndAskedFor) {
  EXPECT_EQ(ExpectedWindows(PointSince(0), 600, 900), 30u);
  EXPECT_EQ(ExpectedWindows(PointSince(850), 600, 900), 5u);
  EXPECT_EQ(ExpectedWindows(PointSince(900), 600, 900), 0u);
  EXPECT_EQ(ExpectedWindows(PointSince(2'000), 600, 900), 0u);
}

TEST(ExpectedWindows, CountWindowsByTheirStart) {
  EXPECT_EQ(ExpectedWindows(PointSince(0), 605, 625), 2u);
  EXPECT_EQ(ExpectedWindows(PointSince(0), 601, 609), 0u);
}

TEST(ExpectedWindows, AreNoneOfAPointThatNeverReported) {
  PointRecord point = PointSince(0);
  point.windows = 0;
  EXPECT_EQ(ExpectedWindows(point, 600, 900), 0u);
}

TEST(CommonWindowSeconds, IsThatOfThePointsThatReportedInTheRange) {
  const auto point = [](uint32_t window_seconds, int64_t first_start, int64_t last_end) {
    PointRecord record = PointSince(first_start);
    record.window_seconds = window_seconds;
    record.last_window_end_unix_seconds = last_end;
    return record;
  };
  const TimeSteps range{600, 1'200, 0};
  EXPECT_EQ(CommonWindowSeconds({}, range), 1u);
  EXPECT_EQ(CommonWindowSeconds(std::vector{point(10, 0, 900), point(15, 900, 2'000)}, range), 30u);
  EXPECT_EQ(CommonWindowSeconds(std::vector{point(10, 0, 900), point(300, 0, 600)}, range), 10u);
  EXPECT_EQ(CommonWindowSeconds(std::vector{point(10, 0, 900), point(300, 1'200, 1'500)}, range), 10u);
  PointRecord silent = point(300, 0, 0);
  silent.windows = 0;
  EXPECT_EQ(CommonWindowSeconds(std::vector{point(10, 0, 900), silent}, range), 10u);
}

TEST(SumByPoint, HoldsEveryPointAndTheSensorsItEverHad) {
  StoreFolder folder;
  const auto opened = SqliteStore::Open({.path = folder.File()});
  ASSERT_TRUE(opened.ok()) << opened.status();
  Store& store = **opened;
  const absl::Time now = absl::FromUnixSeconds(kSampleStart + 600);
  // More points than are asked for by name.
  std::vector<CollectorBatch> batches;
  for (int i = 100; i < 250; ++i) {
    const std::string name = "p" + std::to_string(i);
    ASSERT_TRUE(store.Welcome(SampleHello(name), now).ok());
    batches.push_back(
        {name, 1, {SampleReport(1, name, kSampleStart), SampleReport(2, name, kSampleStart + 10)}});
  }
  ASSERT_TRUE(store.Commit(batches, now).ok());

  const auto sums = SumByPoint(store, TimeSteps{kSampleStart + 10, kSampleStart + 30, 0});
  ASSERT_TRUE(sums.ok()) << sums.status();
  ASSERT_EQ(sums->size(), 150u);
  for (const PointSum& sum : *sums) {
    EXPECT_EQ(sum.measurement.windows(), 1u);
    EXPECT_EQ(sum.expected_windows, 2u);
    EXPECT_EQ(sum.measurement.darknet_size(), 1);
    EXPECT_EQ(sum.sensors, (std::vector<std::string>{"dark-0", "dark-1"}));
    EXPECT_EQ(
        sum.watched,
        (std::map<std::string, SecondsByHour>{{sum.measurement.darknet(0).sensor(), {{kSampleStart, 10}}}}));
  }
  const auto later = SumByPoint(store, TimeSteps{kSampleStart + 300, kSampleStart + 600, 0});
  ASSERT_TRUE(later.ok()) << later.status();
  EXPECT_EQ(later->front().measurement.windows(), 0u);
  EXPECT_EQ(later->front().expected_windows, 30u);
}

// A key that changes leaves two tallies of a sensor in one bucket.
TEST(SumByPoint, CountsTheTimeOfASensorOnceWhateverItsTallies) {
  StoreFolder folder;
  const auto opened = SqliteStore::Open({.path = folder.File()});
  ASSERT_TRUE(opened.ok()) << opened.status();
  Store& store = **opened;
  const absl::Time now = absl::FromUnixSeconds(kSampleStart + 600);
  ASSERT_TRUE(store.Welcome(SampleHello("tokyo"), now).ok());
  CollectorBatch batch{.collector = "tokyo", .epoch = 1};
  for (uint64_t i = 0; i < 2; ++i) {
    batch.reports.push_back(SampleReport(1 + i, "tokyo", kSampleStart + static_cast<int64_t>(i) * 10));
    v1::DarknetTally& tally =
        *batch.reports.back().mutable_report()->mutable_measurement()->mutable_darknet(0);
    tally.set_sensor("dark");
    tally.set_source_key(7 + i);
  }
  ASSERT_TRUE(store.Commit({&batch, 1}, now).ok());

  const auto sums = SumByPoint(store, TimeSteps{kSampleStart, kSampleStart + 300, 0});
  ASSERT_TRUE(sums.ok()) << sums.status();
  EXPECT_EQ(sums->at(0).measurement.darknet_size(), 2);
  EXPECT_EQ(sums->at(0).sensors, std::vector<std::string>{"dark"});
  EXPECT_EQ(sums->at(0).watched, (std::map<std::string, SecondsByHour>{{"dark", {{kSampleStart, 20}}}}));
}

}  // namespace
}  // namespace kansoku::aggregator
