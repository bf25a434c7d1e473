// SPDX-License-Identifier: Apache-2.0
#include "tests/end_to_end/harness.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "aggregator/store/sqlite_store.h"
#include "collector/collector.h"
#include "proto/contract/config_text.h"
#include "tests/testing/child_process.h"

namespace kansoku::testing {
namespace {

constexpr absl::Duration kDeadline = absl::Seconds(120);

// From the first window to the end of the last, over all points.
v1::TimeRange HeldRange(v1::Query::Stub& query) {
  grpc::ClientContext context;
  v1::ListPointsResponse points;
  const grpc::Status status = query.ListPoints(&context, {}, &points);
  EXPECT_TRUE(status.ok()) << status.error_message();
  int64_t start = INT64_MAX, end = 0;
  for (const v1::Point& point : points.points()) {
    if (!point.has_held()) continue;
    start = std::min(start, point.held().start_unix_seconds());
    end = std::max(end, point.held().end_unix_seconds());
  }
  v1::TimeRange range;
  range.set_start_unix_seconds(start);
  range.set_end_unix_seconds(end);
  return range;
}

}  // namespace

Generated Generate(const std::string& folder, const std::string& name, std::vector<std::string> arguments) {
  const Generated files{absl::StrCat(folder, "/", name, ".pcap"), absl::StrCat(folder, "/", name, ".json")};
  arguments.insert(arguments.begin(), KANSOKU_GENERATE);
  arguments.insert(arguments.end(), {"--out", files.capture, "--truth", files.truth});
  const Finished run = RunProgram(arguments);
  EXPECT_EQ(run.exit_status, 0) << run.err;
  return files;
}

v1::AggregatorConfig AggregatorConfigIn(const std::string& folder) {
  v1::AggregatorConfig config;
  const auto parsed =
      ParseConfig(absl::StrCat("listen: 127.0.0.1:0\nmetrics_listen: 127.0.0.1:0\nstore_path: ", folder,
                               "/store.db\nretention: {window_hours: 1000000, five_minute_days: 100000}\n"
                               "commit_interval_milliseconds: 5\nclock: {max_behind_days: 0}\n"),
                  "aggregator.yaml", config);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return config;
}

v1::CollectorConfig CollectorConfigFor(const std::string& folder, const std::string& name,
                                       const Generated& traffic, const std::string& aggregator_address) {
  nlohmann::json truth = nlohmann::json::parse(std::ifstream(traffic.truth));
  std::string yaml = absl::StrCat("collector: ", name, "\nisp: test-isp\naggregator: {address: \"",
                                  aggregator_address, "\"}\nspool: {path: ", folder, "/", name,
                                  ".spool}\nlinks:\n  - point: ", name, "-point\n    file: ", traffic.capture,
                                  "\n    group: a1\nflow_table: {idle_timeout_seconds: 3600}\n");
  if (!truth["subscribers"].empty()) absl::StrAppend(&yaml, "subscribers:\n");
  for (const auto& subscriber : truth["subscribers"]) {
    absl::StrAppend(&yaml, "  - {prefix: \"", subscriber["prefix"].get<std::string>(),
                    "\", access: ", subscriber["access"].get<std::string>(),
                    ", technology: ", subscriber["technology"].get<std::string>(), "}\n");
  }
  if (!truth["sensors"].empty()) absl::StrAppend(&yaml, "telescopes:\n");
  for (const auto& sensor : truth["sensors"]) {
    for (const auto& prefix : sensor["prefixes"]) {
      absl::StrAppend(&yaml, "  - {prefix: \"", prefix.get<std::string>(),
                      "\", sensor: ", sensor["sensor"].get<std::string>(), "}\n");
    }
  }
  v1::CollectorConfig config;
  const auto parsed = ParseConfig(yaml, "collector.yaml", config);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return config;
}

v1::Delivery Collect(const v1::CollectorConfig& config) {
  auto plan = collector::AddressPlan::Compile(config, ConfigPlaces("collector.yaml"));
  EXPECT_TRUE(plan.ok()) << plan.status();
  if (!plan.ok()) return {};
  std::promise<void> finished;
  auto opened = collector::Collector::Open(
      {config, *plan}, {.say = [](const std::string&) {}, .finished = [&finished] { finished.set_value(); }});
  EXPECT_TRUE(opened.ok()) << opened.status();
  if (!opened.ok()) return {};
  (*opened)->Start();
  EXPECT_EQ(finished.get_future().wait_for(absl::ToChronoSeconds(kDeadline)), std::future_status::ready);
  (*opened)->Stop(absl::ZeroDuration());
  return (*opened)->export_status().delivery;
}

std::string DumpStore(const std::string& path) {
  aggregator::SqliteStoreOptions options;
  options.path = path;
  auto store = aggregator::SqliteStore::Open(options);
  EXPECT_TRUE(store.ok()) << store.status();
  if (!store.ok()) return "";
  std::string dump;
  for (const auto tier : {aggregator::Tier::kWindow, aggregator::Tier::kFiveMinutes, aggregator::Tier::kHour,
                          aggregator::Tier::kEver}) {
    const absl::Status status =
        (*store)->Scan(tier, 0, INT64_MAX, {}, [&dump](const aggregator::Bucket& bucket) {
          absl::StrAppend(&dump, std::string(bucket.point), " ", bucket.start_unix_seconds, " ",
                          bucket.seconds, " ", bucket.measurement.ShortDebugString(), "\n");
        });
    EXPECT_TRUE(status.ok()) << status;
  }
  return dump;
}

std::unique_ptr<v1::Query::Stub> QueryStub(const std::string& address) {
  return v1::Query::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
}

v1::GetTrafficResponse AllTraffic(v1::Query::Stub& query) {
  v1::GetTrafficRequest request;
  *request.mutable_range() = HeldRange(query);
  for (const v1::Dimension dimension :
       {v1::DIMENSION_ACCESS, v1::DIMENSION_TECHNOLOGY, v1::DIMENSION_DIRECTION, v1::DIMENSION_FAMILY,
        v1::DIMENSION_CARRIER, v1::DIMENSION_TRANSPORT}) {
    request.add_by(dimension);
  }
  grpc::ClientContext context;
  v1::GetTrafficResponse response;
  const grpc::Status status = query.GetTraffic(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

v1::GetDarknetResponse AllDarknet(v1::Query::Stub& query) {
  v1::GetDarknetRequest request;
  *request.mutable_range() = HeldRange(query);
  for (const v1::DarknetDimension dimension :
       {v1::DARKNET_DIMENSION_SENSOR, v1::DARKNET_DIMENSION_CLASS, v1::DARKNET_DIMENSION_FAMILY,
        v1::DARKNET_DIMENSION_PROTOCOL, v1::DARKNET_DIMENSION_PORT}) {
    request.add_by(dimension);
  }
  grpc::ClientContext context;
  v1::GetDarknetResponse response;
  const grpc::Status status = query.GetDarknet(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

v1::GetFiguresResponse AllFigures(v1::Query::Stub& query) {
  v1::GetFiguresRequest request;
  *request.mutable_range() = HeldRange(query);
  grpc::ClientContext context;
  v1::GetFiguresResponse response;
  const grpc::Status status = query.GetFigures(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

v1::GetLedgerResponse LedgerOf(v1::Query::Stub& query) {
  grpc::ClientContext context;
  v1::GetLedgerResponse response;
  v1::GetLedgerRequest request;
  request.set_stored_hours(true);
  const grpc::Status status = query.GetLedger(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

void ExpectIdentitiesHold(v1::Query::Stub& query) {
  const v1::GetLedgerResponse ledger = LedgerOf(query);
  int checked = 0;
  const auto expect = [&checked](const std::string& subject, const v1::Identity& identity) {
    ++checked;
    EXPECT_TRUE(identity.holds()) << subject << ": " << identity.statement() << ": " << identity.left()
                                  << " against " << identity.right();
  };
  for (const v1::CollectorLedger& collector : ledger.collectors()) {
    for (const v1::Identity& identity : collector.identities()) expect(collector.collector(), identity);
    for (const v1::PointLedger& point : collector.points()) {
      EXPECT_GT(point.ledger().captured_packets(), 0u) << point.point();
      for (const v1::Identity& identity : point.identities()) expect(point.point(), identity);
    }
  }
  EXPECT_GE(checked, 4);
}

}  // namespace kansoku::testing
