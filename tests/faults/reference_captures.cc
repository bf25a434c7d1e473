// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/reference_captures.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "aggregator/store/sqlite_store.h"
#include "tests/faults/aggregator_process.h"
#include "tests/testing/child_process.h"

namespace kansoku::testing {
namespace {

constexpr int64_t kFirstStart = 1'730'419'200;
constexpr int64_t kSecondsPerCapture = 100;
constexpr int kPacketsPerCapture = 6'000;

std::string PointName(size_t capture) { return absl::StrCat("reference-", capture); }

}  // namespace

std::string CountingKeys() {
  const Finished prefixes = RunProgram({KANSOKU_GENERATE, "prefixes", "isp"});
  EXPECT_EQ(prefixes.exit_status, 0) << prefixes.err;
  return "window_seconds: 1\n" + prefixes.out;
}

std::vector<ReferenceCapture> MakeReferenceCaptures(const std::string& folder, size_t count) {
  std::vector<ReferenceCapture> captures;
  std::string links;
  for (size_t i = 0; i < count; ++i) {
    ReferenceCapture& capture = captures.emplace_back();
    capture.path = absl::StrCat(folder, "/", i, ".pcap");
    const Finished generated = RunProgram(
        {KANSOKU_GENERATE, "isp", "--out", capture.path, "--seed", absl::StrCat(i + 1), "--packets",
         absl::StrCat(kPacketsPerCapture), "--seconds", absl::StrCat(kSecondsPerCapture), "--start",
         absl::StrCat(kFirstStart + static_cast<int64_t>(i) * 3 * kSecondsPerCapture), "--subscribers",
         "200"});
    EXPECT_EQ(generated.exit_status, 0) << generated.err;
    absl::StrAppend(&links, "  - {point: ", PointName(i), ", file: ", capture.path, ", group: a1}\n");
  }
  AggregatorProcess aggregator(folder, 2);
  aggregator.Start();
  const std::string config = folder + "/reference.yaml";
  std::ofstream(config) << "collector: reference\nisp: test-isp\naggregator: {address: \""
                        << aggregator.address() << "\"}\nspool: {path: " << folder << "/reference.spool}\n"
                        << CountingKeys() << "links:\n"
                        << links;
  const Finished collected = RunProgram({KANSOKU_COLLECTOR, "--config", config});
  EXPECT_EQ(collected.exit_status, 0) << collected.err;
  aggregator.End(SIGTERM);
  aggregator::SqliteStoreOptions options;
  options.path = aggregator.store_path();
  const auto store = aggregator::SqliteStore::Open(options);
  EXPECT_TRUE(store.ok()) << store.status();
  for (size_t i = 0; store.ok() && i < count; ++i) {
    const std::string point = PointName(i);
    const absl::Status read =
        (*store)->Scan(aggregator::Tier::kWindow, 0, INT64_MAX, {&point, 1},
                       [&capture = captures[i]](const aggregator::Bucket& bucket) {
                         v1::WindowReport& report = capture.reports.emplace_back();
                         report.set_window_start_unix_seconds(bucket.start_unix_seconds);
                         report.set_window_seconds(bucket.seconds);
                         *report.mutable_measurement() = bucket.measurement;
                       });
    EXPECT_TRUE(read.ok()) << read;
    EXPECT_EQ(captures[i].reports.size(), static_cast<size_t>(kSecondsPerCapture));
  }
  return captures;
}

}  // namespace kansoku::testing
