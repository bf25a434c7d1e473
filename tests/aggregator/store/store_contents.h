// SPDX-License-Identifier: Apache-2.0
//
// A real store in a test: filled with sample reports, and read back as bytes.
#pragma once

#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "aggregator/store/sqlite_store.h"
#include "gtest/gtest.h"
#include "proto/contract/identity.h"
#include "tests/aggregator/store/sample_report.h"

namespace kansoku::aggregator {

inline const absl::Time kNow = absl::FromUnixSeconds(kSampleStart + 7200);
inline constexpr int64_t kFirst = std::numeric_limits<int64_t>::min();
inline constexpr int64_t kLast = std::numeric_limits<int64_t>::max();

inline std::unique_ptr<Store> OpenStore(const std::string& path, Retention retention = {}) {
  auto store = SqliteStore::Open({.path = path, .retention = retention});
  EXPECT_TRUE(store.ok()) << store.status();
  return store.ok() ? *std::move(store) : nullptr;
}

// `count` windows of one point, from the sample start on.
inline std::vector<v1::SequencedReport> Reports(const std::string& point, uint64_t first, uint64_t count) {
  std::vector<v1::SequencedReport> reports;
  for (uint64_t i = first; i < first + count; ++i) {
    reports.push_back(
        SampleReport(i, point, kSampleStart + static_cast<int64_t>(i - 1) * kSampleWindowSeconds));
  }
  return reports;
}

inline absl::StatusOr<std::vector<uint64_t>> Commit(Store& store, std::vector<CollectorBatch> batches,
                                                    absl::Time now = kNow) {
  return store.Commit(batches, now);
}

// All buckets of a tier, each as its bytes under "start point".
inline std::map<std::string, std::string> Rows(const Store& store, Tier tier,
                                               std::vector<std::string> points = {}) {
  std::map<std::string, std::string> rows;
  const absl::Status scanned = store.Scan(tier, kFirst, kLast, points, [&](const Bucket& bucket) {
    rows[std::to_string(bucket.start_unix_seconds) + " " + std::string(bucket.point)] =
        bucket.measurement.SerializeAsString();
  });
  EXPECT_TRUE(scanned.ok()) << scanned;
  return rows;
}

inline std::string Dump(const Store& store) {
  std::string dump;
  for (const Tier tier : kTiers) {
    for (const auto& [key, bytes] : Rows(store, tier))
      dump += std::to_string(static_cast<int>(tier)) + key + bytes;
  }
  return dump;
}

inline uint64_t StoredPackets(const Store& store, const std::string& point) {
  uint64_t packets = 0;
  const std::vector<std::string> points = {point};
  EXPECT_TRUE(store
                  .Scan(Tier::kEver, 0, 0, points,
                        [&](const Bucket& bucket) {
                          const CountedTotals totals = Totals(bucket.measurement);
                          packets += totals.cell_packets + totals.darknet_packets;
                        })
                  .ok());
  return packets;
}

}  // namespace kansoku::aggregator
