// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/bucket_expiry.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "aggregator/store/schema.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

constexpr int64_t kHour = 3600;

class BucketExpiry : public testing::Test {
 protected:
  BucketExpiry() : database_(*Database::Open(folder_.File(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) {
    EXPECT_EQ(PrepareSchema(database_, folder_.File()), absl::OkStatus());
  }

  // Of points 1 and 2, buckets that begin `step` seconds apart, from 0 on.
  void Add(Tier tier, int count, int64_t step) {
    const std::string rows =
        absl::StrCat("WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ", count - 1,
                     ") INSERT INTO bucket SELECT ", static_cast<int>(tier), ", i * ", step,
                     ", point, x'' FROM n, (SELECT 1 AS point UNION SELECT 2)");
    ASSERT_EQ(database_.Execute(rows.c_str()), absl::OkStatus());
  }

  int64_t Count(Tier tier) {
    return *database_.ReadInt(
        absl::StrCat("SELECT count(*) FROM bucket WHERE tier = ", static_cast<int>(tier)).c_str());
  }

  // In one transaction, as the store does.
  void Erase(const Horizons& horizons) {
    auto transaction = Transaction::BeginWrite(database_);
    ASSERT_TRUE(transaction.ok()) << transaction.status();
    ASSERT_EQ(EraseBuckets(database_, horizons), absl::OkStatus());
    ASSERT_EQ(transaction->Commit(), absl::OkStatus());
  }

  // Hundreds of SQLite's instructions that this takes.
  int EffortOfErasing(const Horizons& horizons) {
    int hundreds = 0;
    const auto count = [](void* counted) { return ++*static_cast<int*>(counted), 0; };
    sqlite3_progress_handler(database_.handle(), 100, count, &hundreds);
    Erase(horizons);
    sqlite3_progress_handler(database_.handle(), 0, nullptr, nullptr);
    return hundreds;
  }

  StoreFolder folder_;
  Database database_;
};

TEST_F(BucketExpiry, ErasesWhatBeginsAnHourBeforeItsTiersHorizon) {
  Add(Tier::kWindow, 1'000, 10);
  Add(Tier::kFiveMinutes, 100, 300);
  Add(Tier::kHour, 10, kHour);
  Add(Tier::kEver, 1, 0);
  Erase({3 * kHour, 2 * kHour, 0, 0});
  EXPECT_EQ(Count(Tier::kWindow), 2 * (1'000 - 720));
  EXPECT_EQ(*database_.ReadInt("SELECT min(start) FROM bucket WHERE tier = 0"), 2 * kHour);
  EXPECT_EQ(Count(Tier::kFiveMinutes), 2 * (100 - 12));
  EXPECT_EQ(*database_.ReadInt("SELECT min(start) FROM bucket WHERE tier = 1"), kHour);
  EXPECT_EQ(Count(Tier::kHour), 20);
  EXPECT_EQ(Count(Tier::kEver), 2);
}

TEST_F(BucketExpiry, LeavesToTheNextCallWhatWouldHoldUpTheCommits) {
  Add(Tier::kWindow, 15'000, 10);
  const Horizons horizons = {1'000 * kHour, 0, 0, 0};
  Erase(horizons);
  EXPECT_EQ(Count(Tier::kWindow), 10'000);
  EXPECT_EQ(*database_.ReadInt("SELECT min(start) FROM bucket WHERE tier = 0"), 100'000);
  Erase(horizons);
  EXPECT_EQ(Count(Tier::kWindow), 0);
}

// A store whose retention was shortened, or whose clock was behind, has a year to forget.
TEST_F(BucketExpiry, TheEffortGrowsWithTheRowsThatAreErasedAndNotWithTheirSquare) {
  Add(Tier::kWindow, 1'000, 10);
  const int of_thousands = EffortOfErasing({1'000 * kHour, 0, 0, 0});
  EXPECT_EQ(Count(Tier::kWindow), 0);
  Add(Tier::kWindow, 10'000, 10);
  const int of_ten_thousands = EffortOfErasing({1'000 * kHour, 0, 0, 0});
  EXPECT_EQ(Count(Tier::kWindow), 0);
  EXPECT_GT(of_thousands, 100);
  EXPECT_LT(of_ten_thousands, 11 * of_thousands);
}

}  // namespace
}  // namespace kansoku::aggregator
