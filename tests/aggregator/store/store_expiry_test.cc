// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/sqlite_store.h"
#include "gtest/gtest.h"
#include "proto/contract/measurement.h"
#include "tests/aggregator/store/store_contents.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

// Sum over a plan, as a query makes it.
v1::Measurement SumOver(const Store& store, int64_t start, int64_t end) {
  v1::Measurement sum;
  const auto plan = store.Plan(start, end, 0, kSampleWindowSeconds);
  EXPECT_TRUE(plan.ok()) << plan.status();
  if (!plan.ok()) return sum;
  for (const TierSpan& span : *plan) {
    EXPECT_TRUE(store
                    .Scan(span.tier, span.start_unix_seconds, span.end_unix_seconds, {},
                          [&](const Bucket& bucket) { Merge(bucket.measurement, sum); })
                    .ok());
  }
  return sum;
}

TEST(StoreExpiry, ExpiringNeverChangesAnAnswer) {
  StoreFolder folder;
  auto store = OpenStore(folder.File(), {.window_hours = 2, .five_minute_days = 1});
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  constexpr int64_t kWindows = 4 * 360;
  ASSERT_TRUE(
      Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", 1, kWindows)}}).ok());
  const int64_t end = kSampleStart + 4 * 3600;
  const std::string all = SumOver(*store, kSampleStart, end).SerializeAsString();
  EXPECT_EQ(SumOver(*store, kSampleStart, end).windows(), static_cast<uint64_t>(kWindows));

  for (int minutes = 0; minutes <= 30 * 60; minutes += 17) {
    ASSERT_TRUE(store->Expire(absl::FromUnixSeconds(end) + absl::Minutes(minutes)).ok());
    EXPECT_TRUE(SumOver(*store, kSampleStart, end).SerializeAsString() == all) << minutes;
  }
  EXPECT_EQ(Rows(*store, Tier::kWindow).size(), 0u);
  EXPECT_EQ(Rows(*store, Tier::kFiveMinutes).size(), 0u);
  EXPECT_EQ(Rows(*store, Tier::kHour).size(), 4u);
}

TEST(StoreExpiry, RowsStayOneHourPastTheHorizon) {
  StoreFolder folder;
  auto store = OpenStore(folder.File(), {.window_hours = 2});
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  ASSERT_TRUE(Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", 1, 720)}}).ok());
  // Horizon: one hour after the start.
  ASSERT_TRUE(store->Expire(absl::FromUnixSeconds(kSampleStart + 3 * 3600)).ok());
  EXPECT_EQ(Rows(*store, Tier::kWindow).size(), 720u);
  const auto too_fine = store->Plan(kSampleStart + 3590, kSampleStart + 3600, 10, kSampleWindowSeconds);
  EXPECT_EQ(too_fine.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(store->Plan(kSampleStart + 3600, kSampleStart + 3610, 10, kSampleWindowSeconds).ok());
  ASSERT_TRUE(store->Expire(absl::FromUnixSeconds(kSampleStart + 4 * 3600)).ok());
  EXPECT_EQ(Rows(*store, Tier::kWindow).size(), 360u);
}

TEST(StoreExpiry, ALateWindowGoesOnlyIntoTheTiersThatStillHoldItsTime) {
  StoreFolder folder;
  auto store = OpenStore(folder.File(), {.window_hours = 2});
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  ASSERT_TRUE(store->Expire(absl::FromUnixSeconds(kSampleStart + 3 * 3600)).ok());
  ASSERT_TRUE(Commit(*store, {{.collector = "tokyo",
                               .epoch = 1,
                               .reports = {SampleReport(1, "tokyo", kSampleStart + 3590),
                                           SampleReport(2, "tokyo", kSampleStart + 3600)}}})
                  .ok());
  EXPECT_EQ(Rows(*store, Tier::kWindow).size(), 1u);
  EXPECT_EQ(Rows(*store, Tier::kFiveMinutes).size(), 2u);
  EXPECT_EQ(SumOver(*store, kSampleStart, kSampleStart + 3 * 3600).windows(), 2u);
  EXPECT_EQ(store->Points()->at(0).windows, 2u);
  EXPECT_EQ(StoredPackets(*store, "tokyo"), store->Points()->at(0).acknowledged_packets);
}

TEST(StoreExpiry, TheHorizonSurvivesARestartWithLongerRetention) {
  StoreFolder folder;
  {
    auto store = OpenStore(folder.File(), {.window_hours = 2});
    ASSERT_TRUE(store->Expire(absl::FromUnixSeconds(kSampleStart + 3 * 3600)).ok());
  }
  auto store = OpenStore(folder.File(), {.window_hours = 1000});
  ASSERT_TRUE(store->Expire(absl::FromUnixSeconds(kSampleStart + 3 * 3600)).ok());
  EXPECT_EQ(store->Plan(kSampleStart, kSampleStart + 10, 10, kSampleWindowSeconds).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace kansoku::aggregator
