// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <iterator>

#include "aggregator/store/schema.h"
#include "aggregator/store/sqlite_store.h"
#include "gtest/gtest.h"
#include "tests/aggregator/store/store_contents.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

// The file as an older version wrote it, with the same content whichever that was.
void WriteOldStore(const std::string& path, int version) {
  std::ifstream dump(KANSOKU_SOURCE_DIR "/tests/aggregator/store/schema_" + std::to_string(version) + ".sql");
  const std::string sql(std::istreambuf_iterator<char>(dump), {});
  auto database = Database::Open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  ASSERT_TRUE(database.ok()) << database.status();
  ASSERT_EQ(database->Execute(sql.c_str()), absl::OkStatus());
  ASSERT_EQ(*database->ReadInt("PRAGMA user_version"), version);
}

std::vector<v1::SequencedReport> OldReports() {
  std::vector<v1::SequencedReport> reports = Reports("tokyo", 1, 3);
  AddSampleRecords(1, 2, *reports[0].mutable_report());
  reports.push_back(SampleTombstone(4, "tokyo", kSampleStart + 30));
  return reports;
}

class Migration : public testing::TestWithParam<int> {};

TEST_P(Migration, AnOlderStoreHoldsTheSameAfterwards) {
  StoreFolder folder;
  WriteOldStore(folder.File(), GetParam());
  const auto migrated = OpenStore(folder.File());
  ASSERT_NE(migrated, nullptr);
  const auto fresh = OpenStore(folder.File("fresh.db"));
  ASSERT_TRUE(fresh->Welcome(SampleHello("tokyo"), kNow).ok());
  ASSERT_TRUE(Commit(*fresh, {{.collector = "tokyo", .epoch = 1, .reports = OldReports()}}).ok());

  EXPECT_EQ(Dump(*migrated), Dump(*fresh));
  int records = 0;
  ASSERT_TRUE(migrated
                  ->ScanFlowRecords(kFirst, kLast, {}, {},
                                    [&](FlowRecordPlace, const v1::WindowReport& report) {
                                      records += report.flow_records_size();
                                      return true;
                                    })
                  .ok());
  EXPECT_EQ(records, 2);
  int reports_of_sources = 0;
  const auto count = [&](const v1::WindowReport&) { ++reports_of_sources; };
  EXPECT_TRUE(migrated->ScanDarknetSources(kFirst, kLast, {}, count).ok());
  EXPECT_EQ(reports_of_sources, 0);
  const CollectorRecord tokyo = migrated->Collectors()->at(1);
  EXPECT_EQ(tokyo.committed_through, 4u);
  EXPECT_EQ(tokyo.duplicate_reports, 1u);
  EXPECT_EQ(tokyo.delivery.reports_evicted(), 1u);
  EXPECT_EQ(tokyo.quarantined.size(), 0u);
  EXPECT_EQ(migrated->Points()->at(1).acknowledged_packets, 9'591u);
  EXPECT_EQ(migrated->Points()->at(1).region, "");
  EXPECT_EQ(*migrated->MonthChanges("2024-10"), 0u);
  EXPECT_EQ(*migrated->MonthChanges("2024-11"), 1u);
  EXPECT_EQ(*migrated->MonthChanges("2024-12"), 0u);
}

TEST_P(Migration, SaysHowFarItIs) {
  StoreFolder folder;
  WriteOldStore(folder.File(), GetParam());
  std::vector<std::pair<int, int>> told, expected;
  const SqliteStoreOptions options{
      .path = folder.File(), .on_migration = [&](int done, int steps) { told.emplace_back(done, steps); }};
  ASSERT_TRUE(SqliteStore::Open(options).ok());
  const int steps = kStoreSchemaVersion - GetParam();
  for (int done = 0; done < steps; ++done) expected.emplace_back(done, steps);
  EXPECT_EQ(told, expected);
  ASSERT_TRUE(SqliteStore::Open(options).ok());
  EXPECT_EQ(told, expected) << "nothing is left to be done";
}

TEST_P(Migration, AMigratedStoreGoesOn) {
  StoreFolder folder;
  WriteOldStore(folder.File(), GetParam());
  {
    OpenStore(folder.File());
  }
  auto database = Database::Open(folder.File(), SQLITE_OPEN_READONLY);
  EXPECT_EQ(*database->ReadInt("PRAGMA user_version"), kStoreSchemaVersion);
  const auto store = OpenStore(folder.File());
  v1::Hello hello = SampleHello("tokyo");
  hello.mutable_points(0)->set_region("kanto");
  EXPECT_EQ(*store->Welcome(hello, kNow), 4u);
  EXPECT_EQ(store->Points()->at(1).region, "kanto");
  CollectorBatch batch{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", 5, 2)};
  batch.refusals = {{.sequence = 6, .reason = v1::QUARANTINE_REASON_IMPOSSIBLE, .text = "six"}};
  EXPECT_EQ(*Commit(*store, {batch}), std::vector<uint64_t>{6});
  EXPECT_EQ(store->Points()->at(1).windows, 4u);
  EXPECT_EQ(store->Quarantine({.most = 10})->at(0).text(), "six");
  v1::SequencedReport seventh = SampleReport(7, "tokyo", kSampleStart + 60);
  AddSampleSources(7, 3, *seventh.mutable_report());
  EXPECT_EQ(*Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = {seventh}}}),
            std::vector<uint64_t>{7});
  int sources = 0;
  const auto count = [&](const v1::WindowReport& report) {
    sources += report.darknet_sources(0).sources_size();
  };
  EXPECT_TRUE(store->ScanDarknetSources(kFirst, kLast, {}, count).ok());
  EXPECT_EQ(sources, 3);
}

TEST_P(Migration, WhatAnOlderVersionRolledUpIsNotRolledUpAgain) {
  StoreFolder folder;
  WriteOldStore(folder.File(), GetParam());
  const auto store = OpenStore(folder.File());
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  auto reports = Reports("tokyo", 5, 100);
  // The other part of a window that it has.
  reports[0].mutable_report()->set_window_start_unix_seconds(kSampleStart + 20);
  for (const v1::SequencedReport& report : reports) {
    ASSERT_TRUE(Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = {report}}}).ok());
  }
  const auto fresh = OpenStore(folder.File("fresh.db"));
  ASSERT_TRUE(fresh->Welcome(SampleHello("tokyo"), kNow).ok());
  ASSERT_TRUE(Commit(*fresh, {{.collector = "tokyo", .epoch = 1, .reports = OldReports()},
                              {.collector = "tokyo", .epoch = 1, .reports = reports}})
                  .ok());
  EXPECT_EQ(Dump(*store), Dump(*fresh));
  EXPECT_EQ(StoredPackets(*store, "tokyo"), store->Points()->at(1).acknowledged_packets);
}

TEST(MigrationOfMonths, CountsEveryMonthInJapanFromTheFirstWindowToTheLast) {
  StoreFolder folder;
  WriteOldStore(folder.File(), 4);
  auto database = Database::Open(folder.File(), SQLITE_OPEN_READWRITE);
  // 2024-10-31 23:59:50 and 2025-01-01 00:00:00 in Japan.
  ASSERT_EQ(database->Execute("UPDATE point SET first_window_start = 1730386790, last_window_start = "
                              "1735657200 WHERE name = 'tokyo'"),
            absl::OkStatus());
  const auto store = OpenStore(folder.File());
  std::vector<uint64_t> changes;
  for (const char* month : {"2024-09", "2024-10", "2024-11", "2024-12", "2025-01", "2025-02"}) {
    changes.push_back(*store->MonthChanges(month));
  }
  EXPECT_EQ(changes, (std::vector<uint64_t>{0, 1, 1, 1, 1, 0}));
}

// Days in Japan of points that told of dark addresses; SQL sees no tallies, so those between are among them.
TEST(MigrationOfDays, CountsEveryDayOfAPointWithATelescopeFromItsFirstWindowToItsLast) {
  StoreFolder folder;
  {
    const auto store = OpenStore(folder.File());
    for (const char* collector : {"tokyo", "osaka"}) {
      ASSERT_TRUE(store->Welcome(SampleHello(collector), kNow).ok());
    }
    // 2024-11-01 23:59:50 and 2024-11-03 00:00:00 in Japan; and a point without a telescope before.
    const int64_t last_of_day = kSampleStart + 15 * 3600 - 10;
    std::vector<v1::SequencedReport> other = {SampleReport(1, "osaka", kSampleStart - 86'400)};
    *other[0].mutable_report()->mutable_measurement() = SampleMeasurement(31, 3, false);
    ASSERT_TRUE(Commit(*store, {{.collector = "tokyo",
                                 .epoch = 1,
                                 .reports = {SampleReport(1, "tokyo", last_of_day),
                                             SampleReport(2, "tokyo", last_of_day + 86'400 + 10)}},
                                {.collector = "osaka", .epoch = 1, .reports = other}})
                    .ok());
    ASSERT_TRUE(store->Expire(absl::FromUnixSeconds(last_of_day) + absl::Hours(24 * 30)).ok());
  }
  {
    auto database = Database::Open(folder.File(), SQLITE_OPEN_READWRITE);
    ASSERT_EQ(database->Execute("ALTER TABLE point DROP COLUMN region; DROP TABLE telescope_day; "
                                "DROP TABLE day_change; PRAGMA user_version = 6"),
              absl::OkStatus());
  }
  const auto store = OpenStore(folder.File());
  ASSERT_NE(store, nullptr);
  std::vector<uint64_t> changes;
  for (const char* day : {"2024-10-31", "2024-11-01", "2024-11-02", "2024-11-03", "2024-11-04"}) {
    changes.push_back(*store->DayChanges(day));
  }
  EXPECT_EQ(changes, (std::vector<uint64_t>{0, 1, 1, 1, 0}));
}

INSTANTIATE_TEST_SUITE_P(, Migration, testing::Values(2, 3, 4, 5, 6, 7));

}  // namespace
}  // namespace kansoku::aggregator
