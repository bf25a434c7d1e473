// SPDX-License-Identifier: Apache-2.0
//
// Power that is lost after any commit: what was acknowledged is in the store afterwards, whole and once.
#include <filesystem>

#include "tests/aggregator/store/store_contents.h"
#include "tests/aggregator/store/store_folder.h"
#include "tests/testing/synced_files.h"

namespace kansoku::aggregator {
namespace {

TEST(StorePowerLoss, WhatWasAcknowledgedIsThereWheneverPowerIsLost) {
  testing::WatchSyncs();
  const StoreFolder folder;
  const std::string files = folder.File("files"), left = folder.File("left");
  std::filesystem::create_directory(files);
  auto store = OpenStore(files + "/store.db");
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  constexpr uint64_t kReportsOfABatch = 7;
  for (uint64_t batch = 0; batch < 40; ++batch) {
    const uint64_t through = (batch + 1) * kReportsOfABatch;
    const auto acknowledged =
        Commit(*store, {{.collector = "tokyo",
                         .epoch = 1,
                         .reports = Reports("tokyo", batch * kReportsOfABatch + 1, kReportsOfABatch)}});
    ASSERT_TRUE(acknowledged.ok()) << acknowledged.status();
    ASSERT_EQ(acknowledged->at(0), through);
    const std::string expected = Dump(*store);
    for (const uint64_t seed : {uint64_t{0}, batch + 1}) {
      testing::LosePower(files, seed, left);
      const auto reopened = OpenStore(left + "/store.db");
      ASSERT_NE(reopened, nullptr);
      EXPECT_EQ(Dump(*reopened), expected) << "batch " << batch << ", seed " << seed;
      const auto welcomed = reopened->Welcome(SampleHello("tokyo"), kNow);
      ASSERT_TRUE(welcomed.ok()) << welcomed.status();
      EXPECT_EQ(*welcomed, through);
    }
  }
}

}  // namespace
}  // namespace kansoku::aggregator
