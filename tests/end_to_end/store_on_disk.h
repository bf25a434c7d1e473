// SPDX-License-Identifier: Apache-2.0
//
// The aggregator with its store on a disk of the test's, and what it says of itself.
#pragma once

#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "kansoku/v1/ingest.grpc.pb.h"
#include "kansoku/v1/query.grpc.pb.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/testing/child_process.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {

inline constexpr uint32_t kServing = 1, kNotServing = 2;  // grpc.health.v1

class StoreOnDisk : public ::testing::Test {
 protected:
  void StartAggregator(const std::string& store_path) {
    std::ofstream(dir_.File("aggregator.yaml"))
        << "listen: 127.0.0.1:0\nmetrics_listen: 127.0.0.1:0\nstore_path: " << store_path
        << "\nclock: {max_behind_days: 0}\ncommit_interval_milliseconds: 0\n";
    aggregator_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{KANSOKU_AGGREGATOR, "--config", dir_.File("aggregator.yaml")});
    const std::string line = aggregator_->WaitForLine("listening:");
    ASSERT_NE(line, "");
    metrics_ = AddressAfter(line, "http://");
    address_ = AddressAfter(line, "grpc ");
    channel_ = grpc::CreateChannel(address_, grpc::InsecureChannelCredentials());
  }

  uint32_t Health(const std::string& service) const {
    grpc::TemplatedGenericStub<google::protobuf::StringValue, google::protobuf::UInt32Value> stub(channel_);
    google::protobuf::StringValue request;
    request.set_value(service);
    google::protobuf::UInt32Value response;
    grpc::ClientContext context;
    std::promise<grpc::Status> done;
    stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", {}, &request, &response,
                   [&](grpc::Status status) { done.set_value(std::move(status)); });
    EXPECT_TRUE(done.get_future().get().ok());
    return response.value();
  }
  std::string Metrics() const {
    httplib::Client client("http://" + metrics_);
    const auto answer = client.Get("/metrics");
    return answer ? answer->body : "";
  }
  uint64_t Windows() const {
    grpc::ClientContext context;
    v1::ListPointsResponse points;
    const grpc::Status status = v1::Query::NewStub(channel_)->ListPoints(&context, {}, &points);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return points.points_size() == 1 ? points.points(0).windows() : 0;
  }

  // One stream: where it was welcomed, how far it was acknowledged, and how it ended.
  struct Sent {
    uint64_t welcomed = 0;
    uint64_t acknowledged = 0;
    grpc::Status status;
  };
  Sent Send(uint64_t first, uint64_t count) const {
    grpc::ClientContext context;
    const auto stream = v1::Ingest::NewStub(channel_)->Report(&context);
    v1::CollectorMessage message;
    *message.mutable_hello() = aggregator::SampleHello("tokyo");
    stream->Write(message);
    for (uint64_t i = first; i < first + count; ++i) {
      *message.mutable_batch()->add_reports() =
          aggregator::SampleReport(i, "tokyo", aggregator::kSampleStart + static_cast<int64_t>(i) * 10, 120);
    }
    Sent sent;
    v1::AggregatorMessage answer;
    if (stream->Read(&answer)) {
      sent.welcomed = answer.welcome().committed_through();
      stream->Write(message);
    }
    stream->WritesDone();
    while (stream->Read(&answer)) sent.acknowledged = answer.ack().through();
    sent.status = stream->Finish();
    return sent;
  }

  TempDir dir_;
  std::unique_ptr<ChildProcess> aggregator_;
  std::string address_;

 private:
  // "grpc 127.0.0.1:1, metrics http://127.0.0.1:2/metrics": what follows `word`, up to a comma or a path.
  static std::string AddressAfter(const std::string& line, const std::string& word) {
    const size_t at = line.find(word) + word.size();
    return line.substr(at, line.find_first_of(",/", at) - at);
  }

  std::string metrics_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace kansoku::testing
