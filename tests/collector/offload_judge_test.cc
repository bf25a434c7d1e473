// SPDX-License-Identifier: Apache-2.0
#include "collector/offload_judge.h"

#include <gtest/gtest.h>

namespace kansoku::collector {
namespace {

v1::WindowReport Window(uint64_t nic_packets, uint64_t tap_packets, uint64_t segmented_packets = 0,
                        uint32_t window_seconds = 10) {
  v1::WindowReport report;
  report.set_window_seconds(window_seconds);
  v1::Ledger& ledger = *report.mutable_measurement()->mutable_ledger();
  ledger.set_nic_packets(nic_packets);
  ledger.set_tap_packets(tap_packets);
  ledger.set_segmented_packets(segmented_packets);
  return report;
}

TEST(OffloadJudge, AllowsABurstAndWhatTheKernelHolds) {
  OffloadJudge judge(1);
  // 1 of 100 that no capture sees, and 0.1 s of 10.
  EXPECT_FALSE(judge.IsOffloaded(Window(100'000, 90'000, 8'000)));
  EXPECT_TRUE(judge.IsOffloaded(Window(100'000, 90'000, 7'999)));
  EXPECT_FALSE(judge.IsOffloaded(Window(100'000, 98'000)));
  EXPECT_FALSE(judge.IsOffloaded(Window(64, 0)));
  EXPECT_TRUE(judge.IsOffloaded(Window(65, 0)));
  EXPECT_FALSE(judge.IsOffloaded(Window(0, 100)));
}

TEST(OffloadJudge, ShortWindowsAreAllowedMore) {
  OffloadJudge judge(1);
  EXPECT_FALSE(judge.IsOffloaded(Window(100'000, 89'000, 0, 1)));
  EXPECT_TRUE(judge.IsOffloaded(Window(100'000, 88'999, 0, 1)));
}

TEST(OffloadJudge, WorkersThatShareALinkReadASecondApart) {
  OffloadJudge judge(2);
  // 1 of 100, and 1.2 s of 10.
  EXPECT_FALSE(judge.IsOffloaded(Window(100'000, 86'999)));  // the next may have what this one lacks
  EXPECT_TRUE(judge.IsOffloaded(Window(100'000, 86'999)));
  EXPECT_TRUE(judge.IsOffloaded(Window(100'000, 50'000)));
  EXPECT_FALSE(judge.IsOffloaded(Window(100'000, 87'000)));
  EXPECT_FALSE(judge.IsOffloaded(Window(100'000, 0)));
  EXPECT_FALSE(judge.IsOffloaded(Window(100'000, 200'000)));
  EXPECT_FALSE(judge.IsOffloaded(Window(100'000, 0)));
  EXPECT_TRUE(judge.IsOffloaded(Window(100'000, 0)));
}

TEST(OffloadJudge, APartialWindowOfAWorkerSaysNothing) {
  OffloadJudge judge(2);
  v1::WindowReport partial = Window(100'000, 0);
  partial.mutable_measurement()->add_flags(v1::QUALITY_FLAG_PARTIAL);
  EXPECT_FALSE(judge.IsOffloaded(partial));
  EXPECT_FALSE(judge.IsOffloaded(partial));
  EXPECT_FALSE(judge.IsOffloaded(Window(100'000, 0)));
  EXPECT_TRUE(judge.IsOffloaded(Window(100'000, 0)));
  EXPECT_FALSE(judge.IsOffloaded(partial));
}

TEST(OffloadJudge, APartialWindowOfTheOnlyWorkerIsJudged) {
  OffloadJudge judge(1);
  v1::WindowReport partial = Window(100'000, 0);
  partial.mutable_measurement()->add_flags(v1::QUALITY_FLAG_PARTIAL);
  EXPECT_TRUE(judge.IsOffloaded(partial));
}

}  // namespace
}  // namespace kansoku::collector
