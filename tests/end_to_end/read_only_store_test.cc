// SPDX-License-Identifier: Apache-2.0
//
// The aggregator whose store lies on a disk that turns read-only.
#include "tests/end_to_end/store_on_disk.h"
#include "tests/faults/failing_disk.h"
#include "tests/testing/skip_or_fail.h"

namespace kansoku::testing {
namespace {

class ReadOnlyStore : public StoreOnDisk {
 protected:
  void SetUp() override {
    disk_ = FailingDisk::Make(dir_.path());
    if (disk_ == nullptr) return SkipOrFail("needs root, loop devices and e2fsprogs");
    StartAggregator(disk_->File("store.db"));
  }
  void TearDown() override { aggregator_.reset(); }

  std::unique_ptr<FailingDisk> disk_;
};

TEST_F(ReadOnlyStore, StopsAcknowledgingGoesOnReadingAndHoldsWhatItAcknowledgedAfterRepair) {
  ASSERT_EQ(Send(1, 5).acknowledged, 5u);
  disk_->Fail();
  const Sent refused = Send(6, 20);
  EXPECT_EQ(refused.acknowledged, 0u);
  EXPECT_FALSE(refused.status.ok());
  EXPECT_NE(aggregator_->WaitForLine("the store cannot be written"), "");
  EXPECT_EQ(Health("kansoku.v1.Ingest"), kNotServing);
  EXPECT_EQ(Health("kansoku.v1.Query"), kServing);
  EXPECT_EQ(Windows(), 5u);
  EXPECT_NE(Metrics().find("\nkansoku_store_writable 0\n"), std::string::npos);
  const Finished doctor = RunProgram(
      {KANSOKU_CTL, "--aggregator", address_, "doctor", "--metrics", "none", "--prometheus", "none"});
  EXPECT_EQ(doctor.exit_status, 1);
  EXPECT_TRUE(doctor.err.starts_with("kansokuctl: the chain is broken at store: "))
      << doctor.out << doctor.err;

  aggregator_.reset();
  ASSERT_TRUE(disk_->Repair());
  StartAggregator(disk_->File("store.db"));
  EXPECT_EQ(Windows(), 5u);
  const Sent taken = Send(6, 20);
  EXPECT_EQ(taken.welcomed, 5u);
  EXPECT_EQ(taken.acknowledged, 25u);
  EXPECT_EQ(Windows(), 25u);
}

}  // namespace
}  // namespace kansoku::testing
