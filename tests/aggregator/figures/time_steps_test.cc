// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/time_steps.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace kansoku::aggregator {
namespace {

v1::TimeRange Range(int64_t start, int64_t end) {
  v1::TimeRange range;
  range.set_start_unix_seconds(start);
  range.set_end_unix_seconds(end);
  return range;
}

TEST(TimeSteps, CutsARangeEqually) {
  const auto steps = ToTimeSteps(Range(600, 1'500), 300);
  ASSERT_TRUE(steps.ok());
  EXPECT_EQ(steps->count(), 3u);
  EXPECT_EQ(steps->StepStart(899), 600);
  EXPECT_EQ(steps->StepStart(900), 900);
  EXPECT_EQ(steps->StepRange(900).end_unix_seconds(), 1'200);
}

TEST(TimeSteps, TakesStepZeroAsTheWholeRange) {
  const auto steps = ToTimeSteps(Range(610, 1'500), 0);
  ASSERT_TRUE(steps.ok());
  EXPECT_EQ(steps->count(), 1u);
  EXPECT_EQ(steps->StepStart(1'499), 610);
  EXPECT_EQ(steps->StepRange(610).end_unix_seconds(), 1'500);
}

TEST(TimeSteps, RefusesARangeThatHoldsNoTime) {
  EXPECT_EQ(ToTimeSteps(Range(0, 0), 0).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ToTimeSteps(Range(600, 300), 0).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(TimeSteps, RefusesTimesOutsideOfTheCalendar) {
  EXPECT_EQ(ToTimeSteps(Range(-300, 300), 0).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ToTimeSteps(Range(0, INT64_MAX), 0).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ToTimeSteps(Range(INT64_MIN, INT64_MAX), 0).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(TimeSteps, SaysWhatToAskInsteadOfUnevenEdges) {
  const auto steps = ToTimeSteps(Range(610, 1'490), 300);
  EXPECT_EQ(steps.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(std::string(steps.status().message()).find("ask for [600, 1500)"), std::string::npos)
      << steps.status();
}

}  // namespace
}  // namespace kansoku::aggregator
