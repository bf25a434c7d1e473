// SPDX-License-Identifier: Apache-2.0
//
// A spool on a disk that is full for a while: a real file system, which is small.
#include <filesystem>

#include "tests/collector/export/exporter_fixture.h"
#include "tests/faults/small_disk.h"
#include "tests/testing/skip_or_fail.h"

namespace kansoku::collector {
namespace {

constexpr size_t kLargeOctets = 100'000;  // so that a report does not fit into what the files have already

bool can_mount = false;

class SpoolDisk : public ExporterTest {
 protected:
  void SetUp() override {
    if (!can_mount) {
      return testing::SkipOrFail(
          "file systems in memory cannot be mounted here: run as root, or allow user namespaces");
    }
    std::filesystem::create_directory(folder_ + "/disk");
    disk_ = std::make_unique<testing::SmallDisk>(folder_ + "/disk", 16 << 20);
    options_.spool.set_path(folder_ + "/disk/spool.db");
    options_.max_queued_reports = 4;
  }

  std::unique_ptr<testing::SmallDisk> disk_;
};

TEST_F(SpoolDisk, WhileItIsFullEachLostWindowHasATombstoneAndAfterwardsItCarriesOn) {
  auto exporter = Start();
  Submit(*exporter, 1, 3);
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  disk_->Fill(0);
  constexpr uint64_t kLast = 40;
  exporter->Submit(SampleReport(4, kLargeOctets));
  ASSERT_TRUE(SaidWithin30Seconds("the disk is full; make room; reports wait in memory")) << lines();
  for (uint64_t n = 5; n <= kLast; ++n) exporter->Submit(SampleReport(n, kLargeOctets));
  EXPECT_EQ(exporter->Status().waiting, kLast - 3);
  EXPECT_NE(exporter->Status().spool_error, "");

  disk_->Free();
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  EXPECT_TRUE(SaidWithin30Seconds("can be written again")) << lines();
  const auto stored = aggregator_.Stored(exporter->Status().epoch);
  ASSERT_EQ(stored.size(), kLast);
  uint64_t tombstones = 0;
  for (const auto& [sequence, entry] : stored) {
    const bool is_lost = entry.has_tombstone();
    tombstones += is_lost;
    EXPECT_EQ(entry.tombstone().reason(),
              is_lost ? v1::Tombstone::REASON_QUEUE_FULL : v1::Tombstone::REASON_UNSPECIFIED);
    const uint64_t packets = is_lost ? entry.tombstone().captured_packets()
                                     : entry.report().measurement().ledger().captured_packets();
    EXPECT_EQ(packets, sequence);
  }
  // One was on its way to the disk, and four had room in the queue.
  EXPECT_EQ(tombstones, kLast - 3 - 1 - 4);
  const ExportStatus status = exporter->Status();
  EXPECT_EQ(status.spool.evicted[v1::Tombstone::REASON_QUEUE_FULL], tombstones);
  EXPECT_EQ(status.delivery.reports_acknowledged(), kLast - tombstones);
  EXPECT_EQ(status.delivery.reports_closed(), kLast);
}

}  // namespace
}  // namespace kansoku::collector

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  kansoku::collector::can_mount = kansoku::testing::EnterOwnMounts();
  return RUN_ALL_TESTS();
}
