// SPDX-License-Identifier: Apache-2.0
//
// A spool whose disk turns read-only under it.
#include "tests/collector/export/exporter_fixture.h"
#include "tests/faults/failing_disk.h"
#include "tests/testing/skip_or_fail.h"

namespace kansoku::collector {
namespace {

class ReadOnlySpool : public ExporterTest {
 protected:
  void SetUp() override {
    disk_ = testing::FailingDisk::Make(folder_);
    if (disk_ == nullptr) return testing::SkipOrFail("needs root, loop devices and e2fsprogs");
    options_.spool.set_path(disk_->File("spool.db"));
  }

  std::unique_ptr<testing::FailingDisk> disk_;
};

TEST_F(ReadOnlySpool, KeepsWhatWasStoredAndSaysWhatIsLost) {
  const uint64_t epoch = LeaveTwentyReports();
  aggregator_.StopServer();
  auto exporter = Start();
  disk_->Fail();
  exporter->Submit(SampleReport(21));
  ASSERT_TRUE(SaidWithin30Seconds("reports wait in memory")) << lines();
  EXPECT_EQ(exporter->Status().waiting, 1u);
  EXPECT_NE(exporter->Status().spool_error, "");

  // Nobody can keep what never reached a disk.
  exporter->Stop();
  EXPECT_TRUE(SaidWithin30Seconds("1 reports are lost: spool")) << lines();
  exporter.reset();

  ASSERT_TRUE(disk_->Repair());
  aggregator_.StartServer();
  exporter = Start();
  Submit(*exporter, 22, 22);
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  ExpectStored(epoch, 20);
  ExpectStored(exporter->Status().epoch, 22, 22);
  EXPECT_EQ(exporter->Status().delivery.reports_closed(), 21u);
  EXPECT_EQ(exporter->Status().delivery.reports_acknowledged(), 21u);
}

}  // namespace
}  // namespace kansoku::collector
