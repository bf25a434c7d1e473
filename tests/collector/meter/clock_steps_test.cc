// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/clock_steps.h"

#include <gtest/gtest.h>

namespace kansoku::collector {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kMs = 1'000'000;
constexpr int64_t kStart = 1'700'000'400 * kSecond;

// Clocks after so much time, when the one that can be set was set by so much in all.
ClockReading After(int64_t elapsed_ns, int64_t set_ns = 0) {
  return {.unix_ns = kStart + elapsed_ns + set_ns, .steady_ns = 77 * kSecond + elapsed_ns};
}

TEST(ClockSteps, TimeThatPassesIsNoStep) {
  ClockSteps steps;
  EXPECT_FALSE(steps.Take(kStart, After(0)));
  EXPECT_FALSE(steps.Take(kStart + 10 * kSecond, After(10 * kSecond)));
  // Read late, after a stall.
  EXPECT_FALSE(steps.Take(kStart + 20 * kSecond, After(4000 * kSecond)));
  EXPECT_FALSE(steps.Take(kStart + 4000 * kSecond, After(4000 * kSecond)));
}

TEST(ClockSteps, AStepForwardShowsWhereTimeFollowsIt) {
  ClockSteps steps;
  EXPECT_FALSE(steps.Take(kStart, After(0)));
  // A packet from before.
  EXPECT_FALSE(steps.Take(kStart + 10 * kSecond, After(10 * kSecond, 3600 * kSecond)));
  EXPECT_TRUE(steps.Take(kStart + 3610 * kSecond, After(10 * kSecond, 3600 * kSecond)));
  EXPECT_FALSE(steps.Take(kStart + 3620 * kSecond, After(20 * kSecond, 3600 * kSecond)));
}

TEST(ClockSteps, AStepBackShowsAtOnce) {
  ClockSteps steps;
  EXPECT_FALSE(steps.Take(kStart, After(0)));
  EXPECT_TRUE(steps.Take(kStart + 10 * kSecond, After(10 * kSecond, -5 * kSecond)));
  EXPECT_FALSE(steps.Take(kStart + 15 * kSecond, After(20 * kSecond, -5 * kSecond)));
}

TEST(ClockSteps, WhatMakesLittleOfAWindowIsNoStep) {
  ClockSteps steps;
  EXPECT_FALSE(steps.Take(kStart, After(0)));
  EXPECT_FALSE(steps.Take(kStart + 100 * kMs, After(0, 100 * kMs)));
  EXPECT_FALSE(steps.Take(kStart + 200 * kMs, After(0, 200 * kMs)));
  EXPECT_FALSE(steps.Take(kStart + 100 * kMs, After(0, 100 * kMs)));
  EXPECT_TRUE(steps.Take(kStart + 201 * kMs, After(0, 201 * kMs)));
  EXPECT_TRUE(steps.Take(kStart + 100 * kMs, After(0, 100 * kMs)));
}

}  // namespace
}  // namespace kansoku::collector
