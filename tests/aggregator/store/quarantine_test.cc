// SPDX-License-Identifier: Apache-2.0
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "aggregator/store/quarantine_rows.h"
#include "aggregator/store/sqlite_store.h"
#include "gtest/gtest.h"
#include "tests/aggregator/store/store_contents.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

const absl::Time kLater = kNow + absl::Minutes(5);

// Windows of tokyo, with every one of `refused` refused.
CollectorBatch Batch(uint64_t first, uint64_t count, std::vector<uint64_t> refused) {
  CollectorBatch batch{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", first, count)};
  for (const uint64_t sequence : refused) {
    batch.refusals.push_back({sequence, v1::QUARANTINE_REASON_AHEAD, "text " + std::to_string(sequence)});
  }
  return batch;
}

v1::QuarantineCount TheCount(const Store& store) {
  const auto collectors = store.Collectors();
  EXPECT_EQ(collectors->at(0).quarantined.size(), 1u);
  return collectors->at(0).quarantined.at(0);
}

class QuarantineTest : public ::testing::Test {
 protected:
  QuarantineTest() { Open(16 << 20); }

  void Open(uint64_t octets) {
    store_.reset();
    store_ = *SqliteStore::Open({.path = folder_.File(), .quarantine_octets = octets});
    EXPECT_TRUE(store_->Welcome(SampleHello("tokyo"), kNow).ok());
  }
  std::vector<v1::QuarantinedReport> List(bool every_state = false) {
    return *store_->Quarantine({.every_state = every_state, .most = 1'000'000});
  }
  absl::Status Admit(uint64_t id) {
    return store_->Decide({.id = id, .admit = true, .by = "hanako"}, kLater).status();
  }

  StoreFolder folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(QuarantineTest, HoldsNothingOfSingleSources) {
  CollectorBatch batch = Batch(1, 1, {1});
  AddSampleSources(1, 3, *batch.reports[0].mutable_report());
  ASSERT_TRUE(Commit(*store_, {batch}).ok());
  batch.reports[0].mutable_report()->clear_darknet_sources();
  EXPECT_EQ(store_->FindQuarantined(1)->report().SerializeAsString(), batch.reports[0].SerializeAsString());
  ASSERT_TRUE(Admit(1).ok());
  EXPECT_EQ(Rows(*store_, Tier::kWindow).size(), 1u);
  int told = 0;
  const auto count = [&](const v1::WindowReport&) { ++told; };
  EXPECT_TRUE(store_->ScanDarknetSources(kFirst, kLast, {}, count).ok());
  EXPECT_EQ(told, 0);
}

TEST_F(QuarantineTest, TheSequenceGoesOnAndTheWindowIsNotCounted) {
  EXPECT_EQ(*Commit(*store_, {Batch(1, 3, {2})}), std::vector<uint64_t>{3});
  EXPECT_EQ(store_->Points()->at(0).windows, 2u);
  EXPECT_FALSE(Rows(*store_, Tier::kWindow).contains(std::to_string(kSampleStart + 10) + " tokyo"));
  EXPECT_EQ(StoredPackets(*store_, "tokyo"), store_->Points()->at(0).acknowledged_packets);

  const auto listed = List();
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].ShortDebugString(),
            "id: 1 collector: \"tokyo\" epoch: 1 sequence: 2 point: \"tokyo\" window_start_unix_seconds: "
            "1730419210 window_seconds: 10 reason: QUARANTINE_REASON_AHEAD text: \"text 2\" "
            "received_unix_seconds: 1730426400 state: QUARANTINE_STATE_HELD octets: " +
                std::to_string(listed[0].octets()));
  const auto found = store_->FindQuarantined(1);
  EXPECT_EQ(found->report().SerializeAsString(), Reports("tokyo", 2, 1)[0].SerializeAsString());
  EXPECT_EQ(found->octets(), found->report().ByteSizeLong());
  EXPECT_EQ(TheCount(*store_).ShortDebugString(), "reason: QUARANTINE_REASON_AHEAD reports: 1 held: 1");
  EXPECT_EQ(store_->FindQuarantined(2).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(QuarantineTest, ADuplicateIsNotKeptTwice) {
  ASSERT_TRUE(Commit(*store_, {Batch(1, 3, {2})}).ok());
  EXPECT_EQ(*Commit(*store_, {Batch(1, 4, {2, 4})}), std::vector<uint64_t>{4});
  EXPECT_EQ(List().size(), 2u);
  EXPECT_EQ(List()[1].sequence(), 4u);
  EXPECT_EQ(store_->Collectors()->at(0).duplicate_reports, 3u);
}

TEST_F(QuarantineTest, NothingIsKeptOfACommitThatFails) {
  EXPECT_EQ(Commit(*store_, {Batch(1, 3, {2}), Batch(9, 1, {})}).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(List().size(), 0u);
}

TEST_F(QuarantineTest, AnAdmittedReportIsAsIfItHadBeenInOrder) {
  auto reports = Reports("tokyo", 1, 3);
  AddSampleRecords(2, 3, *reports[1].mutable_report());
  auto other = *SqliteStore::Open({.path = folder_.File("other.db")});
  ASSERT_TRUE(other->Welcome(SampleHello("tokyo"), kNow).ok());
  CollectorBatch batch{.collector = "tokyo", .epoch = 1, .reports = reports};
  ASSERT_TRUE(Commit(*other, {batch}).ok());
  batch.refusals = {{.sequence = 2, .reason = v1::QUARANTINE_REASON_AHEAD}};
  ASSERT_TRUE(Commit(*store_, {batch}).ok());
  EXPECT_NE(Dump(*store_), Dump(*other));

  const auto decided = store_->Decide({.id = 1, .admit = true, .by = "hanako"}, kLater);
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(decided->state(), v1::QUARANTINE_STATE_ADMITTED);
  EXPECT_EQ(Dump(*store_), Dump(*other));
  EXPECT_EQ(store_->Points()->at(0).acknowledged_packets, other->Points()->at(0).acknowledged_packets);
  EXPECT_EQ(store_->Points()->at(0).windows, 3u);
  const auto count_records = [](const Store& store) {
    int records = 0;
    EXPECT_TRUE(store
                    .ScanFlowRecords(kFirst, kLast, {}, {},
                                     [&](FlowRecordPlace, const v1::WindowReport& report) {
                                       records += report.flow_records_size();
                                       return true;
                                     })
                    .ok());
    return records;
  };
  EXPECT_EQ(count_records(*store_), 3);
}

TEST_F(QuarantineTest, EachReportIsDecidedOnceAndWhoAndWhenIsKept) {
  ASSERT_TRUE(Commit(*store_, {Batch(1, 3, {1, 2, 3})}).ok());
  ASSERT_EQ(Admit(1), absl::OkStatus());
  ASSERT_TRUE(store_->Decide({.id = 2, .admit = false, .by = "taro"}, kLater).ok());
  const std::string before = Dump(*store_);
  EXPECT_EQ(Admit(1), absl::FailedPreconditionError(
                          "report 1 is not held: it was admitted by hanako at 2024-11-01T02:05:00Z"));
  EXPECT_EQ(Admit(2), absl::FailedPreconditionError(
                          "report 2 is not held: it was discarded by taro at 2024-11-01T02:05:00Z"));
  EXPECT_EQ(Admit(4).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Dump(*store_), before);

  EXPECT_EQ(List().size(), 1u);
  const auto every = List(/*every_state=*/true);
  ASSERT_EQ(every.size(), 3u);
  EXPECT_EQ(every[0].decided_by(), "hanako");
  EXPECT_EQ(every[1].decided_by(), "taro");
  EXPECT_EQ(every[1].decided_unix_seconds(), kSampleStart + 7'500);
  EXPECT_EQ(every[1].octets(), 0u);
  EXPECT_FALSE(store_->FindQuarantined(2)->has_report());
  EXPECT_EQ(TheCount(*store_).ShortDebugString(),
            "reason: QUARANTINE_REASON_AHEAD reports: 3 held: 1 admitted: 1 discarded: 1");
}

TEST_F(QuarantineTest, AReportOfAPointThatNobodyHasStaysHeld) {
  CollectorBatch batch = Batch(1, 1, {1});
  batch.reports[0].mutable_report()->set_point("kobe");
  ASSERT_TRUE(Commit(*store_, {batch}).ok());
  EXPECT_EQ(Admit(1).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(List().size(), 1u);
  EXPECT_EQ(store_->FindQuarantined(1)->report().report().point(), "kobe");
}

TEST_F(QuarantineTest, TheOldestContentGoesFirstAndIsCounted) {
  ASSERT_TRUE(Commit(*store_, {Batch(1, 1, {1})}).ok());
  const uint64_t one = List()[0].octets() + kQuarantineRowOctets;
  // Room for two with their content, and the rows of two more.
  Open(2 * one + 2 * kQuarantineRowOctets + 100);
  ASSERT_TRUE(Commit(*store_, {Batch(2, 1, {2})}).ok());
  EXPECT_EQ(List().size(), 2u);
  ASSERT_TRUE(Commit(*store_, {Batch(3, 2, {3, 4})}).ok());
  const auto held = List();
  ASSERT_EQ(held.size(), 2u);
  EXPECT_EQ(held[0].sequence(), 3u);
  EXPECT_EQ(held[1].sequence(), 4u);
  EXPECT_EQ(List(/*every_state=*/true).size(), 4u);
  EXPECT_EQ(Admit(1), absl::FailedPreconditionError("report 1 is not held: it was dropped"));
  EXPECT_EQ(TheCount(*store_).ShortDebugString(),
            "reason: QUARANTINE_REASON_AHEAD reports: 4 held: 2 dropped: 2");
}

TEST_F(QuarantineTest, RowsAreBoundedToo) {
  Open(10 * kQuarantineRowOctets);
  for (uint64_t i = 0; i < 10; ++i) {
    std::vector<uint64_t> all;
    for (uint64_t k = i * 10 + 1; k <= i * 10 + 10; ++k) all.push_back(k);
    ASSERT_TRUE(Commit(*store_, {Batch(i * 10 + 1, 10, all)}).ok());
    EXPECT_LE(List(/*every_state=*/true).size(), 10u);
  }
  const v1::QuarantineCount count = TheCount(*store_);
  EXPECT_EQ(count.reports(), 100u);
  EXPECT_EQ(count.held() + count.dropped(), 100u);
  EXPECT_EQ(count.held(), List().size());
}

// Of a process that is killed while it admits one report after the other, each is held or counted, never both
// and never neither.
TEST_F(QuarantineTest, AKilledAdmissionLeavesAReportHeldOrCounted) {
  constexpr uint64_t kReports = 200;
  std::vector<uint64_t> all;
  for (uint64_t i = 1; i <= kReports; ++i) all.push_back(i);
  ASSERT_TRUE(Commit(*store_, {Batch(1, kReports, all)}).ok());
  store_.reset();
  uint64_t admitted = 0;
  for (const uint64_t kill_after : {1, 7, 30, 60}) {
    int progress[2];
    ASSERT_EQ(pipe(progress), 0);
    const pid_t child = fork();
    if (child == 0) {
      auto store = *SqliteStore::Open({.path = folder_.File()});
      const auto held = *store->Quarantine({.most = 1'000});
      for (const auto& report : held) {
        if (!store->Decide({.id = report.id(), .admit = true, .by = "hanako"}, kLater).ok()) _exit(1);
        if (write(progress[1], "x", 1) != 1) _exit(1);
      }
      _exit(0);
    }
    close(progress[1]);
    char byte = 0;
    for (uint64_t i = 0; i < kill_after; ++i) ASSERT_EQ(read(progress[0], &byte, 1), 1);
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    close(progress[0]);

    Open(16 << 20);
    const auto rows = Rows(*store_, Tier::kWindow);
    for (const auto& report : List(/*every_state=*/true)) {
      const std::string key = std::to_string(report.window_start_unix_seconds()) + " tokyo";
      EXPECT_EQ(rows.contains(key), report.state() == v1::QUARANTINE_STATE_ADMITTED) << report.id();
    }
    EXPECT_GE(rows.size(), admitted + kill_after);
    admitted = rows.size();
    EXPECT_EQ(TheCount(*store_).admitted(), admitted);
    EXPECT_EQ(store_->Points()->at(0).windows, admitted);
    EXPECT_EQ(StoredPackets(*store_, "tokyo"), store_->Points()->at(0).acknowledged_packets);
    store_.reset();
  }
}

}  // namespace
}  // namespace kansoku::aggregator
