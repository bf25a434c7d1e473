// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/report_part_rows.h"
#include "aggregator/store/sqlite_store.h"
#include "gtest/gtest.h"
#include "tests/aggregator/store/store_contents.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

// `count` windows of one point from the sample start on, each telling of some sources.
std::vector<v1::SequencedReport> WithSources(const std::string& point, uint64_t first, uint64_t count) {
  std::vector<v1::SequencedReport> reports = Reports(point, first, count);
  for (v1::SequencedReport& report : reports)
    AddSampleSources(report.sequence(), 4, *report.mutable_report());
  return reports;
}

v1::WindowReport SourcesAlone(const v1::SequencedReport& report) {
  v1::WindowReport alone = report.report();
  alone.clear_measurement();
  alone.clear_flow_records();
  return alone;
}

std::vector<v1::WindowReport> Stored(const Store& store, int64_t start = kFirst, int64_t end = kLast,
                                     std::vector<std::string> points = {}) {
  std::vector<v1::WindowReport> reports;
  const absl::Status scanned = store.ScanDarknetSources(
      start, end, points, [&](const v1::WindowReport& report) { reports.push_back(report); });
  EXPECT_TRUE(scanned.ok()) << scanned;
  return reports;
}

std::string Bytes(const std::vector<v1::WindowReport>& reports) {
  std::string bytes;
  for (const v1::WindowReport& report : reports) bytes += report.SerializeAsString() + "\n";
  return bytes;
}

class DarknetSourceRows : public ::testing::Test {
 protected:
  void Open(Retention retention = {}) {
    store_ = OpenStore(folder_.File(), retention);
    for (const char* collector : {"tokyo", "osaka"}) {
      ASSERT_TRUE(store_->Welcome(SampleHello(collector), kNow).ok());
    }
  }
  void SetUp() override { Open(); }
  absl::Status CommitReports(const std::string& collector, std::vector<v1::SequencedReport> reports,
                             absl::Time now = kNow) {
    return Commit(*store_, {{.collector = collector, .epoch = 1, .reports = std::move(reports)}}, now)
        .status();
  }

  void Keep(const std::string& day) {
    v1::TelescopeDay kept;
    kept.set_day(day);
    kept.set_revision(1);
    ASSERT_TRUE(store_->AddTelescopeDay(kept).ok());
  }

  StoreFolder folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(DarknetSourceRows, ComeBackAsTheyWereReportedWithNothingElse) {
  auto reports = WithSources("tokyo", 1, 3);
  reports[1].mutable_report()->set_sampling_interval(100);
  AddSampleRecords(1, 4, *reports[2].mutable_report());
  ASSERT_TRUE(CommitReports("tokyo", reports).ok());
  std::vector<v1::WindowReport> expected;
  for (const auto& report : reports) expected.push_back(SourcesAlone(report));
  EXPECT_EQ(Bytes(Stored(*store_)), Bytes(expected));
  store_ = OpenStore(folder_.File());
  EXPECT_EQ(Bytes(Stored(*store_)), Bytes(expected)) << "after a restart";
}

TEST_F(DarknetSourceRows, AreInNoTier) {
  auto reports = WithSources("tokyo", 1, 40);
  ASSERT_TRUE(CommitReports("tokyo", reports).ok());
  for (v1::SequencedReport& report : reports) report.mutable_report()->clear_darknet_sources();
  StoreFolder other;
  auto without = OpenStore(other.File());
  ASSERT_TRUE(without->Welcome(SampleHello("tokyo"), kNow).ok());
  ASSERT_TRUE(Commit(*without, {{.collector = "tokyo", .epoch = 1, .reports = reports}}).ok());
  EXPECT_TRUE(Dump(*store_) == Dump(*without));
  EXPECT_EQ(Stored(*without).size(), 0u) << "a report that tells of none takes no row";
}

TEST_F(DarknetSourceRows, OfAReportThatComesAgainAreStoredOnce) {
  ASSERT_TRUE(CommitReports("tokyo", WithSources("tokyo", 1, 5)).ok());
  ASSERT_TRUE(CommitReports("tokyo", WithSources("tokyo", 3, 5)).ok());
  ASSERT_TRUE(CommitReports("tokyo", WithSources("tokyo", 1, 7)).ok());
  EXPECT_EQ(Stored(*store_).size(), 7u);
}

TEST_F(DarknetSourceRows, AreStoredWithTheirReportOrNotAtAll) {
  auto reports = WithSources("tokyo", 1, 5);
  reports[4].set_sequence(9);
  EXPECT_EQ(CommitReports("tokyo", reports).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Stored(*store_).size(), 0u);
}

TEST_F(DarknetSourceRows, OfAWindowThatIsReportedInTwoPartsAreBothKept) {
  auto reports = WithSources("tokyo", 1, 2);
  reports[1].mutable_report()->set_window_start_unix_seconds(kSampleStart);
  ASSERT_TRUE(CommitReports("tokyo", reports).ok());
  EXPECT_EQ(Bytes(Stored(*store_)), Bytes({SourcesAlone(reports[0]), SourcesAlone(reports[1])}));
}

TEST_F(DarknetSourceRows, AreFoundByTimeAndPoint) {
  const auto tokyo = WithSources("tokyo", 1, 3);
  const auto osaka = WithSources("osaka", 1, 3);
  ASSERT_TRUE(CommitReports("tokyo", tokyo).ok());
  ASSERT_TRUE(CommitReports("osaka", osaka).ok());
  EXPECT_EQ(Bytes(Stored(*store_, kSampleStart + 10, kSampleStart + 20)),
            Bytes({SourcesAlone(tokyo[1]), SourcesAlone(osaka[1])}));
  EXPECT_EQ(Bytes(Stored(*store_, kSampleStart, kSampleStart + 30, {"osaka", "nowhere"})),
            Bytes({SourcesAlone(osaka[0]), SourcesAlone(osaka[1]), SourcesAlone(osaka[2])}));
  EXPECT_EQ(Stored(*store_, kFirst, kLast, {"nowhere"}).size(), 0u);
}

// However long windows are kept. Whoever judges a day does so within two hours of its end.
TEST_F(DarknetSourceRows, AreForgottenOnceTheirDayCanBeJudged) {
  Open({.window_hours = 1'000});
  const absl::Time start = absl::FromUnixSeconds(kSampleStart);
  ASSERT_TRUE(CommitReports("tokyo", WithSources("tokyo", 1, 360)).ok());
  Keep("2024-11-01");
  ASSERT_TRUE(store_->Expire(start + absl::Hours(26)).ok());
  EXPECT_EQ(Stored(*store_).size(), 360u);
  ASSERT_TRUE(store_->Expire(start + absl::Hours(26) + absl::Seconds(11)).ok());
  ASSERT_EQ(Stored(*store_).size(), 358u);
  EXPECT_EQ(Stored(*store_)[0].window_start_unix_seconds(), kSampleStart + 20);
  EXPECT_EQ(Rows(*store_, Tier::kWindow).size(), 360u);
  ASSERT_TRUE(store_->Expire(start + absl::Hours(27)).ok());
  EXPECT_EQ(Stored(*store_).size(), 0u);
}

TEST_F(DarknetSourceRows, OfADayThatIsNotJudgedAreKeptForTwoDays) {
  Open({.window_hours = 1'000});
  const absl::Time start = absl::FromUnixSeconds(kSampleStart);
  ASSERT_TRUE(CommitReports("tokyo", WithSources("tokyo", 1, 360)).ok());
  Keep("2024-10-31");
  ASSERT_TRUE(store_->Expire(start + absl::Hours(48)).ok());
  EXPECT_EQ(Stored(*store_).size(), 360u);
  ASSERT_TRUE(store_->Expire(start + absl::Hours(48) + absl::Seconds(11)).ok());
  EXPECT_EQ(Stored(*store_).size(), 358u);
  Keep("2024-11-01");
  ASSERT_TRUE(store_->Expire(start + absl::Hours(48) + absl::Seconds(11)).ok());
  EXPECT_EQ(Stored(*store_).size(), 0u);
}

TEST_F(DarknetSourceRows, AreKeptNoLongerThanWindows) {
  Open({.window_hours = 2});
  ASSERT_TRUE(CommitReports("tokyo", WithSources("tokyo", 1, 720)).ok());
  ASSERT_TRUE(store_->Expire(absl::FromUnixSeconds(kSampleStart + 3 * 3600)).ok());
  const auto kept = Stored(*store_);
  ASSERT_EQ(kept.size(), 360u);
  EXPECT_EQ(kept[0].window_start_unix_seconds(), kSampleStart + 3600);
}

// Those of a capture that is replayed are kept until its own time is over, whatever the clock of the commit
// says.
TEST_F(DarknetSourceRows, OfAWindowThatComesLateAreKeptUntilTheStoreForgets) {
  const absl::Time late = absl::FromUnixSeconds(kSampleStart + 26 * 3600 + 1);
  const auto reports = WithSources("tokyo", 1, 2);
  Keep("2024-11-01");
  ASSERT_TRUE(CommitReports("tokyo", reports, late).ok());
  EXPECT_EQ(Stored(*store_).size(), 2u);
  ASSERT_TRUE(store_->Expire(late).ok());
  EXPECT_EQ(Bytes(Stored(*store_)), Bytes({SourcesAlone(reports[1])}));
  EXPECT_EQ(Rows(*store_, Tier::kWindow).size(), 2u);

  Open({.window_hours = 2});
  ASSERT_TRUE(store_->Expire(absl::FromUnixSeconds(kSampleStart + 4 * 3600)).ok());
  ASSERT_TRUE(CommitReports("osaka", WithSources("osaka", 1, 2), late).ok());
  EXPECT_EQ(Stored(*store_).size(), 0u) << "of a window that is not kept";
}

}  // namespace
}  // namespace kansoku::aggregator
