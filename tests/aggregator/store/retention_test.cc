// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/retention.h"

#include "gtest/gtest.h"
#include "tests/aggregator/store/sample_report.h"

namespace kansoku::aggregator {
namespace {

constexpr int64_t kHour = 3600;
constexpr int64_t kDay = 24 * kHour;
constexpr int64_t kNow = kSampleStart + 100 * kDay + 1234;

std::string Text(const std::vector<TierSpan>& spans) {
  std::string text;
  for (const TierSpan& span : spans) {
    text += "wfhe"[static_cast<int>(span.tier)];
    text += "[" + std::to_string((span.start_unix_seconds - kSampleStart)) + "," +
            std::to_string((span.end_unix_seconds - kSampleStart)) + ")";
  }
  return text;
}

const Horizons kHorizons = MoveHorizons({}, Retention{}, absl::FromUnixSeconds(kNow));

TEST(Retention, HorizonsAreWholeHours) {
  EXPECT_EQ(kHorizons[0], kSampleStart + 98 * kDay);
  EXPECT_EQ(kHorizons[1], kSampleStart + 38 * kDay);
  EXPECT_EQ(kHorizons[2], 0);
  EXPECT_EQ(kHorizons[3], 0);
}

TEST(Retention, HorizonsNeverMoveBack) {
  const Horizons again = MoveHorizons(kHorizons, Retention{}, absl::FromUnixSeconds(kNow - 5 * kDay));
  EXPECT_EQ(again, kHorizons);
  const Horizons longer =
      MoveHorizons(kHorizons, Retention{.window_hours = 1000}, absl::FromUnixSeconds(kNow + kHour));
  EXPECT_EQ(longer[0], kHorizons[0]);
}

TEST(Retention, EveryMomentIsInExactlyOneSpan) {
  // All ranges whose edges lie an hour or less around the horizons.
  for (const uint32_t step : {0u, 300u, 3600u}) {
    for (int64_t from = -3600; from <= 3600; from += 3600) {
      for (int64_t to = -3600; to <= 3600; to += 3600) {
        const int64_t start = kHorizons[1] + from, end = kHorizons[0] + to;
        const auto spans = PlanSpans(kHorizons, 10, start, end, step);
        if (!spans.ok()) {
          // Five-minute steps are not kept before the five-minute horizon, and nowhere else refused.
          EXPECT_TRUE(step == 300 && from < 0) << spans.status();
          continue;
        }
        int64_t at = start;
        for (const TierSpan& span : *spans) {
          EXPECT_EQ(span.start_unix_seconds, at);
          EXPECT_LT(span.start_unix_seconds, span.end_unix_seconds);
          at = span.end_unix_seconds;
        }
        EXPECT_EQ(at, end);
      }
    }
  }
}

TEST(Retention, TakesTheCoarsestTierThatFits) {
  const int64_t recent = kSampleStart + 99 * kDay;
  EXPECT_EQ(Text(*PlanSpans(kHorizons, 10, recent, recent + kHour, 3600)), "h[8553600,8557200)");
  EXPECT_EQ(Text(*PlanSpans(kHorizons, 10, recent, recent + kHour, 300)), "f[8553600,8557200)");
  EXPECT_EQ(Text(*PlanSpans(kHorizons, 10, recent, recent + kHour, 10)), "w[8553600,8557200)");
  EXPECT_EQ(Text(*PlanSpans(kHorizons, 10, recent, recent + 20, 0)), "w[8553600,8553620)");
}

TEST(Retention, SplitsAtTheHorizonOnlyWhereItMust) {
  const int64_t horizon = kHorizons[0];
  EXPECT_EQ(Text(*PlanSpans(kHorizons, 10, horizon - 300, horizon + 10, 0)),
            "f[8466900,8467200)w[8467200,8467210)");
  EXPECT_EQ(Text(*PlanSpans(kHorizons, 10, horizon - 300, horizon + 300, 300)), "f[8466900,8467500)");
}

TEST(Retention, SaysWhichEdgeDoesNotFitAndWhatToAskInstead) {
  const int64_t old = kSampleStart + 2 * kDay;
  const auto off = PlanSpans(kHorizons, 10, old + 10, old + kHour, 0);
  EXPECT_EQ(off.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(off.status().message(),
            "the start of the range, 2024-11-03T00:00:10Z, is not a multiple of 3600 s, in which this time "
            "is kept; "
            "ask for 2024-11-03T00:00:00Z or 2024-11-03T01:00:00Z");
  const auto fine = PlanSpans(kHorizons, 10, old, old + kHour, 10);
  EXPECT_EQ(fine.status().message(),
            "a step of 10 s is too fine: from 2024-11-03T00:00:00Z to 2024-11-03T01:00:00Z only multiples of "
            "3600 s "
            "are kept; ask for such a step, or for a later range");
  EXPECT_EQ(PlanSpans(kHorizons, 10, old + 5, old + kHour, 10).status().message(),
            "the start of the range, 2024-11-03T00:00:05Z, is not a multiple of 10 s, the step; "
            "ask for 2024-11-03T00:00:00Z or 2024-11-03T00:00:10Z");
  EXPECT_FALSE(PlanSpans(kHorizons, 10, old, old, 0).ok());
}

TEST(Retention, WindowsAreNotSplitBySteps) {
  const int64_t recent = kSampleStart + 99 * kDay;
  EXPECT_TRUE(PlanSpans(kHorizons, 60, recent, recent + 120, 60).ok());
  EXPECT_FALSE(PlanSpans(kHorizons, 60, recent, recent + 120, 10).ok());
}

TEST(Retention, WhatNoTierHoldsIsAskedOfTheHours) {
  const Horizons horizons = MoveHorizons(
      {}, Retention{.window_hours = 1, .five_minute_days = 10, .hour_days = 5}, absl::FromUnixSeconds(kNow));
  EXPECT_EQ(horizons[2], kSampleStart + 95 * kDay);
  EXPECT_EQ(Text(*PlanSpans(horizons, 10, kSampleStart, kSampleStart + 100 * kDay, 0)),
            "h[0,7776000)f[7776000,8208000)h[8208000,8640000)");
}

}  // namespace
}  // namespace kansoku::aggregator
