// SPDX-License-Identifier: Apache-2.0
//
// What the recording rules make of a real aggregator's counters is what the aggregator itself answers for the
// same five minutes. The counters are scraped once a minute of the windows' time; promtool runs the rules.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "aggregator/aggregator.h"
#include "kansoku/v1/ingest.grpc.pb.h"
#include "kansoku/v1/query.grpc.pb.h"
#include "proto/contract/config_text.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/testing/child_process.h"
#include "tests/testing/skip_or_fail.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::aggregator {
namespace {

constexpr int kMinutes = 6;  // five, and the one before them, which the counters begin with
constexpr int kWindowsPerMinute = 60 / static_cast<int>(kSampleWindowSeconds);
constexpr int kEveryClass = 120;
constexpr char kCounter[] = "kansoku_traffic_ip_bytes_total{";

class RecordingRules : public ::testing::Test {
 protected:
  RecordingRules() {
    v1::AggregatorConfig config;
    const auto parsed = ParseConfig(
        absl::StrCat("listen: 127.0.0.1:0\nmetrics_listen: 127.0.0.1:0\nstore_path: ", dir_.File("store"),
                     "\nretention: {window_hours: 1000000}\ncommit_interval_milliseconds: 1\n"
                     "clock: {max_behind_days: 0}\n"),
        "aggregator.yaml", config);
    EXPECT_TRUE(parsed.ok()) << parsed.status();
    auto started = Aggregator::Start(config, [](const std::string&) {});
    EXPECT_TRUE(started.ok()) << started.status();
    aggregator_ = *std::move(started);
    channel_ = grpc::CreateChannel(aggregator_->grpc_address(), grpc::InsecureChannelCredentials());
  }

  // Adds the value that each counter has now to its series.
  void Scrape(std::map<std::string, std::string>& series) const {
    httplib::Client client("http://" + aggregator_->metrics_address());
    const auto answer = client.Get("/metrics");
    ASSERT_TRUE(answer);
    std::istringstream lines(answer->body);
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with(kCounter)) continue;
      const size_t space = line.rfind(' ');
      absl::StrAppend(&series[line.substr(0, space)], " ", line.substr(space + 1));
    }
  }

  v1::GetFiguresResponse FiguresOf(int64_t start, int64_t end) const {
    v1::GetFiguresRequest request;
    request.mutable_range()->set_start_unix_seconds(start);
    request.mutable_range()->set_end_unix_seconds(end);
    v1::GetFiguresResponse response;
    grpc::ClientContext context;
    const grpc::Status status = v1::Query::NewStub(channel_)->GetFigures(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  const testing::TempDir dir_;
  std::unique_ptr<Aggregator> aggregator_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(RecordingRules, AgreeWithTheFiguresOfTheStore) {
  if (std::system("command -v promtool >/dev/null") != 0) {
    return testing::SkipOrFail("promtool is not installed; run deploy/dependencies --for test");
  }
  const auto stub = v1::Ingest::NewStub(channel_);
  grpc::ClientContext context;
  const auto stream = stub->Report(&context);
  v1::CollectorMessage message;
  v1::AggregatorMessage answer;
  *message.mutable_hello() = SampleHello("tokyo");
  stream->Write(message);
  std::map<std::string, std::string> series;
  uint64_t sequence = 0;
  for (int minute = 0; minute < kMinutes; ++minute) {
    v1::CollectorMessage batch;
    for (int i = 0; i < kWindowsPerMinute; ++i, ++sequence) {
      *batch.mutable_batch()->add_reports() =
          SampleReport(sequence + 1, "tokyo",
                       kSampleStart + static_cast<int64_t>(sequence * kSampleWindowSeconds), kEveryClass);
    }
    stream->Write(batch);
    while (answer.ack().through() < sequence) ASSERT_TRUE(stream->Read(&answer));
    Scrape(series);
  }
  stream->WritesDone();
  ASSERT_TRUE(stream->Finish().ok());

  std::ofstream test(dir_.File("test.yml"));
  test << "rule_files: ['" KANSOKU_SOURCE_DIR "/deploy/prometheus/kansoku.rules.yml']\n"
       << "evaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series:\n";
  for (const auto& [name, values] : series) {
    test << "      - series: '" << name << "'\n        values: '" << values.substr(1) << "'\n";
  }
  test << "    promql_expr_test:\n";
  int compared = 0;
  const v1::GetFiguresResponse live = FiguresOf(kSampleStart + 60, kSampleStart + kMinutes * 60);
  for (const v1::Figure& figure : live.figures()) {
    const auto& labels = figure.labels();
    if (figure.id() != "traffic_rate" || labels.at("octets_basis") != "l3") continue;
    ++compared;
    const std::string selected =
        absl::StrCat("{access=\"", labels.at("access"), "\",direction=\"", labels.at("direction"),
                     "\",group=\"", labels.at("group"), "\"}");
    // Figures are published in whole bits per second.
    test << "      - expr: 'round(kansoku:traffic_bits_per_second:rate5m" << selected << ")'\n"
         << "        eval_time: 5m\n        exp_samples:\n          - labels: '" << selected << "'\n"
         << "            value: " << figure.value() << "\n";
  }
  EXPECT_EQ(compared, 6) << "three kinds of access, two directions";
  test.close();
  const testing::Finished finished =
      testing::RunProgram({"promtool", "test", "rules", dir_.File("test.yml")});
  EXPECT_EQ(finished.exit_status, 0) << finished.out << finished.err;
}

}  // namespace
}  // namespace kansoku::aggregator
