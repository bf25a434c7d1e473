// SPDX-License-Identifier: Apache-2.0
//
// What a telescope's collector reported, sent again in parts and several times over, to one aggregator or to
// several: what the stores hold together is what the first one holds.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/contract/darknet_ways.h"
#include "proto/contract/measurement.h"
#include "tests/aggregator/ingest/ingest_stream.h"
#include "tests/aggregator/store/store_folder.h"
#include "tests/end_to_end/harness.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

using aggregator::Bucket;
using aggregator::Store;
using aggregator::StoreFolder;
using aggregator::Tier;

constexpr char kPoint[] = "dark";

// Everything that one or several stores hold, added up.
struct Held {
  std::map<std::pair<Tier, int64_t>, v1::Measurement> buckets;  // by tier and start
  std::multiset<std::string> sources;                           // of single windows
};

void Add(const Store& store, Held& held) {
  for (const Tier tier : {Tier::kWindow, Tier::kFiveMinutes, Tier::kHour, Tier::kEver}) {
    const absl::Status scanned = store.Scan(tier, 0, INT64_MAX, {}, [&](const Bucket& bucket) {
      Merge(bucket.measurement, held.buckets[{tier, bucket.start_unix_seconds}]);
    });
    EXPECT_EQ(scanned, absl::OkStatus());
  }
  const auto note = [&](v1::WindowReport report) {
    report.set_point(kPoint);
    held.sources.insert(report.SerializeAsString());
  };
  EXPECT_EQ(store.ScanDarknetSources(0, INT64_MAX, {}, note), absl::OkStatus());
}

std::map<std::pair<Tier, int64_t>, std::string> Octets(const Held& held) {
  std::map<std::pair<Tier, int64_t>, std::string> octets;
  for (const auto& [place, measurement] : held.buckets) octets[place] = measurement.SerializeAsString();
  return octets;
}

void ExpectSame(const Held& held, const Held& expected, const std::string& what) {
  EXPECT_TRUE(Octets(held) == Octets(expected)) << what << ": counters or sketches differ";
  EXPECT_TRUE(held.sources == expected.sources) << what << ": sources differ";
}

// The reports as they were sent, by window.
std::vector<v1::WindowReport> ReportsIn(const Store& store) {
  std::map<int64_t, v1::WindowReport> reports;
  const auto add = [&](const Bucket& bucket) {
    v1::WindowReport& report = reports[bucket.start_unix_seconds];
    report.set_point(kPoint);
    report.set_window_start_unix_seconds(bucket.start_unix_seconds);
    report.set_window_seconds(bucket.seconds);
    *report.mutable_measurement() = bucket.measurement;
  };
  EXPECT_EQ(store.Scan(Tier::kWindow, 0, INT64_MAX, {}, add), absl::OkStatus());
  const auto add_sources = [&](const v1::WindowReport& report) {
    *reports[report.window_start_unix_seconds()].mutable_darknet_sources() = report.darknet_sources();
  };
  EXPECT_EQ(store.ScanDarknetSources(0, INT64_MAX, {}, add_sources), absl::OkStatus());
  std::vector<v1::WindowReport> all;
  for (const auto& [start, report] : reports) all.push_back(report);
  return all;
}

// Each part over a connection of its own, that begins with everything there was before.
void Replay(const std::vector<v1::WindowReport>& reports, size_t part, const aggregator::Server& server) {
  std::vector<v1::SequencedReport> sent;
  for (const v1::WindowReport& report : reports) {
    v1::SequencedReport& sequenced = sent.emplace_back();
    sequenced.set_sequence(sent.size());
    *sequenced.mutable_report() = report;
    if (sent.size() % part != 0 && sent.size() != reports.size()) continue;
    aggregator::Client client(server);
    client.Greet(aggregator::SampleHello(kPoint));
    client.Send(sent);
    client.ReadAcksThrough(sent.size());
    EXPECT_TRUE(client.Close().ok());
  }
  EXPECT_TRUE(server.store().Quarantine({.most = 10})->empty());
}

TEST(TelescopeReplay, HoldsTheSameOnceHoweverOftenAndWhereverItCame) {
  const TempDir dir;
  const Generated traffic =
      Generate(dir.path(), "telescope",
               {"telescope", "--scanners", "--seed", "9", "--packets", "30000", "--seconds", "600", "--start",
                std::to_string(aggregator::kSampleStart)});
  const std::string key = dir.File("key");
  std::ofstream(key) << "a key of thirty-two octets; test";
  std::filesystem::permissions(key, std::filesystem::perms::owner_read);
  StoreFolder first_folder;
  const aggregator::Server first(first_folder.File());
  v1::CollectorConfig config = CollectorConfigFor(dir.path(), "telescope", traffic, first.address());
  config.mutable_darknet_sources()->set_key_path(key);
  config.mutable_darknet_sources()->set_entries(16'384);
  config.mutable_darknet_sources()->set_max_reported(4'096);
  EXPECT_GE(Collect(config).reports_acknowledged(), 60u);
  Held expected;
  Add(first.store(), expected);
  const std::vector<v1::WindowReport> reports = ReportsIn(first.store());
  ASSERT_GE(reports.size(), 60u);
  ASSERT_EQ(expected.sources.size(), reports.size());
  std::set<SourceWay> ways;
  for (const v1::WindowReport& report : reports) AddSourceWays(report.measurement(), ways);
  ASSERT_EQ(ways.size(), 1u);
  ASSERT_NE(ways.begin()->first, 0u) << "sources were not told apart";

  for (const size_t part : {7, 25}) {
    StoreFolder folder;
    const aggregator::Server again(folder.File());
    Replay(reports, part, again);
    Held held;
    Add(again.store(), held);
    ExpectSame(held, expected, "one aggregator");
  }

  // Each report to any of them.
  std::mt19937 random(1);
  for (size_t aggregators = 2; aggregators <= 6; ++aggregators) {
    std::vector<std::vector<v1::WindowReport>> shares(aggregators);
    for (const v1::WindowReport& report : reports) shares[random() % aggregators].push_back(report);
    Held together;
    for (const std::vector<v1::WindowReport>& share : shares) {
      StoreFolder folder;
      const aggregator::Server one(folder.File());
      Replay(share, 1 + random() % 9, one);
      Add(one.store(), together);
    }
    ExpectSame(together, expected, absl::StrCat(aggregators, " aggregators"));
  }
}

}  // namespace
}  // namespace kansoku::testing
