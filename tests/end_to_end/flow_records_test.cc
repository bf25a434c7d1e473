// SPDX-License-Identifier: Apache-2.0
//
// Reports with as many flow records as are allowed, from the exporter to the answer of a query.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "collector/export/exporter.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/end_to_end/harness.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

using aggregator::Aggregator;
using aggregator::kSampleStart;
using aggregator::kSampleWindowSeconds;
using collector::Exporter;

constexpr int kWindows = 4;
constexpr int kRecords = 20'000;

std::unique_ptr<Exporter> OpenExporter(const std::string& folder, const std::string& aggregator_address) {
  collector::ExportOptions options;
  options.collector = "tokyo";
  options.isp = "isp-1";
  options.aggregator.set_address(aggregator_address);
  options.aggregator.set_acknowledgement_deadline_seconds(20);
  options.aggregator.set_max_bytes_in_flight(4 << 20);
  options.aggregator.set_max_batch_bytes(1 << 20);
  options.aggregator.set_max_backoff_seconds(1);
  options.spool.set_path(folder + "/tokyo.spool");
  options.spool.set_max_bytes(1 << 30);
  options.spool.set_max_age_hours(168);
  options.points.push_back(aggregator::SampleHello("tokyo").points(0));
  auto exporter = Exporter::Open(options);
  EXPECT_TRUE(exporter.ok()) << exporter.status();
  return exporter.ok() ? *std::move(exporter) : nullptr;
}

// As a client with gRPC's own limits reads them.
std::vector<v1::WindowReport> AllRecords(v1::Query::Stub& query) {
  std::vector<v1::WindowReport> windows;
  v1::ListFlowRecordsRequest request;
  request.mutable_range()->set_start_unix_seconds(kSampleStart);
  request.mutable_range()->set_end_unix_seconds(kSampleStart + kWindows * int64_t{kSampleWindowSeconds});
  do {
    grpc::ClientContext context;
    v1::ListFlowRecordsResponse page;
    const grpc::Status status = query.ListFlowRecords(&context, request, &page);
    EXPECT_TRUE(status.ok()) << status.error_message();
    if (!status.ok()) return windows;
    for (v1::WindowReport& window : *page.mutable_windows()) windows.push_back(std::move(window));
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return windows;
}

TEST(FlowRecordsEndToEnd, TheLargestReportsArriveOnceThroughSpoolStreamAndStore) {
  const TempDir dir;
  v1::AggregatorConfig config = AggregatorConfigIn(dir.path());
  auto aggregator = Aggregator::Start(config);
  ASSERT_TRUE(aggregator.ok()) << aggregator.status();
  config.set_listen((*aggregator)->grpc_address());
  // Away while the reports are spooled, so that they are read back from the spool.
  (*aggregator)->Stop();

  std::vector<std::string> sent;
  auto exporter = OpenExporter(dir.path(), config.listen());
  ASSERT_NE(exporter, nullptr);
  exporter->Start();
  for (int i = 0; i < kWindows; ++i) {
    v1::WindowReport report =
        aggregator::SampleReport(1, "tokyo", kSampleStart + i * int64_t{kSampleWindowSeconds}).report();
    aggregator::AddSampleRecords(static_cast<uint64_t>(i), kRecords, report);
    EXPECT_GT(report.ByteSizeLong(), 1u << 20) << "larger than a batch";
    exporter->SubmitAndWait(report);
    report.clear_measurement();
    sent.push_back(report.SerializeAsString());
  }
  exporter->Stop();
  EXPECT_EQ(exporter->Status().delivery.reports_spooled(), static_cast<uint64_t>(kWindows));
  exporter.reset();

  aggregator = Aggregator::Start(config);
  ASSERT_TRUE(aggregator.ok()) << aggregator.status();
  exporter = OpenExporter(dir.path(), config.listen());
  ASSERT_NE(exporter, nullptr);
  exporter->Start();
  EXPECT_TRUE(exporter->Drain(absl::Seconds(60)));
  EXPECT_EQ(exporter->Status().delivery.reports_acknowledged(), static_cast<uint64_t>(kWindows));
  exporter->Stop();

  const auto query = QueryStub(config.listen());
  const std::vector<v1::WindowReport> windows = AllRecords(*query);
  ASSERT_EQ(windows.size(), sent.size());
  for (size_t i = 0; i < sent.size(); ++i) EXPECT_TRUE(windows[i].SerializeAsString() == sent[i]) << i;
}

}  // namespace
}  // namespace kansoku::testing
