// SPDX-License-Identifier: Apache-2.0
//
// Reports that give way while they are on their way to the aggregator.
#include "tests/collector/export/spool_file.h"

namespace kansoku::collector {
namespace {

class SpoolEviction : public SpoolFile {
 protected:
  // Room for three reports.
  std::unique_ptr<Spool> OpenSmall() { return Open(3 * SampleReport(1).ByteSizeLong()); }

  static void AppendSent(Spool& spool, uint64_t n, uint64_t sent_through) {
    const std::vector<v1::SequencedReport> entries = {SampleEntry(n)};
    ASSERT_TRUE(spool.Append(entries, absl::UnixEpoch(), sent_through).ok());
  }
};

TEST_F(SpoolEviction, AReportThatGaveWayAfterItWasSentIsAcknowledgedIfItHadArrived) {
  auto spool = OpenSmall();
  Append(*spool, 1, 3);
  AppendSent(*spool, 4, 2);
  AppendSent(*spool, 5, 2);
  AppendSent(*spool, 6, 2);
  EXPECT_EQ(Summary(ReadAll(*spool)), "1:t1 2:t2 3:t3 4:4 5:5 6:6");
  EXPECT_EQ(Account(*spool), "6 = 0 + 3 + 3");
  ASSERT_TRUE(spool->TrimThrough(2).ok());
  EXPECT_EQ(Account(*spool), "6 = 2 + 3 + 1");
  EXPECT_EQ(spool->spool_account().evicted[v1::Tombstone::REASON_SPOOL_FULL], 1u);
  ASSERT_TRUE(spool->TrimThrough(6).ok());
  EXPECT_EQ(Account(*spool), "6 = 5 + 0 + 1");
}

TEST_F(SpoolEviction, AReportThatGaveWayAndHadNotArrivedStaysEvicted) {
  auto spool = OpenSmall();
  Append(*spool, 1, 3);
  AppendSent(*spool, 4, 3);
  AppendSent(*spool, 5, 3);
  ASSERT_TRUE(spool->Settle(1).ok());  // the first had arrived, the second had not
  EXPECT_EQ(Account(*spool), "5 = 0 + 3 + 2");
  ASSERT_TRUE(spool->TrimThrough(5).ok());
  EXPECT_EQ(Account(*spool), "5 = 4 + 0 + 1");
}

TEST_F(SpoolEviction, WhetherItHadArrivedIsAskedAcrossARestart) {
  auto spool = OpenSmall();
  Append(*spool, 1, 3);
  AppendSent(*spool, 4, 3);
  spool.reset();
  spool = OpenSmall();
  EXPECT_EQ(Account(*spool), "4 = 0 + 3 + 1");
  EXPECT_EQ(spool->held_bytes(), 3 * SampleReport(1).ByteSizeLong());
  ASSERT_TRUE(spool->TrimThrough(1).ok());
  EXPECT_EQ(Account(*spool), "4 = 1 + 3 + 0");
}

TEST_F(SpoolEviction, ALostAccountHoldsUpNothing) {
  auto spool = OpenSmall();
  Append(*spool, 1, 3);
  AppendSent(*spool, 4, 3);
  spool.reset();
  Sql(path_, "DELETE FROM account");
  std::filesystem::remove(path_ + "-account");
  spool = OpenSmall();
  ASSERT_TRUE(spool->TrimThrough(1).ok());
  EXPECT_EQ(Account(*spool), "4 = 0 + 3 + 1");
  EXPECT_EQ(spool->spool_account().evicted[v1::Tombstone::REASON_DAMAGED], 1u);
}

TEST_F(SpoolEviction, OnlyTheOldestEpochIsOnItsWay) {
  auto spool = OpenSmall();
  Append(*spool, 1, 1);
  spool.reset();
  spool = OpenSmall();
  Append(*spool, 2, 3);
  AppendSent(*spool, 4, 9);  // of the first epoch, which has one
  AppendSent(*spool, 5, 9);
  EXPECT_EQ(Account(*spool), "5 = 0 + 3 + 2");
  ASSERT_TRUE(spool->TrimThrough(1).ok());
  EXPECT_EQ(Account(*spool), "5 = 1 + 3 + 1");
  ASSERT_TRUE(spool->TrimThrough(4).ok());
  EXPECT_EQ(Account(*spool), "5 = 4 + 0 + 1");
}

}  // namespace
}  // namespace kansoku::collector
