// SPDX-License-Identifier: Apache-2.0
//
// What the exporter does with spools of earlier runs: whole, copied and damaged ones.
#include <thread>

#include "tests/collector/export/exporter_fixture.h"

namespace kansoku::collector {
namespace {

TEST_F(ExporterTest, SendsWhatAnEarlierRunLeftInTheSpool) {
  const uint64_t first_epoch = LeaveTwentyReports();
  auto exporter = Start();
  Submit(*exporter, 21, 30);
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  ExpectStored(first_epoch, 20);
  EXPECT_NE(exporter->Status().epoch, first_epoch);
  ExpectStored(exporter->Status().epoch, 30, 21);
  EXPECT_EQ(exporter->Status().delivery.reports_acknowledged(), 30u);
  EXPECT_EQ(exporter->Status().reconnects, 0u);
}

TEST_F(ExporterTest, SendsNothingTwiceFromAnOldCopyOfItsSpool) {
  auto exporter = Start();
  aggregator_.Behave({.acknowledge = false});
  Submit(*exporter, 1, 10);
  exporter->Stop();
  const uint64_t shared_epoch = exporter->Status().epoch;
  exporter.reset();
  const std::string copy = folder_ + "/copy.db";
  std::filesystem::copy_file(options_.spool.path(), copy);
  aggregator_.Behave({});
  exporter = Start();
  Submit(*exporter, 11, 20);
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  const uint64_t second_epoch = exporter->Status().epoch;
  exporter->Stop();

  options_.spool.set_path(copy);
  exporter = Start();
  Submit(*exporter, 21, 25);
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  ExpectStored(shared_epoch, 10);
  ExpectStored(second_epoch, 20, 11);
  ExpectStored(exporter->Status().epoch, 25, 21);
}

TEST_F(ExporterTest, RepairsADamagedSpoolAndSaysSo) {
  const uint64_t first_epoch = LeaveTwentyReports();
  ChangeSpool(
      "UPDATE content SET report = x'00' WHERE place = 7; UPDATE entry SET point = 'q' WHERE place = 9");

  auto exporter = Start();
  EXPECT_EQ(exporter->Status().repairs, 1u);
  EXPECT_NE(
      lines().find("damaged: an entry is lost; it was rebuilt: 19 entries are kept, 1 reports are lost"),
      std::string::npos)
      << lines();
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  const auto stored = aggregator_.Stored(first_epoch);
  ASSERT_EQ(stored.size(), 20u);
  for (const auto& [sequence, entry] : stored) {
    EXPECT_EQ(entry.has_tombstone(), sequence == 7);
    EXPECT_EQ(entry.has_tombstone() ? entry.tombstone().captured_packets()
                                    : entry.report().measurement().ledger().captured_packets(),
              sequence);
  }
  EXPECT_EQ(exporter->Status().spool.evicted[v1::Tombstone::REASON_DAMAGED], 1u);
}

TEST_F(ExporterTest, RepairsWhatTurnsOutDamagedWhileItRuns) {
  const uint64_t first_epoch = LeaveTwentyReports();
  ChangeSpool("DELETE FROM content WHERE place = 20");

  auto exporter = Start();
  Submit(*exporter, 21, 22);
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  EXPECT_NE(lines().find("report 20 is damaged; it was rebuilt"), std::string::npos) << lines();
  EXPECT_EQ(exporter->Status().repairs, 1u);
  EXPECT_EQ(exporter->Status().delivery.reports_acknowledged(), 21u);
  EXPECT_TRUE(aggregator_.Stored(first_epoch).at(20).has_tombstone());
  ExpectStored(exporter->Status().epoch, 22, 21);
}

TEST_F(ExporterTest, StartsANewEpochWhenTheSpoolIsOlderThanTheAggregatorKnows) {
  aggregator_.Behave({.claim_committed = 80});
  aggregator_.StopServer();
  auto exporter = Start();
  const uint64_t first_epoch = exporter->Status().epoch;
  Submit(*exporter, 1, 10);
  aggregator_.StartServer();
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  EXPECT_NE(exporter->Status().epoch, first_epoch);
  ExpectStored(exporter->Status().epoch, 10);
  EXPECT_TRUE(aggregator_.Stored(first_epoch).empty());
  EXPECT_NE(lines().find("starts a new epoch with the 10 reports it holds that were never sent; 0 that may"),
            std::string::npos)
      << lines();
}

// Whether what had given way had arrived is known with Welcome, and has to be written down first.
TEST_F(ExporterTest, ASpoolThatCannotBeWrittenAtWelcomeIsSaidOnce) {
  {
    auto spool = Spool::Open(options_.spool.path(), {.max_bytes = 3 * SampleReport(1).ByteSizeLong()});
    ASSERT_TRUE(spool.ok()) << spool.status();
    for (uint64_t n = 1; n <= 4; ++n)
      ASSERT_TRUE((*spool)->Append(std::vector{SampleEntry(n)}, absl::UnixEpoch(), 3).ok());
  }
  ChangeSpool(
      "CREATE TRIGGER no_room BEFORE INSERT ON entry WHEN NEW.reason != 0 "
      "BEGIN SELECT RAISE(FAIL, 'no room'); END");
  auto exporter = Start();
  for (uint64_t streams = aggregator_.streams(); streams < 3; streams = aggregator_.streams())
    std::this_thread::yield();
  exporter->Stop();
  const std::string said = "next try in";
  const size_t first = lines().find(said);
  EXPECT_NE(first, std::string::npos) << lines();
  EXPECT_EQ(lines().find(said, first + 1), std::string::npos) << lines();
  EXPECT_FALSE(exporter->Status().connected);
}

TEST_F(ExporterTest, DoesNotSendAgainWhatMayHaveBeenCountedWhenNumbersDisagree) {
  aggregator_.Behave({.acknowledge = false});
  options_.aggregator.set_acknowledgement_deadline_seconds(1);
  options_.aggregator.set_max_batch_bytes(1);  // each report is sent at once
  auto exporter = Start();
  const uint64_t first_epoch = exporter->Status().epoch;
  Submit(*exporter, 1, 10);
  ASSERT_TRUE(SaidWithin30Seconds("no acknowledgement for 1 s")) << lines();
  // On a busy machine the first stream may have ended before all were sent; the next one sends them.
  while (aggregator_.Stored(first_epoch).size() < 10) std::this_thread::yield();
  aggregator_.Behave({.claim_committed = 80});
  ASSERT_TRUE(exporter->Drain(Soon())) << lines();
  ExpectStored(first_epoch, 10);
  const auto stored = aggregator_.Stored(exporter->Status().epoch);
  ASSERT_EQ(stored.size(), 10u);
  for (const auto& [sequence, entry] : stored) {
    EXPECT_EQ(entry.tombstone().reason(), v1::Tombstone::REASON_UNDECIDED);
  }
  EXPECT_EQ(exporter->Status().spool.evicted[v1::Tombstone::REASON_UNDECIDED], 10u);
}

}  // namespace
}  // namespace kansoku::collector
