// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/sqlite_store.h"
#include "gtest/gtest.h"
#include "tests/aggregator/store/store_contents.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

// `count` windows of one point from the sample start on, each with some flow records.
std::vector<v1::SequencedReport> WithRecords(const std::string& point, uint64_t first, uint64_t count) {
  std::vector<v1::SequencedReport> reports = Reports(point, first, count);
  for (v1::SequencedReport& report : reports) {
    AddSampleRecords(report.sequence(), 4, *report.mutable_report());
  }
  return reports;
}

v1::WindowReport RecordsAlone(const v1::SequencedReport& report) {
  v1::WindowReport alone = report.report();
  alone.clear_measurement();
  return alone;
}

std::vector<v1::WindowReport> Stored(const Store& store, int64_t start = kFirst, int64_t end = kLast,
                                     std::vector<std::string> points = {}, FlowRecordPlace first = {}) {
  std::vector<v1::WindowReport> reports;
  const absl::Status scanned =
      store.ScanFlowRecords(start, end, points, first, [&](FlowRecordPlace, const v1::WindowReport& report) {
        reports.push_back(report);
        return true;
      });
  EXPECT_TRUE(scanned.ok()) << scanned;
  return reports;
}

std::string Bytes(const std::vector<v1::WindowReport>& reports) {
  std::string bytes;
  for (const v1::WindowReport& report : reports) bytes += report.SerializeAsString() + "\n";
  return bytes;
}

class FlowRecordRows : public ::testing::Test {
 protected:
  void SetUp() override {
    store_ = OpenStore(folder_.File(), {.window_hours = 2});
    ASSERT_TRUE(store_->Welcome(SampleHello("tokyo"), kNow).ok());
    ASSERT_TRUE(store_->Welcome(SampleHello("osaka"), kNow).ok());
  }
  absl::Status CommitReports(const std::string& collector, std::vector<v1::SequencedReport> reports) {
    return Commit(*store_, {{.collector = collector, .epoch = 1, .reports = std::move(reports)}}).status();
  }

  StoreFolder folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(FlowRecordRows, ComeBackAsTheyWereReportedWithoutTheMeasurement) {
  auto reports = WithRecords("tokyo", 1, 3);
  reports[1].mutable_report()->set_sampling_interval(100);
  ASSERT_TRUE(CommitReports("tokyo", reports).ok());
  std::vector<v1::WindowReport> expected;
  for (const auto& report : reports) expected.push_back(RecordsAlone(report));
  EXPECT_EQ(Bytes(Stored(*store_)), Bytes(expected));
  store_ = OpenStore(folder_.File());
  EXPECT_EQ(Bytes(Stored(*store_)), Bytes(expected)) << "after a restart";
}

TEST_F(FlowRecordRows, ChangeNoTotal) {
  ASSERT_TRUE(CommitReports("tokyo", WithRecords("tokyo", 1, 40)).ok());
  StoreFolder other;
  auto without = OpenStore(other.File());
  ASSERT_TRUE(without->Welcome(SampleHello("tokyo"), kNow).ok());
  ASSERT_TRUE(
      Commit(*without, {{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", 1, 40)}}).ok());
  EXPECT_TRUE(Dump(*store_) == Dump(*without));
  EXPECT_EQ(Stored(*without).size(), 0u) << "a report without records takes no row";
}

TEST_F(FlowRecordRows, OfAReportThatComesAgainAreStoredOnce) {
  ASSERT_TRUE(CommitReports("tokyo", WithRecords("tokyo", 1, 5)).ok());
  ASSERT_TRUE(CommitReports("tokyo", WithRecords("tokyo", 3, 5)).ok());
  ASSERT_TRUE(CommitReports("tokyo", WithRecords("tokyo", 1, 7)).ok());
  EXPECT_EQ(Stored(*store_).size(), 7u);
}

TEST_F(FlowRecordRows, AreStoredWithTheirReportOrNotAtAll) {
  auto reports = WithRecords("tokyo", 1, 5);
  reports[4].set_sequence(9);
  EXPECT_EQ(CommitReports("tokyo", reports).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Stored(*store_).size(), 0u);
}

TEST_F(FlowRecordRows, OfAWindowThatIsReportedInTwoPartsAddUp) {
  auto reports = WithRecords("tokyo", 1, 2);
  reports[1].mutable_report()->set_window_start_unix_seconds(kSampleStart);
  ASSERT_TRUE(CommitReports("tokyo", reports).ok());
  EXPECT_EQ(Bytes(Stored(*store_)), Bytes({RecordsAlone(reports[0]), RecordsAlone(reports[1])}));
}

TEST_F(FlowRecordRows, AreFoundByTimePointAndPlace) {
  const auto tokyo = WithRecords("tokyo", 1, 3);
  const auto osaka = WithRecords("osaka", 1, 3);
  ASSERT_TRUE(CommitReports("tokyo", tokyo).ok());
  ASSERT_TRUE(CommitReports("osaka", osaka).ok());
  EXPECT_EQ(Bytes(Stored(*store_, kSampleStart + 10, kSampleStart + 20)),
            Bytes({RecordsAlone(tokyo[1]), RecordsAlone(osaka[1])}));
  EXPECT_EQ(Bytes(Stored(*store_, kSampleStart, kSampleStart + 30, {"osaka", "nowhere"})),
            Bytes({RecordsAlone(osaka[0]), RecordsAlone(osaka[1]), RecordsAlone(osaka[2])}));
  EXPECT_EQ(Stored(*store_, kFirst, kLast, {"nowhere"}).size(), 0u);

  std::vector<FlowRecordPlace> places;
  ASSERT_TRUE(store_
                  ->ScanFlowRecords(kFirst, kLast, {}, {},
                                    [&](FlowRecordPlace place, const v1::WindowReport&) {
                                      places.push_back(place);
                                      return places.size() < 4;
                                    })
                  .ok());
  ASSERT_EQ(places.size(), 4u) << "visit says when it is enough";
  EXPECT_EQ(Bytes(Stored(*store_, kFirst, kLast, {}, places[3])),
            Bytes({RecordsAlone(osaka[1]), RecordsAlone(tokyo[2]), RecordsAlone(osaka[2])}));
}

TEST_F(FlowRecordRows, AreKeptAsLongAsWindows) {
  ASSERT_TRUE(CommitReports("tokyo", WithRecords("tokyo", 1, 720)).ok());
  // Kept for two hours: the first hour is over them.
  ASSERT_TRUE(store_->Expire(absl::FromUnixSeconds(kSampleStart + 3 * 3600)).ok());
  const auto kept = Stored(*store_);
  ASSERT_EQ(kept.size(), 360u);
  EXPECT_EQ(kept[0].window_start_unix_seconds(), kSampleStart + 3600);

  auto late = WithRecords("osaka", 1, 2);
  late[0].mutable_report()->set_window_start_unix_seconds(kSampleStart + 3590);
  late[1].mutable_report()->set_window_start_unix_seconds(kSampleStart + 3600);
  ASSERT_TRUE(CommitReports("osaka", late).ok());
  EXPECT_EQ(Bytes(Stored(*store_, kFirst, kLast, {"osaka"})), Bytes({RecordsAlone(late[1])}));
}

TEST_F(FlowRecordRows, FindTheirTableInAStoreOfTheVersionBeforeThem) {
  ASSERT_TRUE(CommitReports("tokyo", Reports("tokyo", 1, 5)).ok());
  // That version left nothing to be rolled up.
  ASSERT_TRUE(store_->Expire(absl::FromUnixSeconds(kSampleStart + 3 * 3600)).ok());
  const std::string before = Dump(*store_);
  store_.reset();
  {
    auto database = Database::Open(folder_.File(), SQLITE_OPEN_READWRITE);
    ASSERT_TRUE(
        database
            ->Execute("DROP TABLE flow_records; DROP TABLE quarantine; DROP TABLE quarantine_count; "
                      "DROP TABLE gap; DROP TABLE probe; DROP TABLE register; "
                      "DROP TABLE vintage; DROP TABLE month_change; DROP TABLE darknet_sources; "
                      "DROP TABLE telescope_day; DROP TABLE day_change; "
                      "ALTER TABLE point DROP COLUMN unrolled_from; "
                      "ALTER TABLE point DROP COLUMN unrolled_to; ALTER TABLE point DROP COLUMN region; "
                      "ALTER TABLE collector DROP COLUMN quarantine_octets; PRAGMA user_version = 1")
            .ok());
  }
  store_ = OpenStore(folder_.File());
  ASSERT_NE(store_, nullptr);
  EXPECT_EQ(Dump(*store_), before);
  auto next = WithRecords("tokyo", 6, 1);
  next[0].mutable_report()->set_window_start_unix_seconds(kSampleStart + 3600);
  ASSERT_TRUE(CommitReports("tokyo", next).ok());
  EXPECT_EQ(Stored(*store_).size(), 1u);
}

}  // namespace
}  // namespace kansoku::aggregator
