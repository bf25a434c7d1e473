// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/sqlite_store.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <limits>
#include <map>
#include <random>
#include <thread>

#include "gtest/gtest.h"
#include "proto/contract/measurement.h"
#include "proto/contract/window.h"
#include "tests/aggregator/store/store_contents.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

TEST(SqliteStore, EachTierIsTheSumOfTheReports) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  ASSERT_EQ(*store->Welcome(SampleHello("tokyo"), kNow), 0u);
  const auto reports = Reports("tokyo", 1, 800);
  ASSERT_EQ(*Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = reports}}),
            std::vector<uint64_t>{800});

  const std::map<Tier, int64_t> lengths = {
      {Tier::kWindow, 10}, {Tier::kFiveMinutes, 300}, {Tier::kHour, 3600}, {Tier::kEver, int64_t{1} << 40}};
  for (const auto& [tier, length] : lengths) {
    std::map<std::string, v1::Measurement> sums;
    uint64_t packets = 0;
    for (const auto& report : reports) {
      const int64_t start = FloorTo(report.report().window_start_unix_seconds(), length);
      Merge(report.report().measurement(), sums[std::to_string(start) + " tokyo"]);
      packets += Totals(report.report().measurement()).cell_packets;
    }
    EXPECT_GT(packets, 0u);
    std::map<std::string, std::string> expected;
    for (const auto& [key, sum] : sums) expected[key] = sum.SerializeAsString();
    EXPECT_EQ(Rows(*store, tier), expected) << "tier " << static_cast<int>(tier);
  }
  EXPECT_EQ(Rows(*store, Tier::kWindow).size(), 800u);
  EXPECT_EQ(Rows(*store, Tier::kFiveMinutes).size(), 27u);
  EXPECT_EQ(Rows(*store, Tier::kHour).size(), 3u);
}

TEST(SqliteStore, OrderAndBatchingNeverShowInTheRows) {
  const std::vector<std::string> collectors = {"tokyo", "osaka", "sendai"};
  std::string first_dump;
  for (const unsigned seed : {1u, 2u, 3u, 4u}) {
    StoreFolder folder;
    auto store = OpenStore(folder.File());
    std::mt19937 random(seed);
    std::map<std::string, uint64_t> next;
    auto order = collectors;
    std::shuffle(order.begin(), order.end(), random);
    for (const std::string& name : order) {
      ASSERT_TRUE(store->Welcome(SampleHello(name), absl::FromUnixSeconds(random())).ok());
      next[name] = 1;
    }
    // Each report's window depends on its sequence alone, and jumps about in time.
    const auto report = [](const std::string& name, uint64_t sequence) {
      const int64_t start = kSampleStart + static_cast<int64_t>(sequence * 7919 % 977 % 90) * 10;
      return sequence % 10 == 0 ? SampleTombstone(sequence, name, start)
                                : SampleReport(sequence, name, start);
    };
    while (!next.empty()) {
      std::vector<CollectorBatch> batches;
      for (size_t i = 0; i <= random() % 3 && !next.empty(); ++i) {
        auto at = std::next(next.begin(), static_cast<long>(random() % next.size()));
        CollectorBatch& batch = batches.emplace_back();
        batch.collector = at->first;
        batch.epoch = 1;
        for (uint64_t size = 1 + random() % 9; size > 0 && at->second <= 120; --size) {
          batch.reports.push_back(report(at->first, at->second++));
        }
        if (at->second > 120) next.erase(at);
      }
      ASSERT_TRUE(store->Commit(batches, absl::FromUnixSeconds(random())).ok());
    }
    if (first_dump.empty()) first_dump = Dump(*store);
    EXPECT_TRUE(Dump(*store) == first_dump) << "seed " << seed;
  }
  EXPECT_GT(first_dump.size(), 10'000u);
}

TEST(SqliteStore, DuplicatesCountOnceAndAreCounted) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  ASSERT_TRUE(Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", 1, 10)}}).ok());
  const std::string before = Dump(*store);
  EXPECT_EQ(*Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", 3, 4)}}),
            std::vector<uint64_t>{10});
  EXPECT_EQ(Dump(*store), before);
  // Twice within one commit, and overlapping the end.
  EXPECT_EQ(*Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", 9, 4)},
                             {.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", 11, 2)}}),
            (std::vector<uint64_t>{12, 12}));
  EXPECT_EQ(store->Collectors()->at(0).duplicate_reports, 8u);
  EXPECT_EQ(store->Points()->at(0).windows, 12u);
  EXPECT_EQ(Rows(*store, Tier::kWindow).size(), 12u);
}

TEST(SqliteStore, IdentityFourHolds) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  const auto reports = Reports("tokyo", 1, 50);
  uint64_t packets = 0;
  for (const auto& report : reports) {
    const CountedTotals totals = Totals(report.report().measurement());
    packets += totals.cell_packets + totals.darknet_packets;
  }
  ASSERT_TRUE(Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = reports}}).ok());
  EXPECT_EQ(store->Points()->at(0).acknowledged_packets, packets);
  EXPECT_EQ(StoredPackets(*store, "tokyo"), packets);
}

TEST(SqliteStore, AGapIsRefusedAndNothingOfAnyBatchIsStored) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  ASSERT_TRUE(store->Welcome(SampleHello("osaka"), kNow).ok());
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  const auto refused =
      Commit(*store, {{.collector = "osaka", .epoch = 1, .reports = Reports("osaka", 1, 3)},
                      {.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", 2, 1)}});
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(
      refused.status().message(),
      "collector tokyo: report 2 arrived where 1 is next; open a new stream and continue from its welcome");
  EXPECT_EQ(Dump(*store), "");
  EXPECT_EQ(*store->Welcome(SampleHello("osaka"), kNow), 0u);
}

TEST(SqliteStore, WhatWasNeverWelcomedIsRefused) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  ASSERT_TRUE(store->Welcome(SampleHello("osaka"), kNow).ok());
  const auto code = [&](CollectorBatch batch) { return Commit(*store, {std::move(batch)}).status().code(); };
  EXPECT_EQ(code({.collector = "tokyo", .epoch = 2, .reports = Reports("tokyo", 1, 1)}),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code({.collector = "tokyo", .epoch = 1, .reports = Reports("nowhere", 1, 1)}),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code({.collector = "tokyo", .epoch = 1, .reports = Reports("osaka", 1, 1)}),
            absl::StatusCode::kFailedPrecondition);
  auto longer = Reports("tokyo", 1, 1);
  longer[0].mutable_report()->set_window_seconds(60);
  EXPECT_EQ(code({.collector = "tokyo", .epoch = 1, .reports = longer}),
            absl::StatusCode::kFailedPrecondition);
}

TEST(SqliteStore, ANewEpochStartsAtOneAndAddsToTheSameRows) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo", 5), kNow).ok());
  ASSERT_TRUE(Commit(*store, {{.collector = "tokyo", .epoch = 5, .reports = Reports("tokyo", 1, 4)}}).ok());
  const uint64_t large_epoch = std::numeric_limits<uint64_t>::max() - 3;
  EXPECT_EQ(*store->Welcome(SampleHello("tokyo", large_epoch), kNow), 0u);
  ASSERT_TRUE(
      Commit(*store, {{.collector = "tokyo", .epoch = large_epoch, .reports = Reports("tokyo", 1, 2)}}).ok());
  EXPECT_EQ(*store->Welcome(SampleHello("tokyo", 5), kNow), 4u);
  EXPECT_EQ(*store->Welcome(SampleHello("tokyo", large_epoch), kNow), 2u);
  EXPECT_EQ(store->Collectors()->at(0).epoch, large_epoch);
  EXPECT_EQ(store->Collectors()->at(0).committed_through, 2u);
  EXPECT_EQ(store->Points()->at(0).windows, 6u);
  EXPECT_EQ(StoredPackets(*store, "tokyo"), store->Points()->at(0).acknowledged_packets);
}

TEST(SqliteStore, ReportsThatWillNeverComeAreCountedOnceAsMissing) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  EXPECT_EQ(*store->Welcome(SampleHello("tokyo", 1, 8), kNow), 7u);
  EXPECT_EQ(*store->Welcome(SampleHello("tokyo", 1, 8), kNow), 7u);
  EXPECT_EQ(*store->Welcome(SampleHello("tokyo", 1, 1), kNow), 7u);
  EXPECT_EQ(store->Collectors()->at(0).missing_reports, 7u);
  ASSERT_TRUE(Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", 8, 1)}}).ok());
}

TEST(SqliteStore, ReportsWhoseWindowNobodyKnowsAreCountedAsMissingOnce) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  auto reports = Reports("tokyo", 1, 3);
  reports[1].mutable_tombstone()->set_reason(v1::Tombstone::REASON_DAMAGED);
  for (int times = 0; times < 2; ++times) {
    ASSERT_TRUE(Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = reports}}).ok());
    EXPECT_EQ(store->Collectors()->at(0).missing_reports, 1u);
  }
  EXPECT_EQ(store->Collectors()->at(0).committed_through, 3u);
  EXPECT_EQ(store->Points()->at(0).windows, 2u);
}

// SQLite moves the log into the file while the store is in use, or both it and the time that a restart takes
// would grow for ever.
TEST(SqliteStore, TheWriteAheadLogIsMovedIntoTheFile) {
  constexpr uintmax_t kLogMoves = uintmax_t{16} << 20, kReportsPerCommit = 1'000;
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  for (uint64_t first = 1; std::filesystem::file_size(folder.File()) < 2 * kLogMoves;
       first += kReportsPerCommit) {
    ASSERT_LT(first, 300 * kReportsPerCommit) << "nothing reaches the file";
    ASSERT_TRUE(
        Commit(*store,
               {{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", first, kReportsPerCommit)}})
            .ok());
    // One commit may begin just below.
    ASSERT_LT(std::filesystem::file_size(folder.File("store.db-wal")), 2 * kLogMoves) << first;
  }
}

TEST(SqliteStore, EverythingSurvivesARestart) {
  StoreFolder folder;
  std::string before;
  v1::Delivery delivery;
  delivery.set_reports_closed(12);
  delivery.set_reports_acknowledged(10);
  delivery.set_reports_spooled(2);
  {
    auto store = OpenStore(folder.File());
    ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
    auto reports = Reports("tokyo", 1, 9);
    reports.push_back(SampleTombstone(10, "tokyo", kSampleStart + 500));
    ASSERT_TRUE(Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = reports}}).ok());
    ASSERT_TRUE(store->RecordDelivery("tokyo", 1, delivery, kNow + absl::Seconds(3)).ok());
    before = Dump(*store);
  }
  auto store = OpenStore(folder.File());
  EXPECT_EQ(Dump(*store), before);
  const PointRecord point = store->Points()->at(0);
  EXPECT_EQ(point.point, "tokyo");
  EXPECT_EQ(point.collector, "tokyo");
  EXPECT_EQ(point.isp, "isp-1");
  EXPECT_EQ(point.group, v1::GROUP_A1);
  EXPECT_EQ(point.window_seconds, 10u);
  EXPECT_EQ(point.windows, 9u);
  EXPECT_EQ(point.first_window_start_unix_seconds, kSampleStart);
  EXPECT_EQ(point.last_window_start_unix_seconds, kSampleStart + 80);
  EXPECT_EQ(point.last_window_end_unix_seconds, kSampleStart + 90);
  EXPECT_EQ(point.acknowledged_packets, StoredPackets(*store, "tokyo"));
  const CollectorRecord collector = store->Collectors()->at(0);
  EXPECT_EQ(collector.committed_through, 10u);
  EXPECT_EQ(collector.software_version, "0.1.0");
  EXPECT_EQ(collector.last_heard, kNow + absl::Seconds(3));
  EXPECT_EQ(collector.delivery.SerializeAsString(), delivery.SerializeAsString());
  EXPECT_EQ(*store->Welcome(SampleHello("tokyo"), kNow), 10u);
}

TEST(SqliteStore, ATombstoneShowsInEveryTierAndIsNoWindow) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  ASSERT_TRUE(
      Commit(*store,
             {{.collector = "tokyo", .epoch = 1, .reports = {SampleTombstone(1, "tokyo", kSampleStart)}}})
          .ok());
  for (const Tier tier : kTiers) {
    const auto rows = Rows(*store, tier);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows.begin()->second, EvictedWindow().SerializeAsString());
  }
  EXPECT_EQ(store->Points()->at(0).windows, 0u);
  EXPECT_EQ(store->Points()->at(0).last_window_end_unix_seconds, 0);
}

TEST(SqliteStore, PointsBelongToOneCollectorAndKeepTheirWindowLength) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  v1::Hello thief = SampleHello("osaka");
  thief.mutable_points(0)->set_point("tokyo");
  const auto refused = store->Welcome(thief, kNow);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(refused.status().message(),
            "point tokyo belongs to collector tokyo, not to osaka; give the link another point name");
  EXPECT_EQ(store->Collectors()->size(), 1u);

  v1::Hello longer = SampleHello("tokyo");
  longer.mutable_points(0)->set_window_seconds(60);
  EXPECT_EQ(store->Welcome(longer, kNow).status().code(), absl::StatusCode::kFailedPrecondition);

  v1::Hello moved = SampleHello("tokyo");
  moved.mutable_points(0)->set_group(v1::GROUP_B1);
  EXPECT_TRUE(store->Welcome(moved, kNow).ok());
  EXPECT_EQ(store->Points()->at(0).group, v1::GROUP_B1);
}

TEST(SqliteStore, ARegionIsWhatTheCollectorSaidLast) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  v1::Hello hello = SampleHello("tokyo");
  for (const char* region : {"kanto", "", "kansai"}) {
    hello.mutable_points(0)->set_region(region);
    ASSERT_TRUE(store->Welcome(hello, kNow).ok());
    EXPECT_EQ(store->Points()->at(0).region, region);
  }
  store = OpenStore(folder.File());
  EXPECT_EQ(store->Points()->at(0).region, "kansai");
}

TEST(SqliteStore, ScanningSomePointsFindsWhatScanningAllFinds) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  for (const std::string name : {"tokyo", "osaka", "sendai"}) {
    ASSERT_TRUE(store->Welcome(SampleHello(name), kNow).ok());
    ASSERT_TRUE(Commit(*store, {{.collector = name, .epoch = 1, .reports = Reports(name, 1, 70)}}).ok());
  }
  for (const Tier tier : kTiers) {
    auto expected = Rows(*store, tier);
    std::erase_if(expected, [](const auto& row) { return row.first.ends_with(" osaka"); });
    EXPECT_EQ(Rows(*store, tier, {"tokyo", "nowhere", "sendai", "tokyo", "'; --"}), expected);
    EXPECT_EQ(Rows(*store, tier, {"nowhere"}).size(), 0u);
    // So many that everything is read.
    std::vector<std::string> many(150, "nowhere");
    EXPECT_EQ(Rows(*store, tier, many).size(), 0u);
    many.insert(many.end(), {"sendai", "tokyo"});
    EXPECT_EQ(Rows(*store, tier, many), expected);
  }
  std::vector<std::string> order;
  ASSERT_TRUE(store
                  ->Scan(Tier::kWindow, kSampleStart + 10, kSampleStart + 30, {},
                         [&](const Bucket& bucket) {
                           order.push_back(std::to_string(bucket.start_unix_seconds - kSampleStart) + " " +
                                           std::string(bucket.point));
                           EXPECT_EQ(bucket.seconds, 10u);
                         })
                  .ok());
  EXPECT_EQ(order, (std::vector<std::string>{"10 osaka", "10 sendai", "10 tokyo", "20 osaka", "20 sendai",
                                             "20 tokyo"}));
}

TEST(SqliteStore, ReadersSeeWholeCommitsWhileOneWrites) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  std::atomic<bool> done = false;
  std::atomic<int> reads = 0;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      do {
        uint64_t windows = 0;
        EXPECT_TRUE(store
                        ->Scan(Tier::kWindow, kFirst, kLast, {},
                               [&](const Bucket& bucket) { windows += bucket.measurement.windows(); })
                        .ok());
        EXPECT_EQ(windows % 7, 0u);
        EXPECT_EQ(store->Points()->at(0).windows % 7, 0u);
        ++reads;
      } while (!done);
    });
  }
  for (uint64_t commit = 0; commit < 40; ++commit) {
    ASSERT_TRUE(
        Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", commit * 7 + 1, 7)}})
            .ok());
  }
  done = true;
  readers.clear();
  EXPECT_GE(reads, 3);
  EXPECT_EQ(Rows(*store, Tier::kWindow).size(), 280u);
}

}  // namespace
}  // namespace kansoku::aggregator
