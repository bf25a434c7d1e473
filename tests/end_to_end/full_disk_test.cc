// SPDX-License-Identifier: Apache-2.0
//
// The aggregator whose store lies on a disk that is full for a while: a real file system, which is small.
#include <filesystem>

#include "tests/end_to_end/store_on_disk.h"
#include "tests/faults/small_disk.h"
#include "tests/testing/skip_or_fail.h"

namespace kansoku::testing {
namespace {

bool can_mount = false;

class FullDisk : public StoreOnDisk {
 protected:
  void SetUp() override {
    if (!can_mount) {
      return SkipOrFail(
          "file systems in memory cannot be mounted here: run as root, or allow user namespaces");
    }
    std::filesystem::create_directory(dir_.File("disk"));
    disk_ = std::make_unique<SmallDisk>(dir_.File("disk"), 8 << 20);
    StartAggregator(dir_.File("disk/store.db"));
  }
  void TearDown() override { aggregator_.reset(); }

  std::unique_ptr<SmallDisk> disk_;
};

TEST_F(FullDisk, StopsAcknowledgingGoesOnReadingAndRecoversAlone) {
  ASSERT_EQ(Send(1, 5).acknowledged, 5u);
  EXPECT_EQ(Health("kansoku.v1.Ingest"), kServing);
  disk_->Fill(0);
  const Sent refused = Send(6, 500);
  EXPECT_EQ(refused.acknowledged, 0u);
  EXPECT_TRUE(refused.status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED ||
              refused.status.error_code() == grpc::StatusCode::UNAVAILABLE)
      << refused.status.error_message();
  EXPECT_NE(aggregator_->WaitForLine("the store cannot be written"), "");
  EXPECT_EQ(Health("kansoku.v1.Ingest"), kNotServing);
  EXPECT_EQ(Health("kansoku.v1.Query"), kServing);
  EXPECT_EQ(Windows(), 5u);
  EXPECT_NE(Metrics().find("\nkansoku_store_writable 0\n"), std::string::npos);

  disk_->Free();
  // No collector asks for it.
  EXPECT_NE(aggregator_->WaitForLine("the store can be written again"), "");
  EXPECT_EQ(Health("kansoku.v1.Ingest"), kServing);
  EXPECT_NE(Metrics().find("\nkansoku_store_writable 1\n"), std::string::npos);
  const Sent taken = Send(6, 500);
  EXPECT_EQ(taken.welcomed, 5u);
  EXPECT_EQ(taken.acknowledged, 505u);
  EXPECT_EQ(Windows(), 505u);
}

}  // namespace
}  // namespace kansoku::testing

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  kansoku::testing::can_mount = kansoku::testing::EnterOwnMounts();
  return RUN_ALL_TESTS();
}
