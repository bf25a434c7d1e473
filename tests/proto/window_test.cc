// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/window.h"

#include <gtest/gtest.h>

#include <limits>

namespace kansoku {
namespace {

constexpr int64_t kSecond = kNanosecondsPerSecond;

TEST(Window, FloorsTowardsThePast) {
  EXPECT_EQ(FloorTo(0, 10), 0);
  EXPECT_EQ(FloorTo(9, 10), 0);
  EXPECT_EQ(FloorTo(10, 10), 10);
  EXPECT_EQ(FloorTo(-1, 10), -10);
  EXPECT_EQ(FloorTo(-10, 10), -10);
  EXPECT_EQ(FloorTo(-11, 10), -20);
}

TEST(Window, CeilsTowardsTheFuture) {
  EXPECT_EQ(CeilTo(0, 10), 0);
  EXPECT_EQ(CeilTo(1, 10), 10);
  EXPECT_EQ(CeilTo(10, 10), 10);
  EXPECT_EQ(CeilTo(-1, 10), 0);
  EXPECT_EQ(CeilTo(-10, 10), -10);
  EXPECT_EQ(CeilTo(-11, 10), -10);
}

TEST(Window, IsHalfOpen) {
  EXPECT_EQ(WindowStart(20 * kSecond - 1, 10), 10);
  EXPECT_EQ(WindowStart(20 * kSecond, 10), 20);
  EXPECT_EQ(WindowStart(30 * kSecond - 1, 10), 20);
}

TEST(Window, HoldsInstantsBefore1970) {
  EXPECT_EQ(WindowStart(-1, 10), -10);
  EXPECT_EQ(WindowStart(-10 * kSecond, 10), -10);
  EXPECT_EQ(WindowStart(-10 * kSecond - 1, 10), -20);
}

TEST(Window, ReachesToTheEndsOfTheClock) {
  EXPECT_EQ(WindowStart(std::numeric_limits<int64_t>::max(), 300), 9'223'371'900);
  EXPECT_EQ(WindowStart(std::numeric_limits<int64_t>::min(), 300), -9'223'372'200);
}

TEST(Window, LengthDividesFiveMinutes) {
  for (const uint32_t good : {1u, 2u, 5u, 10u, 60u, 150u, 300u}) EXPECT_TRUE(IsWindowLength(good)) << good;
  for (const uint32_t bad : {0u, 7u, 90u, 301u, 600u}) EXPECT_FALSE(IsWindowLength(bad)) << bad;
}

}  // namespace
}  // namespace kansoku
