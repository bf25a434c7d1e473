// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/store_health.h"

#include "gtest/gtest.h"

namespace kansoku::aggregator {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'730'419'200);

TEST(StoreHealth, IsWellAgainOnceNothingFailedForAWhile) {
  StoreHealth health(absl::Seconds(5));
  EXPECT_FALSE(health.Note(absl::OkStatus(), kNow));
  EXPECT_TRUE(health.Note(absl::DataLossError("page 7"), kNow));
  EXPECT_FALSE(health.Note(absl::OkStatus(), kNow + absl::Seconds(4)));
  EXPECT_FALSE(health.Note(absl::ResourceExhaustedError("full"), kNow + absl::Seconds(4)));
  EXPECT_FALSE(health.Note(absl::OkStatus(), kNow + absl::Seconds(8)));
  EXPECT_EQ(health.status(), absl::ResourceExhaustedError("full"));
  EXPECT_TRUE(health.Note(absl::OkStatus(), kNow + absl::Seconds(9)));
  EXPECT_EQ(health.status(), absl::OkStatus());
}

}  // namespace
}  // namespace kansoku::aggregator
