// SPDX-License-Identifier: Apache-2.0
//
// What a year takes on disk (docs/vintages.md states these bounds).
#include <filesystem>
#include <iostream>
#include <random>

#include "aggregator/store/sqlite.h"
#include "tests/aggregator/vintage/kept_months.h"

namespace kansoku::aggregator {
namespace {

constexpr int64_t kHourRowsBound = 10 << 20;   // of one point and year, with 24 classes
constexpr int64_t kVintagesBound = 300 << 10;  // of one point and year, three vintages of each month

// Two points, a whole year of hours with the classes that ordinary traffic has: both directions, families and
// the usual carriers and transports.
class StoreGrowth : public KeptMonths {
 protected:
  static constexpr int kClasses = 24;
  static constexpr uint32_t kWindowSeconds = 300;

  StoreGrowth() {
    for (const char* point : {"east", "west"}) {
      v1::Hello hello = SampleHello(point);
      hello.mutable_points(0)->set_window_seconds(kWindowSeconds);
      EXPECT_TRUE(store_->Welcome(hello, absl::UnixEpoch()).ok());
    }
  }

  void SendHours(const std::string& point, Month month, std::mt19937_64& random) {
    CollectorBatch batch{.collector = point, .epoch = 1};
    for (int64_t start = StartUnixSeconds(month); start < EndUnixSeconds(month); start += 3600) {
      v1::SequencedReport& report = batch.reports.emplace_back();
      report.set_sequence(++sent_[point]);
      v1::WindowReport& window = *report.mutable_report();
      window.set_point(point);
      window.set_window_start_unix_seconds(start);
      window.set_window_seconds(kWindowSeconds);
      *window.mutable_measurement() = SampleMeasurement(sent_[point], kClasses, /*darknet=*/false);
      window.mutable_measurement()->set_windows(3600 / kWindowSeconds);
      for (v1::Cell& cell : *window.mutable_measurement()->mutable_cells()) {
        cell.set_ip_octets(1'000'000'000'000 + random() % 100'000'000'000);
        cell.set_wire_octets(cell.ip_octets() / 100 * 102);
        cell.set_packets(cell.ip_octets() / 800);
        cell.set_new_flows(cell.packets() / 1'000);
      }
    }
    const auto committed = store_->Commit({&batch, 1}, absl::UnixEpoch());
    ASSERT_TRUE(committed.ok()) << committed.status();
  }
};

TEST_F(StoreGrowth, IsBoundedForEachPointAndYear) {
  std::mt19937_64 random(7);
  MonthKeeper keeper(Method());
  Register small = SmallRegister("d1", 10, {"east", "tokyo", "west"});
  small.statistics.mutable_register_()->mutable_contributors(0)->set_member_until("2025-01");
  // Each month has a provisional vintage, one more of what came late, and a final one.
  for (Month month{2024, 1}; month < Month{2025, 1}; month = AddMonths(month, 1)) {
    for (const char* point : {"east", "west"}) SendHours(point, month, random);
    const absl::Time end = absl::FromUnixSeconds(EndUnixSeconds(month));
    Keep(keeper, small, end + kDay);
    Send("tokyo", StartUnixSeconds(month), 1);
    Keep(keeper, small, end + 3 * kDay);
    Keep(keeper, small, end + 20 * kDay);
  }
  ASSERT_EQ(store_->Vintages({})->size(), 36u);

  auto database = Database::Open(folder_.File(), SQLITE_OPEN_READONLY);
  const int64_t hours = *database->ReadInt("SELECT sum(length(measurement) + 24) FROM bucket WHERE tier = 2");
  const int64_t vintages =
      *database->ReadInt("SELECT sum(length(figures) + length(inputs) + 300) FROM vintage");
  std::cout << "hour rows: " << hours / 2 << " bytes for each point and year, of " << kClasses
            << " classes each hour\nvintages: " << vintages / 2
            << " bytes for each point and year, three of each month\n";
  EXPECT_LE(hours / 2, kHourRowsBound);
  EXPECT_GE(hours / 2, kHourRowsBound / 4);
  EXPECT_LE(vintages / 2, kVintagesBound);
  EXPECT_GE(vintages / 2, kVintagesBound / 4);
}

}  // namespace
}  // namespace kansoku::aggregator
