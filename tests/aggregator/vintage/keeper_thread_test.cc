// SPDX-License-Identifier: Apache-2.0
#include "aggregator/vintage/keeper_thread.h"

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "aggregator/store/sqlite.h"
#include "tests/aggregator/vintage/kept_months.h"

namespace kansoku::aggregator {
namespace {

// What the thread said, to wait for.
class Sayings {
 public:
  void Add(const std::string& line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(line);
    changed_.notify_all();
  }
  Texts WaitFor(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(60), [&] { return lines_.size() >= count; });
    return lines_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  Texts lines_;
};

class KeeperThreadTest : public KeptMonths {
 protected:
  KeeperThreadTest() { Send("tokyo", kNovember, 3); }

  std::unique_ptr<KeeperThread> Thread(MonthMethod method) {
    return std::make_unique<KeeperThread>(
        *store_, std::move(method),
        [this] {
          ++rounds_;
          return kNovemberEnd + 25 * kDay;
        },
        [this](const std::string& line) { said_.Add(line); });
  }

  Sayings said_;
  std::atomic<int> rounds_ = 0;
};

constexpr char kFirst[] = "fixed 2024-11: vintage 1, final, by kansoku-aggregator: the month is over";

TEST_F(KeeperThreadTest, KeepsTheMonthsOnceThereIsARegister) {
  const auto thread = Thread(Method());
  thread->Start();
  EXPECT_FALSE(thread->status().register_is_taken);
  EXPECT_EQ(thread->Take(SmallRegister("d1")), absl::OkStatus());
  EXPECT_EQ(said_.WaitFor(1), Texts{kFirst});
  EXPECT_TRUE(thread->status().register_is_taken);
  thread->Stop();
  EXPECT_EQ(thread->status().errors, 0u);
}

TEST_F(KeeperThreadTest, ARegisterThatIsRefusedLeavesTheOldOneInForce) {
  const auto thread = Thread(Method());
  thread->Start();
  ASSERT_TRUE(thread->Take(SmallRegister("d1")).ok());
  said_.WaitFor(1);
  EXPECT_EQ(thread->Take(SmallRegister("d2", 100)).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(thread->status().register_is_taken);
  EXPECT_EQ(thread->Take(absl::InvalidArgumentError("contracts.csv:2")),
            absl::InvalidArgumentError("contracts.csv:2"));
  EXPECT_FALSE(thread->status().register_is_taken);
  // With d1 there is nothing new; what is meant is revised.
  EXPECT_EQ(thread->Take(SmallRegister("d1")), absl::OkStatus());
  EXPECT_TRUE(thread->status().register_is_taken);
  Register meant = SmallRegister("d3", 100);
  Mean("2024-11", "corrected", meant);
  EXPECT_EQ(thread->Take(meant), absl::OkStatus());
  EXPECT_EQ(said_.WaitFor(2),
            (Texts{kFirst, "fixed 2024-11: vintage 2, revised, by hanako: register d3: corrected"}));
}

TEST_F(KeeperThreadTest, AtTheStartTheRegisterOfTheLastVintageStaysInForce) {
  {
    const auto thread = Thread(Method());
    thread->Start();
    ASSERT_TRUE(thread->Take(SmallRegister("d1")).ok());
    said_.WaitFor(1);
  }
  Send("tokyo", kNovember + 100, 1);
  const auto thread = std::make_unique<KeeperThread>(
      *store_, Method(), [] { return kNovemberEnd + 27 * kDay; },
      [this](const std::string& line) { said_.Add(line); });
  EXPECT_FALSE(thread->Take(SmallRegister("d2", 100)).ok());
  thread->Start();
  EXPECT_EQ(
      said_.WaitFor(2),
      (Texts{
          kFirst,
          "fixed 2024-11: vintage 2, revised, by kansoku-aggregator: late data of point tokyo: 1 window"}));
  EXPECT_EQ(store_->FindVintage(v1::SERIES_FIXED, "2024-11", 2)->register_digest(), "d1");
}

TEST_F(KeeperThreadTest, WithoutAnyRegisterNothingIsComputed) {
  const auto thread = Thread(Method());
  EXPECT_EQ(thread->Take(absl::NotFoundError("register.yaml")), absl::NotFoundError("register.yaml"));
  thread->Start();
  thread->Stop();
  EXPECT_TRUE(store_->Vintages({})->empty());
}

TEST_F(KeeperThreadTest, DaysOfTelescopesNeedNoRegister) {
  CollectorBatch batch{.collector = "tokyo", .epoch = 1};
  batch.reports = {SampleReport(sent_["tokyo"] + 1, "tokyo", kNovember + 50)};
  ASSERT_TRUE(store_->Commit({&batch, 1}, absl::UnixEpoch()).ok());
  const auto thread = Thread(Method());
  // Each start is a round: the first sees what came of the day, and the second that nothing more does.
  thread->Start();
  while (rounds_ < 1) std::this_thread::yield();
  thread->Stop();
  thread->Start();
  EXPECT_EQ(said_.WaitFor(2),
            (Texts{"telescopes 2024-11-01 of isp-1: revision 1", "telescopes 2024-11-01: revision 1"}));
  thread->Stop();
  EXPECT_EQ(thread->status().errors, 0u);
  EXPECT_TRUE(store_->Vintages({})->empty());
}

// It gives up once the thread has something to do.
TEST_F(KeeperThreadTest, ReadsAheadAtTheEndOfEachRound) {
  std::atomic<int> reads = 0;
  KeeperThread thread(
      *store_, Method(), [] { return kNovemberEnd + 25 * kDay; },
      [this](const std::string& line) { said_.Add(line); },
      [&](absl::FunctionRef<bool()> goes_on) -> absl::Status {
        if (++reads > 2) return absl::OkStatus();
        while (goes_on()) std::this_thread::yield();
        return absl::UnavailableError("the disk is away");
      });
  thread.Start();
  while (reads < 1) std::this_thread::yield();
  ASSERT_TRUE(thread.Take(SmallRegister("d1")).ok());
  while (reads < 2) std::this_thread::yield();
  ASSERT_TRUE(thread.Take(SmallRegister("d1")).ok());
  const std::string error = "what is asked about telescopes cannot be read ahead: the disk is away";
  EXPECT_EQ(said_.WaitFor(3), (Texts{error, kFirst, "what is asked about telescopes is read ahead again"}));
  EXPECT_EQ(thread.status().errors, 2u);
  while (reads < 3) std::this_thread::yield();
  thread.Stop();
}

TEST_F(KeeperThreadTest, ADayThatFailsIsSaidOnceAndCountedInEachRound) {
  CollectorBatch batch{.collector = "tokyo", .epoch = 1};
  batch.reports = {SampleReport(sent_["tokyo"] + 1, "tokyo", kNovember + 50)};
  ASSERT_TRUE(store_->Commit({&batch, 1}, absl::UnixEpoch()).ok());
  auto database = Database::Open(folder_.File(), SQLITE_OPEN_READWRITE);
  ASSERT_EQ(database->Execute("INSERT INTO telescope_day VALUES ('', '2024-11-01', 1, 0, x'00')"),
            absl::OkStatus());
  const auto thread = Thread(Method());
  thread->Start();
  const std::string error =
      "a day of telescopes cannot be brought up to date: the store's telescope day 2024-11-01 cannot be "
      "read; restore the store from a copy";
  EXPECT_EQ(said_.WaitFor(1), Texts{error});
  // The months are kept all the same.
  ASSERT_TRUE(thread->Take(SmallRegister("d1")).ok());
  EXPECT_EQ(said_.WaitFor(2), (Texts{error, kFirst}));
  thread->Stop();
  EXPECT_EQ(thread->status().errors, 2u);
}

TEST_F(KeeperThreadTest, AnErrorIsSaidOnceAndItsEndToo) {
  MonthMethod method = Method();
  method.read = [this](const StoreReader& store, const v1::Statistics& statistics, v1::Series series,
                       Month month) -> absl::StatusOr<v1::MonthInputs> {
    if (++reads_ <= 2) return absl::UnavailableError("the disk is away");
    return ReadSmallInputs(store, statistics, series, month);
  };
  const auto thread = Thread(method);
  thread->Start();
  ASSERT_TRUE(thread->Take(SmallRegister("d1")).ok());
  const std::string error = "the figures of a month cannot be brought up to date: the disk is away";
  EXPECT_EQ(said_.WaitFor(1), Texts{error});
  // Each register that is taken is a round; the second fails in silence.
  for (int i = 0; i < 1'000 && thread->status().errors < 2; ++i)
    ASSERT_TRUE(thread->Take(SmallRegister("d1")).ok());
  while (thread->status().errors < 2) std::this_thread::yield();
  ASSERT_TRUE(thread->Take(SmallRegister("d1")).ok());
  EXPECT_EQ(said_.WaitFor(3), (Texts{error, kFirst, "the figures of all months are up to date again"}));
  EXPECT_EQ(thread->status().errors, 2u);
}

}  // namespace
}  // namespace kansoku::aggregator
