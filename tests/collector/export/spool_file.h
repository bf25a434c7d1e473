// SPDX-License-Identifier: Apache-2.0
//
// A spool in a folder of its own, and what its tests say about it in a line.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "collector/export/spool.h"
#include "tests/collector/export/sample_report.h"

namespace kansoku::collector {

constexpr uint64_t kRoomy = 1 << 30;

class SpoolFile : public testing::Test {
 protected:
  SpoolFile() {
    std::string pattern = testing::TempDir() + "/spool_XXXXXX";
    folder_ = mkdtemp(pattern.data());
    path_ = folder_ + "/spool.db";
  }
  ~SpoolFile() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Spool> Open(uint64_t max_bytes = kRoomy,
                              absl::Duration max_age = absl::InfiniteDuration()) {
    auto spool = Spool::Open(path_, {.max_bytes = max_bytes, .max_age = max_age});
    EXPECT_TRUE(spool.ok()) << spool.status();
    return *std::move(spool);
  }

  void RemoveAll() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
  }

  std::string folder_;
  std::string path_;
};

inline void Append(Spool& spool, uint64_t first, uint64_t last, absl::Time now = absl::UnixEpoch()) {
  std::vector<v1::SequencedReport> entries;
  for (uint64_t n = first; n <= last; ++n) entries.push_back(SampleEntry(n));
  ASSERT_TRUE(spool.Append(entries, now).ok());
}

inline std::vector<v1::SequencedReport> ReadAll(const Spool& spool) {
  auto entries = spool.Read(0, kRoomy);
  EXPECT_TRUE(entries.ok()) << entries.status();
  return *std::move(entries);
}

// "1:7 2:t8" is report 7 under number 1, and a tombstone of report 8 under number 2.
inline std::string Summary(const std::vector<v1::SequencedReport>& entries) {
  std::string summary;
  for (const v1::SequencedReport& entry : entries) {
    if (!summary.empty()) summary += ' ';
    summary += std::to_string(entry.sequence()) + ":";
    summary += entry.has_tombstone()
                   ? "t" + std::to_string(entry.tombstone().captured_packets())
                   : std::to_string(entry.report().measurement().ledger().captured_packets());
  }
  return summary;
}

inline std::string Account(const Spool& spool) {
  const v1::Delivery a = spool.account();
  return std::to_string(a.reports_closed()) + " = " + std::to_string(a.reports_acknowledged()) + " + " +
         std::to_string(a.reports_spooled()) + " + " + std::to_string(a.reports_evicted());
}

inline void Sql(const std::string& path, const char* sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
  sqlite3_close(database);
}

}  // namespace kansoku::collector
