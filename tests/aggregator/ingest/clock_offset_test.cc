// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/clock_offset.h"

#include <optional>

#include "gtest/gtest.h"

namespace kansoku::aggregator {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'730'419'200);

TEST(ClockOffset, IsTheLargestDifferenceOfTheLatestMessages) {
  ClockOffset offset;
  EXPECT_EQ(offset.estimate(), std::nullopt);
  const auto hear = [&](absl::Duration ahead, absl::Duration under_way) {
    offset.Add(kNow + ahead, kNow + under_way);
  };
  hear(absl::Seconds(5), absl::Milliseconds(300));
  EXPECT_EQ(offset.estimate(), absl::Milliseconds(4'700));
  hear(absl::Seconds(5), absl::Milliseconds(20));
  hear(absl::Seconds(5), absl::Seconds(9));
  EXPECT_EQ(offset.estimate(), absl::Milliseconds(4'980));
  // The clock is set back: after sixteen messages the old ones are forgotten.
  for (int i = 0; i < 14; ++i) hear(-absl::Seconds(2), absl::Milliseconds(100));
  EXPECT_EQ(offset.estimate(), absl::Milliseconds(4'980));
  hear(-absl::Seconds(2), absl::Milliseconds(100));
  EXPECT_EQ(offset.estimate(), -absl::Milliseconds(2'100));
}

}  // namespace
}  // namespace kansoku::aggregator
