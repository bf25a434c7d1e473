// SPDX-License-Identifier: Apache-2.0
//
// Every RPC, asked by everyone, about what is theirs and what is not, over real mutual TLS. What an operator
// is told is compared with the answers of an aggregator that never heard of another ISP.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <future>
#include <map>
#include <string>
#include <vector>

#include "tests/aggregator/secured_aggregator.h"

namespace kansoku::aggregator {
namespace {

using grpc::StatusCode;

// Whose data a question is about: of tokyo, which is isp-a's; of osaka, which is isp-b's; or of whatever
// there is.
enum Target { kAll, kOwn, kForeign };

struct Outcome {
  StatusCode code = StatusCode::UNKNOWN;
  std::string message;
  std::string answer;  // as text
};

using Ask = std::function<Outcome(const std::shared_ptr<grpc::Channel>&, Target)>;

std::string PointOf(Target target) { return target == kOwn ? "tokyo" : "osaka"; }

// The one report of a collector in quarantine: tokyo is fed first.
uint64_t QuarantinedOf(Target target) { return target == kOwn ? 1 : 2; }

template <typename Request, typename Response, typename Stub>
Ask Asking(grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*),
           std::function<Request(Target)> request) {
  return [rpc, request](const std::shared_ptr<grpc::Channel>& channel, Target target) {
    Stub stub(channel);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    Response response;
    const grpc::Status status = (stub.*rpc)(&context, request(target), &response);
    return Outcome{status.error_code(), status.error_message(), Timeless(response).DebugString()};
  };
}

Outcome Report(const std::shared_ptr<grpc::Channel>& channel, Target target) {
  v1::Hello hello = HelloOf("tokyo", "isp-a");
  hello.mutable_points(0)->set_point(PointOf(target));
  const grpc::Status status = Greet(channel, hello);
  return {status.error_code(), status.error_message(), ""};
}

template <typename Request>
Request OfSampleTime() {
  Request request;
  request.mutable_range()->set_start_unix_seconds(kSampleStart);
  request.mutable_range()->set_end_unix_seconds(kSampleStart + kSampleWindows * kSampleWindowSeconds);
  return request;
}

// A report is decided once. Who learns that it is decided already might have decided.
Ask Deciding(grpc::Status (v1::Admin::Stub::*rpc)(grpc::ClientContext*, const v1::DecideQuarantinedRequest&,
                                                  v1::QuarantinedReport*)) {
  const Ask ask = Asking<v1::DecideQuarantinedRequest, v1::QuarantinedReport>(rpc, [](Target target) {
    v1::DecideQuarantinedRequest request;
    request.set_id(QuarantinedOf(target));
    request.set_by("whoever");
    return request;
  });
  return [ask](const std::shared_ptr<grpc::Channel>& channel, Target target) {
    Outcome outcome = ask(channel, target);
    if (outcome.code == StatusCode::FAILED_PRECONDITION) outcome.code = StatusCode::OK;
    return outcome;
  };
}

struct Rpc {
  Ask ask;
  std::vector<Target> targets;  // that a request can name
};

// A row for every RPC of the services.
std::map<std::string, Rpc> Rpcs() {
  const std::vector<Target> all = {kAll}, any = {kAll, kOwn, kForeign}, one = {kOwn, kForeign};
  return {
      {"kansoku.v1.Ingest.Report", {Report, {kOwn, kForeign}}},
      {"kansoku.v1.Query.ListPoints",
       {Asking<v1::ListPointsRequest, v1::ListPointsResponse>(&v1::Query::Stub::ListPoints,
                                                              [](Target) { return v1::ListPointsRequest(); }),
        all}},
      {"kansoku.v1.Query.GetTraffic",
       {Asking<v1::GetTrafficRequest, v1::GetTrafficResponse>(&v1::Query::Stub::GetTraffic,
                                                              [](Target target) {
                                                                auto request =
                                                                    OfSampleTime<v1::GetTrafficRequest>();
                                                                if (target != kAll)
                                                                  request.add_points(PointOf(target));
                                                                return request;
                                                              }),
        any}},
      {"kansoku.v1.Query.GetDarknet",
       {Asking<v1::GetDarknetRequest, v1::GetDarknetResponse>(&v1::Query::Stub::GetDarknet,
                                                              [](Target target) {
                                                                auto request =
                                                                    OfSampleTime<v1::GetDarknetRequest>();
                                                                if (target != kAll)
                                                                  request.add_sensors(
                                                                      SensorOf(PointOf(target)));
                                                                return request;
                                                              }),
        any}},
      {"kansoku.v1.Query.GetFigures",
       {Asking<v1::GetFiguresRequest, v1::GetFiguresResponse>(
            &v1::Query::Stub::GetFigures, [](Target) { return OfSampleTime<v1::GetFiguresRequest>(); }),
        all}},
      {"kansoku.v1.Query.GetLedger",
       {Asking<v1::GetLedgerRequest, v1::GetLedgerResponse>(&v1::Query::Stub::GetLedger,
                                                            [](Target) {
                                                              v1::GetLedgerRequest request;
                                                              request.set_stored_hours(true);
                                                              return request;
                                                            }),
        all}},
      {"kansoku.v1.Query.ListFlowRecords",
       {Asking<v1::ListFlowRecordsRequest, v1::ListFlowRecordsResponse>(
            &v1::Query::Stub::ListFlowRecords,
            [](Target target) {
              auto request = OfSampleTime<v1::ListFlowRecordsRequest>();
              if (target != kAll) request.add_points(PointOf(target));
              return request;
            }),
        any}},
      {"kansoku.v1.Admin.ListQuarantine",
       {Asking<v1::ListQuarantineRequest, v1::ListQuarantineResponse>(&v1::Admin::Stub::ListQuarantine,
                                                                      [](Target target) {
                                                                        v1::ListQuarantineRequest request;
                                                                        request.set_every_state(true);
                                                                        if (target == kOwn)
                                                                          request.set_collector("tokyo");
                                                                        return request;
                                                                      }),
        {kAll, kOwn}}},
      {"kansoku.v1.Admin.GetQuarantined",
       {Asking<v1::GetQuarantinedRequest, v1::QuarantinedReport>(&v1::Admin::Stub::GetQuarantined,
                                                                 [](Target target) {
                                                                   v1::GetQuarantinedRequest request;
                                                                   request.set_id(QuarantinedOf(target));
                                                                   return request;
                                                                 }),
        one}},
      {"kansoku.v1.Admin.AdmitQuarantined", {Deciding(&v1::Admin::Stub::AdmitQuarantined), one}},
      {"kansoku.v1.Admin.DiscardQuarantined", {Deciding(&v1::Admin::Stub::DiscardQuarantined), one}},
  };
}

// What each may do: of Query and Admin about all, its own, the other's; of Ingest about its own, the other's.
struct Row {
  std::string peer;
  std::array<StatusCode, 3> query;
  std::array<StatusCode, 3> ingest;  // the first is not asked
};

std::vector<Row> Matrix() {
  constexpr StatusCode ok = StatusCode::OK, denied = StatusCode::PERMISSION_DENIED,
                       nobody = StatusCode::UNAUTHENTICATED, cut = StatusCode::UNAVAILABLE;
  return {
      {"no certificate", {cut, cut, cut}, {cut, cut, cut}},
      {"another authority's operator", {cut, cut, cut}, {cut, cut, cut}},
      {"another authority's collector", {cut, cut, cut}, {cut, cut, cut}},
      {"nameless", {nobody, nobody, nobody}, {nobody, nobody, nobody}},
      {"unregistered client", {denied, denied, denied}, {denied, denied, denied}},
      {"unregistered collector", {denied, denied, denied}, {denied, denied, denied}},
      {"collector tokyo", {denied, denied, denied}, {denied, ok, denied}},
      {"collector osaka", {denied, denied, denied}, {denied, denied, denied}},  // it calls itself tokyo
      {"operator of isp-a", {ok, ok, denied}, {denied, denied, denied}},
      {"regulator", {ok, ok, ok}, {denied, denied, denied}},
      {"public", {denied, denied, denied}, {denied, denied, denied}},
  };
}

class AuthorisationMatrix : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    secured_ = new SecuredAggregator;
    secured_->Feed("tokyo");
    secured_->Feed("osaka");
  }
  static void TearDownTestSuite() { delete std::exchange(secured_, nullptr); }

  static SecuredAggregator* secured_;
};
SecuredAggregator* AuthorisationMatrix::secured_ = nullptr;

TEST_F(AuthorisationMatrix, EveryRpcOfTheServicesHasARow) {
  const auto rpcs = Rpcs();
  for (const auto* file : {v1::Hello::descriptor()->file(), v1::Point::descriptor()->file(),
                           v1::ListQuarantineRequest::descriptor()->file()}) {
    ASSERT_EQ(file->service_count(), 1);
    for (int i = 0; i < file->service(0)->method_count(); ++i) {
      EXPECT_TRUE(rpcs.contains(file->service(0)->method(i)->full_name()))
          << file->service(0)->method(i)->full_name() << ": say in Rpcs() how it is asked, and who may";
    }
  }
}

TEST_F(AuthorisationMatrix, EveryoneMayDoWhatIsTheirsAndNothingElse) {
  for (const Row& row : Matrix()) {
    const auto channel = secured_->ChannelOf(row.peer);
    for (const auto& [name, rpc] : Rpcs()) {
      const bool is_ingest = name.starts_with("kansoku.v1.Ingest.");
      for (const Target target : rpc.targets) {
        const Outcome outcome = rpc.ask(channel, target);
        EXPECT_EQ(outcome.code, (is_ingest ? row.ingest : row.query)[target])
            << row.peer << ", " << name << ", target " << target << ": " << outcome.message;
        if (outcome.code != StatusCode::OK) {
          EXPECT_EQ(outcome.answer, "") << row.peer << ", " << name;
        }
      }
    }
  }
}

TEST_F(AuthorisationMatrix, AnOperatorIsToldWhatAnAggregatorOfItsIspAloneWouldSay) {
  OpenAggregator alone, both;
  SecuredAggregator secured;  // about whose quarantine nobody has decided
  alone.Feed("tokyo");
  both.Feed("tokyo");
  both.Feed("osaka");
  secured.Feed("tokyo");
  secured.Feed("osaka");
  for (const auto& [name, rpc] : Rpcs()) {
    if (std::find(rpc.targets.begin(), rpc.targets.end(), kAll) == rpc.targets.end()) continue;
    const std::string of_tokyo = rpc.ask(alone.channel(), kAll).answer;
    const std::string of_both = rpc.ask(both.channel(), kAll).answer;
    EXPECT_NE(of_tokyo, "") << name;
    EXPECT_NE(of_tokyo, of_both) << name << ": the test would not see a difference";
    EXPECT_EQ(rpc.ask(secured.ChannelOf("operator of isp-a"), kAll).answer, of_tokyo) << name;
    EXPECT_EQ(rpc.ask(secured.ChannelOf("regulator"), kAll).answer, of_both) << name;
  }
}

TEST_F(AuthorisationMatrix, WhatIsAnothersIsRefusedAsWhatIsNobodys) {
  const auto channel = secured_->ChannelOf("operator of isp-a");
  const auto stub = v1::Query::NewStub(channel);
  for (const std::string point : {"osaka", "atlantis"}) {
    auto request = OfSampleTime<v1::GetTrafficRequest>();
    request.add_points(point);
    grpc::ClientContext context;
    v1::GetTrafficResponse response;
    const grpc::Status status = stub->GetTraffic(&context, request, &response);
    EXPECT_EQ(status.error_code(), StatusCode::PERMISSION_DENIED);
    EXPECT_EQ(status.error_message(), "points: no collector has reported a point \"" + point +
                                          "\"; ListPoints names those there are of ISP \"isp-a\", and that "
                                          "is all that this client may read");
  }
}

TEST_F(AuthorisationMatrix, EveryPeerOfTheAuthorityMayAskForHealth) {
  for (const Row& row : Matrix()) {
    grpc::TemplatedGenericStub<google::protobuf::StringValue, google::protobuf::UInt32Value> stub(
        secured_->ChannelOf(row.peer));
    google::protobuf::StringValue request;
    google::protobuf::UInt32Value response;
    grpc::ClientContext context;
    std::promise<StatusCode> done;
    stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", {}, &request, &response,
                   [&](const grpc::Status& status) { done.set_value(status.error_code()); });
    EXPECT_EQ(done.get_future().get(),
              row.query[kAll] == StatusCode::UNAVAILABLE ? StatusCode::UNAVAILABLE : StatusCode::OK)
        << row.peer;
  }
}

TEST(Authorisation, WhatIsRefusedIsCounted) {
  SecuredAggregator secured;
  EXPECT_EQ(Report(secured.ChannelOf("collector tokyo"), kForeign).code, StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Report(secured.ChannelOf("nameless"), kOwn).code, StatusCode::UNAUTHENTICATED);
  const auto rpcs = Rpcs();
  for (const char* peer : {"public", "nameless", "collector tokyo"}) {
    rpcs.at("kansoku.v1.Query.ListPoints").ask(secured.ChannelOf(peer), kAll);
  }
  rpcs.at("kansoku.v1.Query.GetTraffic").ask(secured.ChannelOf("operator of isp-a"), kForeign);
  rpcs.at("kansoku.v1.Query.ListPoints").ask(secured.ChannelOf("regulator"), kAll);
  EXPECT_EQ(secured.MetricOf("kansoku_ingest_refused_hellos_total"), "2");
  EXPECT_EQ(secured.MetricOf("kansoku_query_denied_requests_total"), "4");
  EXPECT_EQ(
      secured.said(),
      std::vector<std::string>(
          {"collector \"tokyo\": its Hello is refused: kansoku:collector/tokyo may not report point "
           "\"osaka\"; "
           "the registry does not list it among its points",
           "collector \"tokyo\": its Hello is refused: the certificate does not say whose it is; it needs "
           "exactly one URI kansoku:collector/NAME or kansoku:client/NAME among its subject alternative "
           "names "
           "(deploy/certificates makes such)"}));
}

}  // namespace
}  // namespace kansoku::aggregator
