// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/query_service.h"

#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/serve/grpc_server.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

class QueryServiceTest : public ::testing::Test {
 protected:
  QueryServiceTest() {
    store_.Welcome("tokyo");
    store_.AddSamples("tokyo", kSampleStart, 30);
    const std::vector<ServedService> services = {{v1::Query::service_full_name(), &service_}};
    auto started = StartGrpcServer({.address = "127.0.0.1:0"}, services);
    EXPECT_TRUE(started.ok()) << started.status();
    server_ = *std::move(started);
    channel_ =
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_.port), grpc::InsecureChannelCredentials());
    stub_ = v1::Query::NewStub(channel_);
  }
  ~QueryServiceTest() override { server_.server->Shutdown(); }

  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (v1::Query::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response& response) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    return (stub_.get()->*method)(&context, request, &response);
  }

  ServedStore store_;
  const AccessControl access_ = AccessControl::Open();
  QueryService service_{*store_,
                        [] {
                          LiveStatus live;
                          live.connected_collectors = {"tokyo"};
                          return live;
                        },
                        access_};
  GrpcServer server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::Query::Stub> stub_;
};

TEST_F(QueryServiceTest, AnswersEveryQuestion) {
  v1::ListPointsResponse points;
  ASSERT_TRUE(Call(&v1::Query::Stub::ListPoints, {}, points).ok());
  EXPECT_EQ(points.points_size(), 1);

  v1::GetTrafficResponse traffic;
  auto ask = RequestFor<v1::GetTrafficRequest>(kSampleStart, kSampleStart + 300, 60);
  ASSERT_TRUE(Call(&v1::Query::Stub::GetTraffic, ask, traffic).ok());
  EXPECT_EQ(traffic.rows_size(), 5);

  v1::GetDarknetResponse darknet;
  auto dark = RequestFor<v1::GetDarknetRequest>(kSampleStart, kSampleStart + 300, 0);
  ASSERT_TRUE(Call(&v1::Query::Stub::GetDarknet, dark, darknet).ok());
  EXPECT_EQ(darknet.rows_size(), 1);

  v1::GetFiguresRequest period;
  *period.mutable_range() = ask.range();
  v1::GetFiguresResponse figures;
  ASSERT_TRUE(Call(&v1::Query::Stub::GetFigures, period, figures).ok());
  EXPECT_GT(figures.figures_size(), 0);

  v1::GetLedgerRequest with_hours;
  with_hours.set_stored_hours(true);
  v1::GetLedgerResponse ledger;
  ASSERT_TRUE(Call(&v1::Query::Stub::GetLedger, with_hours, ledger).ok());
  ASSERT_EQ(ledger.collectors_size(), 1);
  EXPECT_TRUE(ledger.collectors(0).connected());
  EXPECT_EQ(ledger.collectors(0).points(0).identities_size(), 5);
}

TEST_F(QueryServiceTest, CarriesTheReasonOfARefusal) {
  v1::GetTrafficResponse traffic;
  const grpc::Status status = Call(&v1::Query::Stub::GetTraffic, v1::GetTrafficRequest(), traffic);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(),
            "range: [0, 0) holds no time; start_unix_seconds must be before end_unix_seconds");
}

TEST_F(QueryServiceTest, AnswersManyAtOnce) {
  std::vector<std::future<bool>> calls;
  for (int i = 0; i < 16; ++i) {
    calls.push_back(std::async(std::launch::async, [this] {
      v1::GetLedgerResponse ledger;
      return Call(&v1::Query::Stub::GetLedger, {}, ledger).ok() && ledger.collectors_size() == 1;
    }));
  }
  for (std::future<bool>& call : calls) EXPECT_TRUE(call.get());
}

// grpc.health.v1: request {string service = 1}, response {enum status = 1}, SERVING = 1. The wrappers have
// the same fields, and gRPC ships no messages of its own.
TEST_F(QueryServiceTest, IsHealthy) {
  grpc::TemplatedGenericStub<google::protobuf::StringValue, google::protobuf::UInt32Value> stub(channel_);
  for (const std::string service : {"", "kansoku.v1.Query"}) {
    google::protobuf::StringValue request;
    request.set_value(service);
    google::protobuf::UInt32Value response;
    grpc::ClientContext context;
    std::promise<grpc::Status> done;
    stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", {}, &request, &response,
                   [&](grpc::Status status) { done.set_value(std::move(status)); });
    const grpc::Status status = done.get_future().get();
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.value(), 1u) << service;
  }
}

// grpc.reflection.v1alpha: request {string list_services = 7}. The answer holds the names as plain bytes.
TEST_F(QueryServiceTest, ListsItselfByReflection) {
  grpc::GenericStub stub(channel_);
  grpc::CompletionQueue queue;
  const auto next = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  grpc::ClientContext context;
  const auto call =
      stub.PrepareCall(&context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  call->StartCall(nullptr);
  ASSERT_TRUE(next());
  const grpc::Slice request(std::string("\x3a\x01*"));
  call->Write(grpc::ByteBuffer(&request, 1), nullptr);
  ASSERT_TRUE(next());
  grpc::ByteBuffer response;
  call->Read(&response, nullptr);
  ASSERT_TRUE(next());
  grpc::Slice bytes;
  ASSERT_TRUE(response.DumpToSingleSlice(&bytes).ok());
  const std::string text(reinterpret_cast<const char*>(bytes.begin()), bytes.size());
  EXPECT_NE(text.find("kansoku.v1.Query"), std::string::npos);
  EXPECT_NE(text.find("grpc.health.v1.Health"), std::string::npos);

  context.TryCancel();
  grpc::Status status;
  call->Finish(&status, nullptr);
  next();
  queue.Shutdown();
  while (next()) {
  }
}

TEST_F(QueryServiceTest, RefusesAPortInUse) {
  const std::string address = absl::StrCat("127.0.0.1:", server_.port);
  const auto second = StartGrpcServer({.address = address}, {});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(std::string(second.status().message()).find(address), std::string::npos) << second.status();
}

}  // namespace
}  // namespace kansoku::aggregator
