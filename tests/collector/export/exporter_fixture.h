// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "collector/export/exporter.h"
#include "tests/collector/export/sample_report.h"
#include "tests/collector/export/test_aggregator.h"

namespace kansoku::collector {

// An exporter with a folder of its own, and an aggregator for it.
class ExporterTest : public testing::Test {
 protected:
  ExporterTest() {
    std::string pattern = testing::TempDir() + "/export_XXXXXX";
    folder_ = mkdtemp(pattern.data());
    options_.collector = "edge-1";
    options_.isp = "isp-1";
    options_.software_version = "0.1.0";
    options_.aggregator.set_acknowledgement_deadline_seconds(20);
    options_.aggregator.set_max_bytes_in_flight(4 << 20);
    options_.aggregator.set_max_batch_bytes(1 << 20);
    options_.aggregator.set_max_backoff_seconds(1);
    options_.spool.set_path(folder_ + "/spool.db");
    options_.spool.set_max_bytes(1 << 30);
    options_.spool.set_max_age_hours(168);
    options_.points.emplace_back().set_point("pppp");
    options_.on_change = [this](const std::string& line) {
      const std::lock_guard lock(lines_mutex_);
      lines_ += line + "\n";
      lines_changed_.notify_all();
    };
    aggregator_.StartServer();
    options_.aggregator.set_address(aggregator_.address());
  }
  ~ExporterTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Exporter> Start() {
    auto exporter = Exporter::Open(options_);
    EXPECT_TRUE(exporter.ok()) << exporter.status();
    (*exporter)->Start();
    return *std::move(exporter);
  }

  void Submit(Exporter& exporter, uint64_t first, uint64_t last) {
    for (uint64_t n = first; n <= last; ++n) exporter.SubmitAndWait(SampleReport(n));
  }

  // An earlier run closes reports 1 to 20 while the aggregator is away, which then comes back. The run's
  // epoch.
  uint64_t LeaveTwentyReports() {
    aggregator_.StopServer();
    const auto exporter = Start();
    Submit(*exporter, 1, 20);
    exporter->Stop();
    EXPECT_EQ(exporter->Status().delivery.reports_spooled(), 20u);
    aggregator_.StartServer();
    return exporter->Status().epoch;
  }

  void ChangeSpool(const char* sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(options_.spool.path().c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }

  bool SaidWithin30Seconds(const std::string& what) {
    std::unique_lock lock(lines_mutex_);
    return lines_changed_.wait_for(lock, std::chrono::seconds(30),
                                   [&] { return lines_.find(what) != std::string::npos; });
  }

  std::string lines() {
    const std::lock_guard lock(lines_mutex_);
    return lines_;
  }

  // Reports `first` to `last` are stored once each, under the numbers from 1 and in order.
  void ExpectStored(uint64_t epoch, uint64_t last, uint64_t first = 1) {
    const auto stored = aggregator_.Stored(epoch);
    ASSERT_EQ(stored.size(), last + 1 - first);
    for (const auto& [sequence, entry] : stored) {
      ASSERT_EQ(entry.report().SerializeAsString(), SampleReport(sequence + first - 1).SerializeAsString())
          << sequence;
    }
    EXPECT_EQ(aggregator_.gaps(), 0u);
  }

  static absl::Duration Soon() { return absl::Seconds(30); }

  std::string folder_;
  ExportOptions options_;
  TestAggregator aggregator_;
  std::mutex lines_mutex_;
  std::condition_variable lines_changed_;
  std::string lines_;
};

}  // namespace kansoku::collector
