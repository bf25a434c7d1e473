// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/send_rate.h"

#include <gtest/gtest.h>

namespace kansoku::aggregator {
namespace {

constexpr absl::Duration kLive = absl::Seconds(10);  // one point with windows of ten seconds
const absl::Time kNow = absl::FromUnixSeconds(1'730'419'200);

SendLimits Limits() {
  return {.times_live = 100,
          .octets_per_second = 1'000,
          .burst = absl::Seconds(2),
          .longest_pause = absl::Seconds(60)};
}

TEST(SendRate, IsNotFeltBelowTheLimit) {
  SendRates rates(Limits());
  // Ten reports a second are a hundred times live.
  for (int second = 0; second < 1'000; ++second) {
    EXPECT_EQ(rates.Take("tokyo", kLive, 10, 1'000, kNow + absl::Seconds(second)), absl::ZeroDuration());
  }
}

TEST(SendRate, OfReportsGrowsWithWhatThePointsMake) {
  SendRates rates(Limits());
  EXPECT_EQ(rates.Take("tokyo", kLive, 20, 0, kNow), absl::ZeroDuration()) << "the burst";
  EXPECT_EQ(rates.Take("tokyo", kLive, 10, 0, kNow), absl::Seconds(1));
  EXPECT_EQ(rates.Take("osaka", kLive / 10, 300, 0, kNow), absl::Seconds(1)) << "ten points";
}

TEST(SendRate, OfOctetsHoldsForAnyReports) {
  SendRates rates(Limits());
  EXPECT_EQ(rates.Take("tokyo", kLive, 1, 2'000, kNow), absl::ZeroDuration());
  EXPECT_EQ(rates.Take("tokyo", kLive, 0, 500, kNow), absl::Milliseconds(500));
  EXPECT_EQ(rates.Take("tokyo", kLive, 0, 500, kNow + absl::Seconds(1)), absl::ZeroDuration());
}

TEST(SendRate, OfOneCollectorIsNotAnothers) {
  SendRates rates(Limits());
  EXPECT_EQ(rates.Take("tokyo", kLive, 120, 0, kNow), absl::Seconds(10));
  EXPECT_EQ(rates.Take("osaka", kLive, 20, 0, kNow), absl::ZeroDuration());
}

TEST(SendRate, IsPaidForInBoundedPauses) {
  SendRates rates(Limits());
  EXPECT_EQ(rates.Take("tokyo", kLive, 820, 0, kNow), absl::Seconds(60));
  EXPECT_EQ(rates.Take("tokyo", kLive, 0, 0, kNow + absl::Seconds(60)), absl::Seconds(20));
  EXPECT_EQ(rates.Take("tokyo", kLive, 0, 0, kNow + absl::Seconds(80)), absl::ZeroDuration());
}

TEST(SendRate, LeavesABacklogOfAnHourAlone) {
  SendRates rates(SendLimits{});
  EXPECT_EQ(rates.Take("tokyo", kLive, 360, 360 * 10'000, kNow), absl::ZeroDuration());
}

// The largest reports that there are, sixty times as fast as they are made.
TEST(SendRate, AllowsSixtyTimesLiveOfTheLargestReports) {
  SendRates rates(SendLimits{});
  for (int second = 0; second < 100; ++second) {
    EXPECT_EQ(rates.Take("tokyo", kLive, 6, 6 * 10'000'000, kNow + absl::Seconds(second)),
              absl::ZeroDuration());
  }
}

}  // namespace
}  // namespace kansoku::aggregator
