// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string>

#include "aggregator/store/sqlite_store.h"
#include "gtest/gtest.h"
#include "tests/aggregator/store/store_contents.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

std::multimap<int64_t, std::string> Gaps(const Store& store, int64_t start = kFirst, int64_t end = kLast) {
  std::multimap<int64_t, std::string> gaps;
  const absl::Status scanned = store.ScanGaps(start, end, [&](const Gap& gap) {
    gaps.emplace(gap.start_unix_seconds - kSampleStart,
                 std::string(gap.point) + " " + gap.count.ShortDebugString());
  });
  EXPECT_TRUE(scanned.ok()) << scanned;
  return gaps;
}

v1::SequencedReport Tombstone(uint64_t sequence, int64_t start, uint64_t packets) {
  v1::SequencedReport report = SampleTombstone(sequence, "tokyo", kSampleStart + start);
  report.mutable_tombstone()->set_reason(v1::Tombstone::REASON_SPOOL_FULL);
  report.mutable_tombstone()->set_captured_packets(packets);
  return report;
}

TEST(Gaps, AreKeptForEachWindowWithReasonAndPackets) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  CollectorBatch batch{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", 1, 2)};
  batch.refusals = {{.sequence = 2, .reason = v1::QUARANTINE_REASON_IMPOSSIBLE}};
  batch.reports.push_back(Tombstone(3, 20, 100));
  batch.reports.push_back(Tombstone(4, 20, 11));  // of the same window
  batch.reports.push_back(Tombstone(5, 30, 7));
  ASSERT_TRUE(Commit(*store, {batch}).ok());
  const std::multimap<int64_t, std::string> expected = {
      {10, "tokyo quarantined_because: QUARANTINE_REASON_IMPOSSIBLE windows: 1"},
      {20, "tokyo evicted_because: REASON_SPOOL_FULL windows: 2 packets: 111"},
      {30, "tokyo evicted_because: REASON_SPOOL_FULL windows: 1 packets: 7"}};
  EXPECT_EQ(Gaps(*store), expected);
  ASSERT_TRUE(Commit(*store, {batch}).ok());  // a duplicate
  EXPECT_EQ(Gaps(*store), expected);
  EXPECT_EQ(Gaps(*store, kSampleStart + 20, kSampleStart + 30).size(), 1u);

  // What is admitted is no gap any more; what is discarded stays one.
  ASSERT_TRUE(store->Decide({.id = 1, .admit = true, .by = "hanako"}, kNow).ok());
  EXPECT_EQ(Gaps(*store).size(), 2u);
}

TEST(Gaps, ForReasonsThatOnlyNewerVersionsKnowAreOne) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  CollectorBatch batch{.collector = "tokyo", .epoch = 1, .reports = {Tombstone(1, 0, 5), Tombstone(2, 0, 6)}};
  batch.reports[0].mutable_tombstone()->set_reason(static_cast<v1::Tombstone::Reason>(77));
  batch.reports[1].mutable_tombstone()->set_reason(static_cast<v1::Tombstone::Reason>(78));
  ASSERT_TRUE(Commit(*store, {batch}).ok());
  const std::multimap<int64_t, std::string> expected = {{0, "tokyo windows: 2 packets: 11"}};
  EXPECT_EQ(Gaps(*store), expected);
}

TEST(Gaps, OfAnothersPointAreNone) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  ASSERT_TRUE(store->Welcome(SampleHello("osaka"), kNow).ok());
  CollectorBatch batch{.collector = "osaka", .epoch = 1, .reports = Reports("tokyo", 1, 1)};
  batch.refusals = {{.sequence = 1, .reason = v1::QUARANTINE_REASON_UNKNOWN_POINT}};
  ASSERT_TRUE(Commit(*store, {batch}).ok());
  EXPECT_EQ(Gaps(*store).size(), 0u);
}

TEST(Gaps, AreKeptAsLongAsHours) {
  StoreFolder folder;
  auto store = OpenStore(folder.File(), {.window_hours = 1, .five_minute_days = 1, .hour_days = 1});
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  ASSERT_TRUE(
      Commit(*store,
             {{.collector = "tokyo", .epoch = 1, .reports = {Tombstone(1, 0, 5), Tombstone(2, 3'600, 5)}}})
          .ok());
  ASSERT_TRUE(store->Expire(absl::FromUnixSeconds(kSampleStart + 86'400 + 3'600)).ok());
  EXPECT_EQ(Gaps(*store).size(), 1u);
  // One that comes too late for the hours is counted in the sums alone.
  ASSERT_TRUE(Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = {Tombstone(3, 10, 5)}}}).ok());
  EXPECT_EQ(Gaps(*store).size(), 1u);
}

}  // namespace
}  // namespace kansoku::aggregator
