// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/roll_up.h"

#include <algorithm>
#include <random>

#include "aggregator/store/ever_bucket.h"
#include "gtest/gtest.h"
#include "proto/contract/measurement.h"
#include "tests/aggregator/store/store_contents.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

// What each tier has to say, added up past the store.
class Truth {
 public:
  void Add(const v1::SequencedReport& report) {
    const bool evicted = report.has_tombstone();
    const std::string& point = evicted ? report.tombstone().point() : report.report().point();
    const int64_t start = evicted ? report.tombstone().window_start_unix_seconds()
                                  : report.report().window_start_unix_seconds();
    for (const Tier tier : kTiers) {
      v1::Measurement& sum = tiers_[tier][std::to_string(BucketStart(tier, start)) + " " + point];
      Merge(evicted ? EvictedWindow() : report.report().measurement(), sum);
      if (tier == Tier::kEver) MakeEver(sum);
    }
  }

  std::map<std::string, std::string> Rows(Tier tier, const std::string& point = "") const {
    std::map<std::string, std::string> rows;
    for (const auto& [key, sum] : tiers_.at(tier)) {
      if (key.ends_with(" " + point) || point.empty()) rows[key] = sum.SerializeAsString();
    }
    return rows;
  }

 private:
  std::map<Tier, std::map<std::string, v1::Measurement>> tiers_;
};

int64_t StoredRows(const std::string& path, Tier tier) {
  auto database = Database::Open(path, SQLITE_OPEN_READONLY);
  EXPECT_TRUE(database.ok()) << database.status();
  return *database->ReadInt("SELECT count(*) FROM bucket WHERE tier = " +
                            std::to_string(static_cast<int>(tier)));
}

TEST(RollUp, LeavesAtMostTwelveWindowsWaiting) {
  for (const uint32_t seconds : {1u, 10u, 300u}) {
    for (int64_t point = 1; point <= 30; ++point) {
      for (int64_t windows = 1; windows <= 40; ++windows) {
        const int64_t to = kSampleStart + windows * seconds;
        const int64_t waiting = (to - RollUpThrough(point, seconds, to)) / seconds;
        EXPECT_GE(waiting, 1);
        EXPECT_LE(waiting, 12);
      }
    }
  }
}

TEST(RollUp, PointsTakeTurns) {
  // Of 24 points whose windows end at the same time, two are rolled up at each.
  for (int64_t to = kSampleStart; to < kSampleStart + 240; to += 10) {
    int turns = 0;
    for (int64_t point = 1; point <= 24; ++point) {
      turns += RollUpThrough(point, 10, to) > RollUpThrough(point, 10, to - 10);
    }
    EXPECT_EQ(turns, 2);
  }
}

TEST(RollUp, WritesTheTiersAboveOnceForTwelveWindows) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  std::vector<uint64_t> rolled_up_at;
  int64_t rolled_through = 0;
  for (uint64_t i = 1; i <= 360; ++i) {
    ASSERT_TRUE(Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", i, 1)}}).ok());
    auto database = Database::Open(folder.File(), SQLITE_OPEN_READONLY);
    const int64_t through = *database->ReadInt("SELECT unrolled_from FROM point WHERE name = 'tokyo'");
    if (through != rolled_through) rolled_up_at.push_back(i);
    rolled_through = through;
  }
  // The first number is where the first window began to wait.
  ASSERT_EQ(rolled_up_at.size(), 31u);
  for (size_t i = 2; i < rolled_up_at.size(); ++i) EXPECT_EQ(rolled_up_at[i] - rolled_up_at[i - 1], 12u);
  EXPECT_EQ(StoredRows(folder.File(), Tier::kWindow), 360);
  EXPECT_EQ(StoredRows(folder.File(), Tier::kFiveMinutes), 12);
  EXPECT_EQ(StoredRows(folder.File(), Tier::kHour), 1);
  EXPECT_EQ(StoredRows(folder.File(), Tier::kEver), 1);
}

TEST(RollUp, ReadersFindBucketsOfWhichThereIsNoRowYet) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  Truth truth;
  for (const std::string name : {"tokyo", "osaka"}) {
    ASSERT_TRUE(store->Welcome(SampleHello(name), kNow).ok());
    const auto reports = Reports(name, 1, 1);
    truth.Add(reports[0]);
    ASSERT_TRUE(Commit(*store, {{.collector = name, .epoch = 1, .reports = reports}}).ok());
  }
  for (const Tier tier : {Tier::kFiveMinutes, Tier::kHour, Tier::kEver}) {
    EXPECT_EQ(StoredRows(folder.File(), tier), 0);
    EXPECT_EQ(Rows(*store, tier), truth.Rows(tier));
    EXPECT_EQ(Rows(*store, tier, {"osaka"}), truth.Rows(tier, "osaka"));
  }
}

// Windows come in order, late, in two parts, after a silence, as tombstones and in batches of any size, and
// the store is closed and opened in between: after each commit every tier says what was committed.
TEST(RollUp, NeverShows) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    StoreFolder folder;
    auto store = OpenStore(folder.File());
    std::mt19937 random(seed);
    const std::vector<std::string> names = {"tokyo", "osaka", "sendai"};
    std::map<std::string, int64_t> next_window;
    std::map<std::string, uint64_t> sequence;
    for (const std::string& name : names) {
      ASSERT_TRUE(store->Welcome(SampleHello(name), kNow).ok());
      next_window[name] = static_cast<int64_t>(random() % 40);
    }
    Truth truth;
    for (int commit = 0; commit < 60; ++commit) {
      std::vector<CollectorBatch> batches;
      for (const std::string& name : names) {
        CollectorBatch batch{.collector = name, .epoch = 1};
        for (uint64_t i = random() % 4 == 0 ? random() % 40 : random() % 3; i > 0; --i) {
          if (random() % 50 == 0) next_window[name] += static_cast<int64_t>(random() % 500);
          const bool late = random() % 8 == 0;
          const int64_t window =
              late ? std::max<int64_t>(0, next_window[name] - static_cast<int64_t>(random() % 30))
                   : next_window[name]++;
          const int64_t start = kSampleStart + window * kSampleWindowSeconds;
          batch.reports.push_back(random() % 9 == 0 ? SampleTombstone(++sequence[name], name, start)
                                                    : SampleReport(++sequence[name], name, start));
          if (batch.reports.back().has_report() && random() % 3 == 0) {
            AddSampleSources(random(), 40, *batch.reports.back().mutable_report());
          }
          truth.Add(batch.reports.back());
        }
        batches.push_back(batch);
      }
      ASSERT_TRUE(store->Commit(batches, kNow).ok());
      if (commit % 13 == 0) store = OpenStore(folder.File());
      if (sequence.size() < names.size()) continue;
      for (const Tier tier : kTiers) {
        ASSERT_EQ(Rows(*store, tier), truth.Rows(tier)) << "seed " << seed << ", commit " << commit;
        ASSERT_EQ(Rows(*store, tier, {"osaka"}), truth.Rows(tier, "osaka"));
      }
      const auto all = store->ReadTotals(/*with_hours=*/true);
      ASSERT_TRUE(all.ok()) << all.status();
      for (const PointTotals& totals : *all) {
        EXPECT_EQ(totals.ever.SerializeAsString(),
                  truth.Rows(Tier::kEver, totals.point.point)["0 " + totals.point.point]);
        EXPECT_EQ(Totals(totals.ever).stored_packets(), totals.point.acknowledged_packets);
        EXPECT_EQ(totals.hour_packets, totals.point.acknowledged_packets);
      }
    }
  }
}

TEST(RollUp, WhatWaitsIsNotForgottenWithItsTier) {
  StoreFolder folder;
  auto store = OpenStore(folder.File(), {.window_hours = 2});
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  Truth truth;
  const auto reports = Reports("tokyo", 1, 5);
  for (const v1::SequencedReport& report : reports) truth.Add(report);
  ASSERT_TRUE(Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = reports}}).ok());
  for (int hours = 0; hours < 6; ++hours) {
    ASSERT_TRUE(store->Expire(absl::FromUnixSeconds(kSampleStart) + absl::Hours(hours)).ok());
    for (const Tier tier : {Tier::kFiveMinutes, Tier::kHour, Tier::kEver}) {
      EXPECT_EQ(Rows(*store, tier), truth.Rows(tier)) << hours;
    }
  }
  EXPECT_EQ(StoredRows(folder.File(), Tier::kWindow), 0);
  EXPECT_EQ(StoredRows(folder.File(), Tier::kHour), 1);

  // And after that, windows of the same time go to the tiers that still hold it.
  const v1::SequencedReport late = SampleReport(6, "tokyo", kSampleStart + 20);
  truth.Add(late);
  ASSERT_TRUE(Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = {late}}}).ok());
  EXPECT_EQ(Rows(*store, Tier::kHour), truth.Rows(Tier::kHour));
  EXPECT_EQ(StoredPackets(*store, "tokyo"), store->Points()->at(0).acknowledged_packets);
}

}  // namespace
}  // namespace kansoku::aggregator
