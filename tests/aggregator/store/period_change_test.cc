// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "aggregator/store/sqlite_store.h"
#include "proto/contract/month.h"
#include "tests/aggregator/store/store_contents.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

const int64_t kDecember = StartUnixSeconds({2024, 12});

CollectorBatch Batch(std::vector<v1::SequencedReport> reports) {
  return {.collector = "tokyo", .epoch = 1, .reports = std::move(reports)};
}

std::vector<uint64_t> Changes(const Store& store) {
  std::vector<uint64_t> changes;
  for (const char* month : {"2024-10", "2024-11", "2024-12"}) {
    const absl::StatusOr<uint64_t> read = store.MonthChanges(month);
    EXPECT_TRUE(read.ok()) << read.status();
    changes.push_back(read.value_or(0));
  }
  return changes;
}

std::unique_ptr<Store> WelcomedStore(const std::string& path, Retention retention = {}) {
  auto store = OpenStore(path, retention);
  EXPECT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  return store;
}

TEST(MonthChanges, AreCountedOnceForEachCommitAndMonthInJapan) {
  StoreFolder folder;
  const auto store = WelcomedStore(folder.File());
  EXPECT_EQ(Changes(*store), (std::vector<uint64_t>{0, 0, 0}));
  // None of these windows is rolled up yet.
  ASSERT_TRUE(
      Commit(*store, {Batch({SampleReport(1, "tokyo", kDecember - 20),
                             SampleReport(2, "tokyo", kDecember - 10), SampleReport(3, "tokyo", kDecember)})})
          .ok());
  EXPECT_EQ(Changes(*store), (std::vector<uint64_t>{0, 1, 1}));
  ASSERT_TRUE(Commit(*store, {Batch({SampleTombstone(4, "tokyo", kDecember - 30)})}).ok());
  EXPECT_EQ(Changes(*store), (std::vector<uint64_t>{0, 2, 1}));
  // Rolling up changes nothing.
  ASSERT_TRUE(store->Expire(absl::FromUnixSeconds(kDecember) + absl::Hours(24 * 10)).ok());
  EXPECT_EQ(Changes(*store), (std::vector<uint64_t>{0, 2, 1}));
}

TEST(MonthChanges, DoNotCountWhatIsNotStored) {
  StoreFolder folder;
  const auto store = WelcomedStore(folder.File(), {.hour_days = 1});
  ASSERT_TRUE(Commit(*store, {Batch({SampleReport(1, "tokyo", kDecember)})}).ok());
  // Again, an account alone, and a batch that is rolled back.
  ASSERT_TRUE(Commit(*store, {Batch({SampleReport(1, "tokyo", kDecember)})}).ok());
  ASSERT_TRUE(store->RecordDelivery("tokyo", 1, {}, kNow).ok());
  ASSERT_FALSE(
      Commit(*store, {Batch({SampleReport(2, "tokyo", kDecember)}), Batch({SampleReport(9, "tokyo", 0)})})
          .ok());
  EXPECT_EQ(Changes(*store), (std::vector<uint64_t>{0, 0, 1}));
  // Hours that are forgotten.
  ASSERT_TRUE(store->Expire(absl::FromUnixSeconds(kDecember) + absl::Hours(24 * 10)).ok());
  ASSERT_TRUE(Commit(*store, {Batch({SampleReport(2, "tokyo", kDecember + 10)})}).ok());
  EXPECT_EQ(Changes(*store), (std::vector<uint64_t>{0, 0, 1}));
}

TEST(MonthChanges, CountWhatIsQuarantinedWhereAnythingElseCame) {
  StoreFolder folder;
  const auto store = WelcomedStore(folder.File());
  CollectorBatch batch = Batch({SampleReport(1, "tokyo", kDecember), SampleReport(2, "tokyo", kDecember + 10),
                                SampleReport(3, "tokyo", StartUnixSeconds({2024, 10})),
                                SampleReport(4, "tokyo", std::numeric_limits<int64_t>::min())});
  for (uint64_t sequence : {2, 3, 4}) {
    batch.refusals.push_back({.sequence = sequence, .reason = v1::QUARANTINE_REASON_BEHIND, .text = "old"});
  }
  ASSERT_TRUE(Commit(*store, {batch}).ok());
  EXPECT_EQ(Changes(*store), (std::vector<uint64_t>{0, 0, 1}));
  batch = Batch({SampleReport(5, "tokyo", kDecember + 20)});
  batch.refusals = {{.sequence = 5, .reason = v1::QUARANTINE_REASON_BEHIND, .text = "old"}};
  ASSERT_TRUE(Commit(*store, {batch}).ok());
  EXPECT_EQ(Changes(*store), (std::vector<uint64_t>{0, 0, 2}));
  // What is admitted is stored; what is discarded stays the gap that it was.
  ASSERT_TRUE(store->Decide({.id = 2, .admit = true, .by = "hanako"}, kNow).ok());
  ASSERT_TRUE(store->Decide({.id = 1, .admit = false, .by = "hanako"}, kNow).ok());
  EXPECT_EQ(Changes(*store), (std::vector<uint64_t>{1, 0, 2}));
}

std::vector<uint64_t> ChangesOfDays(const Store& store) {
  std::vector<uint64_t> changes;
  for (const char* day : {"2024-11-29", "2024-11-30", "2024-12-01"}) {
    const absl::StatusOr<uint64_t> read = store.DayChanges(day);
    EXPECT_TRUE(read.ok()) << read.status();
    changes.push_back(read.value_or(0));
  }
  return changes;
}

v1::SequencedReport WithoutTelescope(uint64_t sequence, int64_t start) {
  v1::SequencedReport report = SampleReport(sequence, "tokyo", start);
  *report.mutable_report()->mutable_measurement() = SampleMeasurement(sequence, 3, false);
  return report;
}

TEST(DayChanges, AreCountedOnceForEachCommitAndDayInJapanWithATelescope) {
  StoreFolder folder;
  const auto store = WelcomedStore(folder.File());
  EXPECT_EQ(ChangesOfDays(*store), (std::vector<uint64_t>{0, 0, 0}));
  ASSERT_TRUE(
      Commit(*store, {Batch({SampleReport(1, "tokyo", kDecember - 20),
                             SampleReport(2, "tokyo", kDecember - 10), SampleReport(3, "tokyo", kDecember)})})
          .ok());
  EXPECT_EQ(ChangesOfDays(*store), (std::vector<uint64_t>{0, 1, 1}));
  // Again, and what tells of no telescope.
  ASSERT_TRUE(Commit(*store, {Batch({SampleReport(3, "tokyo", kDecember)})}).ok());
  ASSERT_TRUE(
      Commit(*store, {Batch({WithoutTelescope(4, kDecember - 30), WithoutTelescope(5, kDecember - 86'400)})})
          .ok());
  EXPECT_EQ(ChangesOfDays(*store), (std::vector<uint64_t>{0, 1, 1}));
  v1::SequencedReport of_subscribers = WithoutTelescope(6, kDecember - 40);
  of_subscribers.mutable_report()->mutable_measurement()->mutable_darknet_subscribers()->set_reached(1);
  ASSERT_TRUE(Commit(*store, {Batch({of_subscribers})}).ok());
  EXPECT_EQ(ChangesOfDays(*store), (std::vector<uint64_t>{0, 2, 1}));
}

TEST(DayChanges, CountWhatIsMissingWhereATelescopeTold) {
  StoreFolder folder;
  const auto store = WelcomedStore(folder.File());
  CollectorBatch batch =
      Batch({SampleReport(1, "tokyo", kDecember), SampleTombstone(2, "tokyo", kDecember + 10),
             SampleTombstone(3, "tokyo", kDecember - 86'410), SampleReport(4, "tokyo", kDecember - 10)});
  batch.refusals = {{.sequence = 4, .reason = v1::QUARANTINE_REASON_BEHIND, .text = "old"}};
  ASSERT_TRUE(Commit(*store, {batch}).ok());
  EXPECT_EQ(ChangesOfDays(*store), (std::vector<uint64_t>{0, 0, 1}));
  ASSERT_TRUE(Commit(*store, {Batch({SampleTombstone(5, "tokyo", kDecember + 20)})}).ok());
  EXPECT_EQ(ChangesOfDays(*store), (std::vector<uint64_t>{0, 0, 2}));
  ASSERT_TRUE(store->Decide({.id = 1, .admit = true, .by = "hanako"}, kNow).ok());
  EXPECT_EQ(ChangesOfDays(*store), (std::vector<uint64_t>{0, 1, 2}));
}

}  // namespace
}  // namespace kansoku::aggregator
