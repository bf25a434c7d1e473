// SPDX-License-Identifier: Apache-2.0
#include "collector/export/spool.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "proto/contract/identity.h"
#include "tests/collector/export/sample_report.h"
#include "tests/collector/export/spool_file.h"

namespace kansoku::collector {
namespace {

using SpoolTest = SpoolFile;

TEST_F(SpoolTest, NumbersReportsFromOneWithoutGaps) {
  auto spool = Open();
  EXPECT_EQ(spool->first_sequence(), 1u);
  EXPECT_EQ(spool->last_sequence(), 0u);
  EXPECT_NE(spool->epoch(), 0u);
  Append(*spool, 7, 9);
  Append(*spool, 10, 10);
  EXPECT_EQ(Summary(ReadAll(*spool)), "1:7 2:8 3:9 4:10");
  EXPECT_EQ(ReadAll(*spool)[1].report().SerializeAsString(), SampleReport(8).SerializeAsString());
  EXPECT_EQ(Account(*spool), "4 = 0 + 4 + 0");
}

TEST_F(SpoolTest, KeepsOrderEpochAndAccountAcrossRestart) {
  auto spool = Open();
  const uint64_t epoch = spool->epoch();
  Append(*spool, 1, 5);
  ASSERT_TRUE(spool->TrimThrough(2).ok());
  spool.reset();

  spool = Open();
  EXPECT_FALSE(spool->repair_at_open().has_value());
  EXPECT_EQ(spool->epoch(), epoch);
  EXPECT_EQ(spool->first_sequence(), 3u);
  EXPECT_EQ(Summary(ReadAll(*spool)), "3:3 4:4 5:5");
  EXPECT_EQ(Account(*spool), "5 = 2 + 3 + 0");
}

TEST_F(SpoolTest, SendsEachOpeningUnderItsOwnEpochInTurn) {
  auto spool = Open();
  const uint64_t first = spool->epoch();
  Append(*spool, 1, 2);
  spool.reset();
  Open().reset();  // without a report
  spool = Open();
  Append(*spool, 3, 4);
  EXPECT_EQ(spool->epoch(), first);
  EXPECT_FALSE(spool->is_current_epoch());
  EXPECT_EQ(Summary(ReadAll(*spool)), "1:1 2:2");
  EXPECT_EQ(spool->last_sequence(), 2u);
  ASSERT_TRUE(spool->TrimThrough(1).ok());
  EXPECT_EQ(spool->epoch(), first);
  ASSERT_TRUE(spool->TrimThrough(2).ok());
  EXPECT_NE(spool->epoch(), first);
  EXPECT_TRUE(spool->is_current_epoch());
  EXPECT_EQ(Summary(ReadAll(*spool)), "1:3 2:4");
  EXPECT_FALSE(spool->empty());
  ASSERT_TRUE(spool->TrimThrough(2).ok());
  EXPECT_TRUE(spool->empty());
  EXPECT_EQ(Account(*spool), "4 = 4 + 0 + 0");
}

TEST_F(SpoolTest, NeverReusesNumbersAfterTrimming) {
  auto spool = Open();
  Append(*spool, 1, 3);
  ASSERT_TRUE(spool->TrimThrough(3).ok());
  EXPECT_TRUE(ReadAll(*spool).empty());
  EXPECT_EQ(spool->first_sequence(), 4u);
  Append(*spool, 4, 4);
  EXPECT_EQ(Summary(ReadAll(*spool)), "4:4");
}

// Whatever the original has sent since, the copy repeats it under the same numbers or uses other epochs.
TEST_F(SpoolTest, ACopyNeverUsesTheOriginalsNumbersForOtherReports) {
  auto spool = Open();
  const uint64_t shared = spool->epoch();
  Append(*spool, 1, 3);
  spool.reset();
  std::filesystem::copy_file(path_, folder_ + "/copy.db");
  spool = Open();
  Append(*spool, 4, 5);
  path_ = folder_ + "/copy.db";
  auto copy = Open();
  Append(*copy, 100, 101);
  EXPECT_EQ(copy->epoch(), shared);
  EXPECT_EQ(Summary(ReadAll(*copy)), Summary(ReadAll(*spool)));
  ASSERT_TRUE(spool->TrimThrough(3).ok());
  ASSERT_TRUE(copy->TrimThrough(3).ok());
  EXPECT_NE(copy->epoch(), spool->epoch());
  EXPECT_EQ(Summary(ReadAll(*copy)), "1:100 2:101");
}

TEST_F(SpoolTest, GivesEachNewFileItsOwnEpoch) {
  const uint64_t epoch = Open()->epoch();
  std::filesystem::remove(path_);
  EXPECT_NE(Open()->epoch(), epoch);
}

TEST_F(SpoolTest, ReadsAtLeastOneAndNoMoreThanFits) {
  auto spool = Open();
  Append(*spool, 1, 10);
  const uint64_t one = ReadAll(*spool)[0].ByteSizeLong();
  EXPECT_EQ(Summary(*spool->Read(0, 1)), "1:1");
  EXPECT_EQ(Summary(*spool->Read(0, 3 * one)), "1:1 2:2 3:3");
  EXPECT_EQ(Summary(*spool->Read(8, kRoomy)), "9:9 10:10");
  EXPECT_TRUE(spool->Read(10, kRoomy)->empty());
}

TEST_F(SpoolTest, TrimsNothingTwiceAndRefusesWhatItNeverGaveOut) {
  auto spool = Open();
  Append(*spool, 1, 3);
  ASSERT_TRUE(spool->TrimThrough(2).ok());
  ASSERT_TRUE(spool->TrimThrough(1).ok());
  EXPECT_EQ(Account(*spool), "3 = 2 + 1 + 0");
  EXPECT_EQ(spool->TrimThrough(4).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Summary(ReadAll(*spool)), "3:3");
}

TEST_F(SpoolTest, ReplacesTheOldestByTombstonesWhenFull) {
  const uint64_t size = SampleReport(1).ByteSizeLong();
  auto spool = Open(3 * size);
  Append(*spool, 1, 5);
  EXPECT_EQ(Summary(ReadAll(*spool)), "1:t1 2:t2 3:3 4:4 5:5");
  EXPECT_EQ(Account(*spool), "5 = 0 + 3 + 2");
  EXPECT_EQ(spool->held_bytes(), 3 * size);
  const v1::Tombstone tombstone = ReadAll(*spool)[1].tombstone();
  EXPECT_EQ(tombstone.point(), "pppp");
  EXPECT_EQ(tombstone.window_start_unix_seconds(), 20);
  EXPECT_EQ(tombstone.window_seconds(), 10u);
  EXPECT_EQ(tombstone.reason(), v1::Tombstone::REASON_SPOOL_FULL);
  spool.reset();

  spool = Open(3 * size);
  Append(*spool, 6, 6);
  EXPECT_EQ(Summary(ReadAll(*spool)), "1:t1 2:t2 3:t3 4:4 5:5");
  ASSERT_TRUE(spool->TrimThrough(4).ok());
  EXPECT_EQ(Account(*spool), "6 = 1 + 2 + 3");
}

TEST_F(SpoolTest, ReplacesWhatHasWaitedForTooLong) {
  const absl::Time start = absl::UnixEpoch();
  auto spool = Open(kRoomy, absl::Hours(1));
  Append(*spool, 1, 2, start);
  Append(*spool, 3, 3, start + absl::Minutes(30));
  Append(*spool, 4, 4, start + absl::Hours(1));
  EXPECT_EQ(Account(*spool), "4 = 0 + 4 + 0");
  Append(*spool, 5, 5, start + absl::Hours(1) + absl::Seconds(1));
  EXPECT_EQ(Summary(ReadAll(*spool)), "1:t1 2:t2 3:3 4:4 5:5");
  EXPECT_EQ(ReadAll(*spool)[1].tombstone().reason(), v1::Tombstone::REASON_EXPIRED);
  EXPECT_EQ(spool->spool_account().evicted[v1::Tombstone::REASON_EXPIRED], 2u);
}

// The clock of the next run begins anywhere, and only what passes by it counts.
TEST_F(SpoolTest, AddsUpTheTimeOfSeveralRuns) {
  auto spool = Open(kRoomy, absl::Hours(1));
  Append(*spool, 1, 1, absl::UnixEpoch());
  Append(*spool, 2, 2, absl::UnixEpoch() + absl::Minutes(40));
  spool.reset();
  spool = Open(kRoomy, absl::Hours(1));
  Append(*spool, 3, 3, absl::UnixEpoch() + absl::Hours(90000));
  Append(*spool, 4, 4, absl::UnixEpoch() + absl::Hours(90000) + absl::Minutes(20));
  EXPECT_EQ(Account(*spool), "4 = 0 + 4 + 0");
  Append(*spool, 5, 5, absl::UnixEpoch() + absl::Hours(90000) + absl::Minutes(21));
  EXPECT_EQ(Summary(ReadAll(*spool)), "1:t1 2:2");
  EXPECT_EQ(Account(*spool), "5 = 0 + 4 + 1");
}

TEST_F(SpoolTest, CountsATombstoneFromTheQueueAsClosedAndEvicted) {
  auto spool = Open();
  v1::SequencedReport lost;
  lost.mutable_tombstone()->set_point("p");
  lost.mutable_tombstone()->set_captured_packets(9);
  lost.mutable_tombstone()->set_reason(v1::Tombstone::REASON_QUEUE_FULL);
  ASSERT_TRUE(spool->Append(std::vector{lost, SampleEntry(2)}, absl::UnixEpoch()).ok());
  EXPECT_EQ(Summary(ReadAll(*spool)), "1:t9 2:2");
  EXPECT_EQ(ReadAll(*spool)[0].tombstone().reason(), v1::Tombstone::REASON_QUEUE_FULL);
  EXPECT_EQ(Account(*spool), "2 = 0 + 1 + 1");
}

TEST_F(SpoolTest, RenumbersWhatItHoldsInANewEpoch) {
  auto spool = Open();
  Append(*spool, 1, 6);
  ASSERT_TRUE(spool->TrimThrough(2).ok());
  const uint64_t epoch = spool->epoch();
  ASSERT_TRUE(spool->StartNewEpoch(3).ok());
  EXPECT_NE(spool->epoch(), epoch);
  EXPECT_EQ(Summary(ReadAll(*spool)), "1:t3 2:4 3:5 4:6");
  EXPECT_EQ(ReadAll(*spool)[0].tombstone().reason(), v1::Tombstone::REASON_UNDECIDED);
  EXPECT_EQ(Account(*spool), "6 = 2 + 3 + 1");
  Append(*spool, 7, 7);
  const uint64_t renewed = spool->epoch();
  spool.reset();
  spool = Open();
  EXPECT_FALSE(spool->repair_at_open().has_value());
  EXPECT_EQ(spool->epoch(), renewed);
  EXPECT_EQ(Summary(ReadAll(*spool)), "1:t3 2:4 3:5 4:6 5:7");
}

TEST_F(SpoolTest, AccountsForEveryReportAfterRandomOperations) {
  std::mt19937_64 random(20241101);
  const uint64_t max_bytes = 20 * SampleReport(100).ByteSizeLong();
  auto spool = Open(max_bytes);
  uint64_t closed = 0;
  uint64_t evictions_seen = 0;
  for (int step = 0; step < 400; ++step) {
    switch (random() % 8) {
      case 0:
        spool.reset();
        spool = Open(max_bytes);
        break;
      case 1:
        if (spool->is_current_epoch()) {
          ASSERT_TRUE(spool->StartNewEpoch(spool->first_sequence() + random() % 4).ok());
        }
        break;
      case 2:
      case 3:
        ASSERT_TRUE(spool
                        ->TrimThrough(spool->first_sequence() - 1 +
                                      random() % (spool->last_sequence() + 2 - spool->first_sequence()))
                        .ok());
        break;
      default: {
        const uint64_t reports = 1 + random() % 9;
        Append(*spool, closed + 1, closed + reports);
        closed += reports;
      }
    }
    const v1::Delivery account = spool->account();
    ASSERT_EQ(account.reports_closed(), closed);
    const Identity identity = DeliveryIdentity(account.reports_closed(), account.reports_acknowledged(),
                                               account.reports_spooled(), account.reports_evicted());
    ASSERT_TRUE(identity.holds()) << Account(*spool) << " at step " << step;
    uint64_t reports = 0;
    uint64_t expected = spool->first_sequence();
    for (const v1::SequencedReport& entry : ReadAll(*spool)) {
      ASSERT_EQ(entry.sequence(), expected++);
      reports += entry.has_report();
    }
    ASSERT_EQ(expected, spool->last_sequence() + 1);
    if (spool->is_current_epoch()) {
      ASSERT_EQ(reports, account.reports_spooled());
    }
    ASSERT_FALSE(spool->repair_at_open().has_value());
    ASSERT_LE(spool->held_bytes(), max_bytes);
    evictions_seen += account.reports_evicted() > 0;
  }
  EXPECT_GT(evictions_seen, 0u);
}

TEST_F(SpoolTest, IsHeldByOneProcessOnly) {
  auto spool = Open();
  const auto second = Spool::Open(path_, {});
  ASSERT_EQ(second.status().code(), absl::StatusCode::kUnavailable) << second.status();
  EXPECT_NE(second.status().message().find("in use by another process"), std::string::npos);
  spool.reset();
  EXPECT_TRUE(Spool::Open(path_, {}).ok());
}

TEST_F(SpoolTest, RefusesAMissingFolderByName) {
  const auto spool = Spool::Open(folder_ + "/absent/spool.db", {});
  ASSERT_EQ(spool.status().code(), absl::StatusCode::kNotFound);
  EXPECT_NE(spool.status().message().find(folder_ + "/absent;"), std::string::npos) << spool.status();
}

TEST_F(SpoolTest, RefusesAPathThatCannotBeWritten) {
  std::ofstream(folder_ + "/file") << "x";
  EXPECT_EQ(Spool::Open(folder_ + "/file/spool.db", {}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Spool::Open(folder_, {}).status().code(), absl::StatusCode::kPermissionDenied);
}

TEST_F(SpoolTest, RefusesAFileThatIsNoDatabaseAndLeavesItAlone) {
  const std::string text(5000, 'n');
  std::ofstream(path_) << text;
  EXPECT_EQ(Spool::Open(path_, {}).status().code(), absl::StatusCode::kFailedPrecondition);
  std::ifstream file(path_);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), text);
}

TEST_F(SpoolTest, RefusesAnotherProgramsDatabase) {
  Sql(path_, "CREATE TABLE t(x)");
  std::ifstream before(path_);
  const std::string bytes(std::istreambuf_iterator<char>(before), {});
  const auto spool = Spool::Open(path_, {});
  EXPECT_EQ(spool.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(spool.status().message().find("another program's"), std::string::npos) << spool.status();
  std::ifstream after(path_);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(after), {}), bytes);
}

TEST_F(SpoolTest, RefusesANewerFormat) {
  Append(*Open(), 1, 1);
  Sql(path_, "PRAGMA user_version=3");
  const auto spool = Spool::Open(path_, {});
  EXPECT_EQ(spool.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(spool.status().message().find("has format 3, this program reads format 2"), std::string::npos)
      << spool.status();
  Sql(path_, "PRAGMA user_version=2");
  EXPECT_EQ(Summary(ReadAll(*Open())), "1:1");
}

}  // namespace
}  // namespace kansoku::collector
