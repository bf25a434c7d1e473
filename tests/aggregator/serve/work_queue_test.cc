// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/work_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

namespace kansoku::aggregator {
namespace {

TEST(WorkQueue, RunsEveryJobItTook) {
  std::atomic<int> ran = 0;
  {
    WorkQueue queue(2, 1'000);
    for (int i = 0; i < 1'000; ++i) EXPECT_TRUE(queue.TryPush([&] { ++ran; }));
  }
  EXPECT_EQ(ran, 1'000);
}

TEST(WorkQueue, RefusesMoreThanMayWait) {
  std::latch started(1);
  std::latch release(1);
  std::atomic<int> ran = 0;
  {
    WorkQueue queue(1, 2);
    ASSERT_TRUE(queue.TryPush([&] {
      started.count_down();
      release.wait();
    }));
    started.wait();
    EXPECT_TRUE(queue.TryPush([&] { ++ran; }));
    EXPECT_TRUE(queue.TryPush([&] { ++ran; }));
    EXPECT_FALSE(queue.TryPush([&] { ++ran; }));
    release.count_down();
  }
  EXPECT_EQ(ran, 2);
}

}  // namespace
}  // namespace kansoku::aggregator
