// SPDX-License-Identifier: Apache-2.0
//
// Every RPC, asked by everyone, about what is theirs and what is not, over real mutual TLS. What an operator
// is told is compared with the answers of an aggregator that never heard of another ISP.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "tests/aggregator/every_rpc.h"
#include "tests/aggregator/secured_aggregator.h"

namespace kansoku::aggregator {
namespace {

using grpc::StatusCode;

// What each may do: of Query and Admin about all, its own, the other's; of Ingest about its own, the other's;
// ask for what is published, and have it computed again.
struct Row {
  std::string peer;
  std::array<StatusCode, 3> query;
  std::array<StatusCode, 3> ingest;  // the first is not asked
  StatusCode published, nation;
};

std::vector<Row> Matrix() {
  constexpr StatusCode ok = StatusCode::OK, denied = StatusCode::PERMISSION_DENIED,
                       nobody = StatusCode::UNAUTHENTICATED, cut = StatusCode::UNAVAILABLE;
  return {
      {"no certificate", {cut, cut, cut}, {cut, cut, cut}, cut, cut},
      {"another authority's operator", {cut, cut, cut}, {cut, cut, cut}, cut, cut},
      {"another authority's collector", {cut, cut, cut}, {cut, cut, cut}, cut, cut},
      {"nameless", {nobody, nobody, nobody}, {nobody, nobody, nobody}, nobody, nobody},
      {"unregistered client", {denied, denied, denied}, {denied, denied, denied}, denied, denied},
      {"unregistered collector", {denied, denied, denied}, {denied, denied, denied}, denied, denied},
      {"collector tokyo", {denied, denied, denied}, {denied, ok, denied}, denied, denied},
      // It calls itself tokyo.
      {"collector osaka", {denied, denied, denied}, {denied, denied, denied}, denied, denied},
      {"operator of isp-a", {ok, ok, denied}, {denied, denied, denied}, ok, denied},
      {"regulator", {ok, ok, ok}, {denied, denied, denied}, ok, ok},
      {"public", {denied, denied, denied}, {denied, denied, denied}, ok, denied},
  };
}

StatusCode Expected(const Row& row, const std::string& rpc, Subject subject, Target target) {
  switch (subject) {
    case Subject::kPublished:
      return row.published;
    case Subject::kNation:
      return row.nation;
    case Subject::kMeasured:
      break;
  }
  return (rpc.starts_with("kansoku.v1.Ingest.") ? row.ingest : row.query)[target];
}

// Which addresses are dark is told to their owner alone.
std::string WithoutPrefixes(const std::string& figures) {
  v1::GetFiguresResponse all, others;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(figures, &all)) << figures;
  for (const v1::Figure& figure : all.figures()) {
    if (figure.id() != "darknet_prefix_address_seconds") *others.add_figures() = figure;
  }
  EXPECT_LT(others.figures_size(), all.figures_size());
  return others.DebugString();
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
      for (const Target target : rpc.targets) {
        const Outcome outcome = rpc.ask(channel, target);
        EXPECT_EQ(outcome.code, Expected(row, name, rpc.subject, target))
            << row.peer << ", " << name << ", target " << target << ": " << outcome.message;
        if (outcome.code != StatusCode::OK) {
          EXPECT_EQ(outcome.answer, "") << row.peer << ", " << name;
        }
      }
    }
  }
}

TEST_F(AuthorisationMatrix, AnOperatorIsToldWhatAnAggregatorOfItsIspAloneWouldSay) {
  OpenAggregator alone({"isp-a"}), both;
  SecuredAggregator secured;  // about whose quarantine nobody has decided
  alone.Feed("tokyo");
  both.Feed("tokyo");
  both.Feed("osaka");
  secured.Feed("tokyo");
  secured.Feed("osaka");
  for (const auto& [name, rpc] : Rpcs()) {
    if (std::find(rpc.targets.begin(), rpc.targets.end(), kAll) == rpc.targets.end()) continue;
    if (rpc.subject != Subject::kMeasured) continue;
    const std::string of_tokyo = rpc.ask(alone.channel(), kAll).answer;
    const std::string of_both = rpc.ask(both.channel(), kAll).answer;
    EXPECT_NE(of_tokyo, "") << name;
    EXPECT_NE(of_tokyo, of_both) << name << ": the test would not see a difference";
    EXPECT_EQ(rpc.ask(secured.ChannelOf("operator of isp-a"), kAll).answer, of_tokyo) << name;
    EXPECT_EQ(rpc.ask(secured.ChannelOf("regulator"), kAll).answer,
              name.starts_with("kansoku.v1.Query.GetFigures") ? WithoutPrefixes(of_both) : of_both)
        << name;
  }
}

// Exact values are a regulator's.
TEST_F(AuthorisationMatrix, EveryoneIsToldTheSameOfWhatIsPublished) {
  OpenAggregator open;
  for (const auto& [name, rpc] : Rpcs()) {
    if (rpc.subject != Subject::kPublished) continue;
    const std::string of_public = rpc.ask(secured_->ChannelOf("public"), kAll).answer;
    const std::string of_regulator = rpc.ask(secured_->ChannelOf("regulator"), kAll).answer;
    EXPECT_NE(of_public, "") << name;
    EXPECT_EQ(rpc.ask(secured_->ChannelOf("operator of isp-a"), kAll).answer, of_public) << name;
    EXPECT_EQ(rpc.ask(open.channel(), kAll).answer, of_regulator) << name;
    EXPECT_EQ(of_public == of_regulator, name != "kansoku.v1.Query.GetFigures, of months") << name;
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

}  // namespace
}  // namespace kansoku::aggregator
