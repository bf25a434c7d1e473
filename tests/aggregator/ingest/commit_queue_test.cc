// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/commit_queue.h"

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "aggregator/store/sqlite_store.h"
#include "gtest/gtest.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(kSampleStart + 3600);
constexpr auto kDeadline = std::chrono::seconds(20);

using Result = std::future<absl::StatusOr<uint64_t>>;

absl::StatusOr<uint64_t> Await(Result result) {
  if (result.wait_for(kDeadline) != std::future_status::ready)
    return absl::DeadlineExceededError("no answer");
  return result.get();
}

// Gives the answer to a future.
std::pair<CommitQueue::Done, Result> Ask() {
  auto promise = std::make_shared<std::promise<absl::StatusOr<uint64_t>>>();
  Result result = promise->get_future();
  return {[promise](const absl::StatusOr<uint64_t>& through) { promise->set_value(through); },
          std::move(result)};
}

Result Commit(CommitQueue& queue, const std::string& collector, uint64_t first, uint64_t count = 1) {
  CollectorBatch batch{.collector = collector, .epoch = 1};
  for (uint64_t i = first; i < first + count; ++i) {
    batch.reports.push_back(SampleReport(i, collector, kSampleStart + static_cast<int64_t>(i) * 10));
  }
  auto [done, result] = Ask();
  EXPECT_TRUE(queue.Commit(std::move(batch), 1'000, done).ok());
  return std::move(result);
}

class CommitQueueTest : public ::testing::Test {
 protected:
  CommitQueueTest() : store_(*SqliteStore::Open({.path = folder_.File()})) {
    for (const char* collector : {"tokyo", "osaka", "sendai"}) {
      EXPECT_TRUE(store_->Welcome(SampleHello(collector), kNow).ok());
    }
  }

  StoreFolder folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(CommitQueueTest, ManyBatchesShareOneCommit) {
  // Three reports fill a commit; the interval alone would outlast the test.
  CommitQueue queue(*store_, {.interval = absl::Hours(1), .reports_per_commit = 3}, [] { return kNow; });
  queue.Start();
  Result tokyo = Commit(queue, "tokyo", 1), osaka = Commit(queue, "osaka", 1),
         sendai = Commit(queue, "sendai", 1);
  EXPECT_EQ(*Await(std::move(tokyo)), 1u);
  EXPECT_EQ(*Await(std::move(osaka)), 1u);
  EXPECT_EQ(*Await(std::move(sendai)), 1u);
  EXPECT_EQ(queue.counts().commits, 1u);
}

TEST_F(CommitQueueTest, TheIntervalEndsTheWait) {
  CommitQueue queue(*store_, {.interval = absl::Milliseconds(1), .reports_per_commit = 1'000},
                    [] { return kNow; });
  queue.Start();
  EXPECT_EQ(*Await(Commit(queue, "tokyo", 1)), 1u);
}

TEST_F(CommitQueueTest, OneBadBatchDoesNotRefuseTheOthers) {
  CommitQueue queue(*store_, {.interval = absl::Hours(1), .reports_per_commit = 3}, [] { return kNow; });
  queue.Start();
  Result tokyo = Commit(queue, "tokyo", 1), osaka = Commit(queue, "osaka", 5),
         sendai = Commit(queue, "sendai", 1);
  EXPECT_EQ(*Await(std::move(tokyo)), 1u);
  EXPECT_EQ(Await(std::move(osaka)).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(*Await(std::move(sendai)), 1u);
  EXPECT_EQ(queue.counts().commits, 2u);
  EXPECT_EQ(queue.counts().commit_errors, 0u);
}

TEST_F(CommitQueueTest, AStoreThatCannotWriteAnswersAll) {
  CommitQueue queue(*store_, {.interval = absl::Hours(1), .reports_per_commit = 2}, [] { return kNow; });
  queue.Start();
  {
    auto other = Database::Open(folder_.File(), SQLITE_OPEN_READWRITE);
    auto held = Transaction::BeginWrite(*other);
    Result tokyo = Commit(queue, "tokyo", 1), osaka = Commit(queue, "osaka", 1);
    EXPECT_EQ(Await(std::move(tokyo)).status().code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(Await(std::move(osaka)).status().code(), absl::StatusCode::kUnavailable);
  }
  EXPECT_EQ(queue.counts().commit_errors, 1u);
  Result tokyo = Commit(queue, "tokyo", 1), osaka = Commit(queue, "osaka", 1);
  EXPECT_EQ(*Await(std::move(tokyo)), 1u);
  EXPECT_EQ(*Await(std::move(osaka)), 1u);
}

TEST_F(CommitQueueTest, SaysWhenTheStoreCannotBeWrittenAndFindsOutAloneThatItCan) {
  std::promise<absl::Status> away, back;
  std::promise<absl::Status>* next = &away;
  CommitQueueOptions options{
      .interval = absl::ZeroDuration(), .probe_every = absl::ZeroDuration(), .settle = absl::ZeroDuration()};
  options.on_store_change = [&](const absl::Status& status) {
    next->set_value(status);
    next = &back;
  };
  CommitQueue queue(*store_, options, [] { return kNow; });
  queue.Start();
  {
    auto other = Database::Open(folder_.File(), SQLITE_OPEN_READWRITE);
    auto held = Transaction::BeginWrite(*other);
    EXPECT_EQ(Await(Commit(queue, "tokyo", 1)).status().code(), absl::StatusCode::kUnavailable);
    auto told = away.get_future();
    ASSERT_EQ(told.wait_for(kDeadline), std::future_status::ready);
    EXPECT_EQ(told.get().code(), absl::StatusCode::kUnavailable);
    EXPECT_NE(queue.counts().store_error, "");
  }
  // Nobody asks it to write anything.
  auto told = back.get_future();
  ASSERT_EQ(told.wait_for(kDeadline), std::future_status::ready);
  EXPECT_EQ(told.get(), absl::OkStatus());
  EXPECT_EQ(queue.counts().store_error, "");
  EXPECT_EQ(*Await(Commit(queue, "tokyo", 1)), 1u);
  queue.Stop();
}

TEST_F(CommitQueueTest, WhatABatchDoesWrongIsNoFaultOfTheStore) {
  CommitQueueOptions options{.interval = absl::ZeroDuration()};
  options.on_store_change = [](const absl::Status& status) { ADD_FAILURE() << status; };
  CommitQueue queue(*store_, options, [] { return kNow; });
  queue.Start();
  EXPECT_EQ(Await(Commit(queue, "tokyo", 7)).status().code(), absl::StatusCode::kFailedPrecondition);
  queue.Stop();
}

TEST_F(CommitQueueTest, AdmitsWhatCanBeCountedAndNothingElse) {
  CommitQueue queue(*store_, {.interval = absl::ZeroDuration()}, [] { return kNow; });
  queue.Start();
  CollectorBatch batch{.collector = "tokyo", .epoch = 1};
  for (uint64_t i = 1; i <= 2; ++i) {
    batch.reports.push_back(SampleReport(i, "tokyo", kSampleStart + static_cast<int64_t>(i) * 10));
    batch.refusals.push_back({i, v1::QUARANTINE_REASON_BEHIND, "behind"});
  }
  batch.reports[1].mutable_report()->mutable_measurement()->set_windows(2);
  auto [done, result] = Ask();
  ASSERT_TRUE(queue.Commit(std::move(batch), 1'000, done).ok());
  EXPECT_EQ(*Await(std::move(result)), 2u);
  const auto decide = [&](uint64_t id) {
    std::promise<absl::Status> decided;
    // Anew: who destroys a status that two threads share is known to abseil, and not to the thread sanitizer.
    const auto tell = [&](const auto& report) {
      decided.set_value(absl::Status(report.status().code(), report.status().message()));
    };
    EXPECT_TRUE(queue.Decide({.id = id, .admit = true, .by = "hanako"}, tell).ok());
    auto future = decided.get_future();
    EXPECT_EQ(future.wait_for(kDeadline), std::future_status::ready);
    return future.get();
  };
  EXPECT_EQ(decide(1), absl::OkStatus());
  EXPECT_EQ(decide(1).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(decide(2), absl::FailedPreconditionError(
                           "still cannot be counted: report 2, point tokyo, window 2024-11-01T00:00:20Z: "
                           "measurement.windows: is 2, must be 1 in a report"));
  EXPECT_EQ(decide(3).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->Points()->back().windows, 1u);
  queue.Stop();
  EXPECT_EQ(queue.Decide({.id = 2}, [](const auto&) {}).code(), absl::StatusCode::kUnavailable);
}

TEST_F(CommitQueueTest, BytesAreBounded) {
  CommitQueue queue(*store_, {.interval = absl::Hours(1), .reports_per_commit = 1'000, .max_bytes = 100},
                    [] { return kNow; });
  queue.Start();
  // One message always fits; nothing more while it waits.
  Result first = Commit(queue, "tokyo", 1);
  EXPECT_EQ(queue.Commit({.collector = "tokyo", .epoch = 1}, 1, Ask().first).code(),
            absl::StatusCode::kResourceExhausted);
  queue.Stop();
  EXPECT_EQ(*Await(std::move(first)), 1u);
}

TEST_F(CommitQueueTest, StopCommitsWhatWaitsAndRefusesWhatComesAfter) {
  CommitQueue queue(*store_, {.interval = absl::Hours(1)}, [] { return kNow; });
  EXPECT_EQ(queue.Commit({.collector = "tokyo", .epoch = 1}, 1, Ask().first).code(),
            absl::StatusCode::kUnavailable);
  queue.Start();
  Result tokyo = Commit(queue, "tokyo", 1, 5);
  queue.Stop();
  EXPECT_EQ(*Await(std::move(tokyo)), 5u);
  EXPECT_EQ(queue.Welcome(SampleHello("tokyo"), Ask().first).code(), absl::StatusCode::kUnavailable);
}

TEST_F(CommitQueueTest, AWelcomeDoesNotWaitForTheInterval) {
  CommitQueue queue(*store_, {.interval = absl::Hours(1)}, [] { return kNow; });
  queue.Start();
  Result batch = Commit(queue, "tokyo", 1, 5);
  auto [done, welcome] = Ask();
  ASSERT_TRUE(queue.Welcome(SampleHello("tokyo"), done).ok());
  EXPECT_EQ(*Await(std::move(welcome)), 5u);
  EXPECT_EQ(*Await(std::move(batch)), 5u);
}

TEST_F(CommitQueueTest, TheAccountIsStoredWithoutReports) {
  CommitQueue queue(*store_, {.interval = absl::ZeroDuration()}, [] { return kNow; });
  queue.Start();
  v1::Delivery delivery;
  delivery.set_reports_closed(4);
  auto [done, result] = Ask();
  ASSERT_TRUE(queue.Commit({.collector = "tokyo", .epoch = 1, .delivery = delivery}, 10, done).ok());
  EXPECT_EQ(*Await(std::move(result)), 0u);
  EXPECT_EQ(store_->Collectors()->back().delivery.reports_closed(), 4u);
}

TEST_F(CommitQueueTest, TheStoreForgetsAsWindowsCome) {
  CommitQueue queue(*store_, {.interval = absl::ZeroDuration(), .expire_every = absl::ZeroDuration()},
                    [] { return kNow + absl::Hours(100); });
  queue.Start();
  EXPECT_EQ(*Await(Commit(queue, "tokyo", 1)), 1u);
  // A hundred hours later.
  CollectorBatch batch{.collector = "osaka", .epoch = 1};
  batch.reports.push_back(SampleReport(1, "osaka", kSampleStart + 100 * 3600));
  auto [done, result] = Ask();
  ASSERT_TRUE(queue.Commit(std::move(batch), 1'000, done).ok());
  EXPECT_EQ(*Await(std::move(result)), 1u);
  queue.Stop();
  EXPECT_EQ(store_->Plan(kSampleStart, kSampleStart + 10, 10, kSampleWindowSeconds).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(queue.counts().expire_errors, 0u);
}

// Whatever the clock says: what the collectors sent last is not old, and neither is what is only in
// quarantine new.
TEST_F(CommitQueueTest, AClockThatRunsAheadMakesNothingOld) {
  CommitQueue queue(*store_, {.interval = absl::ZeroDuration(), .expire_every = absl::ZeroDuration()},
                    [] { return kNow + absl::Hours(24 * 365 * 10); });
  queue.Start();
  EXPECT_EQ(*Await(Commit(queue, "tokyo", 1)), 1u);
  CollectorBatch batch{.collector = "osaka", .epoch = 1};
  batch.reports.push_back(SampleReport(1, "osaka", kSampleStart + 24 * 3600 * 3650));
  batch.refusals = {{.sequence = 1, .reason = v1::QUARANTINE_REASON_AHEAD, .text = "new"}};
  auto [done, result] = Ask();
  ASSERT_TRUE(queue.Commit(std::move(batch), 1'000, done).ok());
  EXPECT_EQ(*Await(std::move(result)), 1u);
  queue.Stop();
  EXPECT_TRUE(store_->Plan(kSampleStart, kSampleStart + 10, 10, kSampleWindowSeconds).ok());
  EXPECT_EQ(queue.counts().expire_errors, 0u);
}

// A clock that was far ahead, and is set right while the program runs, does not put forgetting off until it
// is there again.
TEST_F(CommitQueueTest, AClockThatIsSetBackIsHeeded) {
  std::atomic<int64_t> hours_ahead = 24 * 365;
  CommitQueue queue(*store_, {.interval = absl::ZeroDuration(), .expire_every = absl::ZeroDuration()},
                    [&] { return kNow + absl::Hours(hours_ahead.load()); });
  queue.Start();
  EXPECT_EQ(*Await(Commit(queue, "tokyo", 1)), 1u);
  hours_ahead = 100;
  CollectorBatch batch{.collector = "osaka", .epoch = 1};
  batch.reports.push_back(SampleReport(1, "osaka", kSampleStart + 100 * 3600));
  auto [done, result] = Ask();
  ASSERT_TRUE(queue.Commit(std::move(batch), 1'000, done).ok());
  EXPECT_EQ(*Await(std::move(result)), 1u);
  queue.Stop();
  EXPECT_EQ(store_->Plan(kSampleStart, kSampleStart + 10, 10, kSampleWindowSeconds).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace kansoku::aggregator
