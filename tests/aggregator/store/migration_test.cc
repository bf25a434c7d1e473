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

// The file as the version before wrote it.
void WriteOldStore(const std::string& path) {
  std::ifstream dump(KANSOKU_SOURCE_DIR "/tests/aggregator/store/schema_2.sql");
  const std::string sql(std::istreambuf_iterator<char>(dump), {});
  auto database = Database::Open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  ASSERT_TRUE(database.ok()) << database.status();
  ASSERT_EQ(database->Execute(sql.c_str()), absl::OkStatus());
  ASSERT_EQ(*database->ReadInt("PRAGMA user_version"), 2);
}

std::vector<v1::SequencedReport> OldReports() {
  std::vector<v1::SequencedReport> reports = Reports("tokyo", 1, 3);
  AddSampleRecords(1, 2, *reports[0].mutable_report());
  reports.push_back(SampleTombstone(4, "tokyo", kSampleStart + 30));
  return reports;
}

TEST(Migration, AStoreOfTheVersionBeforeHoldsTheSameAfterwards) {
  StoreFolder folder;
  WriteOldStore(folder.File());
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
  const CollectorRecord tokyo = migrated->Collectors()->at(1);
  EXPECT_EQ(tokyo.committed_through, 4u);
  EXPECT_EQ(tokyo.duplicate_reports, 1u);
  EXPECT_EQ(tokyo.delivery.reports_evicted(), 1u);
  EXPECT_EQ(tokyo.quarantined.size(), 0u);
  EXPECT_EQ(migrated->Points()->at(1).acknowledged_packets, 9'591u);
}

TEST(Migration, AMigratedStoreGoesOn) {
  StoreFolder folder;
  WriteOldStore(folder.File());
  {
    OpenStore(folder.File());
  }
  auto database = Database::Open(folder.File(), SQLITE_OPEN_READONLY);
  EXPECT_EQ(*database->ReadInt("PRAGMA user_version"), kStoreSchemaVersion);
  const auto store = OpenStore(folder.File());
  EXPECT_EQ(*store->Welcome(SampleHello("tokyo"), kNow), 4u);
  CollectorBatch batch{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", 5, 2)};
  batch.refusals = {{.sequence = 6, .reason = v1::QUARANTINE_REASON_IMPOSSIBLE, .text = "six"}};
  EXPECT_EQ(*Commit(*store, {batch}), std::vector<uint64_t>{6});
  EXPECT_EQ(store->Points()->at(1).windows, 4u);
  EXPECT_EQ(store->Quarantine({.most = 10})->at(0).text(), "six");
}

}  // namespace
}  // namespace kansoku::aggregator
