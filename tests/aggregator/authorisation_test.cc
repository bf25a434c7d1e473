// SPDX-License-Identifier: Apache-2.0
//
// What single peers may do beyond the matrix of authorisation_matrix_test.cc, over real mutual TLS.
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "proto/contract/enum_label.h"
#include "tests/aggregator/every_rpc.h"
#include "tests/aggregator/raw_call.h"
#include "tests/aggregator/secured_aggregator.h"

namespace kansoku::aggregator {
namespace {

using grpc::StatusCode;

TEST(Authorisation, TheRegulatorIsNotToldWhatFewerIspsThanAskedForContributeTo) {
  SecuredAggregator secured("");  // fewest_isps is 3, and there are two
  secured.Feed("tokyo");
  secured.Feed("osaka");
  const auto ask = [&](const std::string& peer, uint32_t step_seconds) {
    auto request = OfSampleTime<v1::GetTrafficRequest>();
    request.mutable_range()->set_end_unix_seconds(kSampleStart + 3'600);
    request.set_step_seconds(step_seconds);
    grpc::ClientContext context;
    v1::GetTrafficResponse response;
    const grpc::Status status =
        v1::Query::NewStub(secured.ChannelOf(peer))->GetTraffic(&context, request, &response);
    return std::pair(status.error_code(), response);
  };
  const auto [regulator_code, regulator] = ask("regulator", 0);
  EXPECT_EQ(regulator_code, StatusCode::OK);
  ASSERT_EQ(regulator.rows_size(), 1);
  EXPECT_EQ(regulator.rows(0).withheld_because(),
            "fewer than 3 ISPs contribute to it, or to what it would tell by subtraction");
  EXPECT_EQ(regulator.rows(0).cell().packets(), 0u);
  EXPECT_EQ(regulator.rows(0).windows(), 60u);
  EXPECT_EQ(ask("regulator", 300).first, StatusCode::INVALID_ARGUMENT);

  const auto [owner_code, owner] = ask("operator of isp-a", 300);
  EXPECT_EQ(owner_code, StatusCode::OK);
  ASSERT_EQ(owner.rows_size(), 12);
  EXPECT_EQ(owner.rows(0).withheld_because(), "");
  EXPECT_GT(owner.rows(0).cell().packets(), 0u);
  EXPECT_EQ(ask("public", 0).first, StatusCode::PERMISSION_DENIED);

  const auto rpcs = Rpcs();
  const auto regulators = secured.ChannelOf("regulator"), operators = secured.ChannelOf("operator of isp-a");
  EXPECT_EQ(rpcs.at("kansoku.v1.Query.ListFlowRecords").ask(regulators, kOwn).code,
            StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(rpcs.at("kansoku.v1.Query.ListFlowRecords").ask(operators, kOwn).code, StatusCode::OK);
  EXPECT_EQ(rpcs.at("kansoku.v1.Query.GetTraffic").ask(regulators, kOwn).code, StatusCode::PERMISSION_DENIED);
  const std::string content = "measurement {";
  const Ask get = rpcs.at("kansoku.v1.Admin.GetQuarantined").ask;
  EXPECT_EQ(get(regulators, kOwn).answer.find(content), std::string::npos);
  EXPECT_NE(get(operators, kOwn).answer.find(content), std::string::npos);
  const Ask list = rpcs.at("kansoku.v1.Admin.ListQuarantine").ask;
  EXPECT_EQ(list(regulators, kAll).answer.find("octets: "), std::string::npos);
  EXPECT_NE(list(operators, kAll).answer.find("octets: "), std::string::npos);
  const Ask ledger = rpcs.at("kansoku.v1.Query.GetLedger").ask;
  EXPECT_EQ(ledger(regulators, kAll).answer.find("cell_packets"), std::string::npos);
  EXPECT_NE(ledger(operators, kAll).answer.find("cell_packets"), std::string::npos);
}

// Not even where a single ISP's numbers are told to the regulator, as here.
TEST(Authorisation, WhichAddressesAreDarkIsToldToTheirOwnerAlone) {
  SecuredAggregator secured;
  secured.Feed("tokyo");
  secured.Feed("osaka");
  const auto says_prefix = [](const std::string& answer) {
    for (const std::string& form : {std::string("203.0.113"), std::to_string(kDarkPrefix)}) {
      if (answer.find(form) != answer.npos) return true;
    }
    return false;
  };
  std::vector<std::string> told_to_owner;
  for (const auto& [name, rpc] : Rpcs()) {
    if (name.ends_with(".AdmitQuarantined") || name.ends_with(".DiscardQuarantined")) continue;
    for (const Target target : rpc.targets) {
      if (says_prefix(rpc.ask(secured.ChannelOf("operator of isp-a"), target).answer))
        told_to_owner.push_back(name);
      for (const char* peer : {"regulator", "public"})
        EXPECT_FALSE(says_prefix(rpc.ask(secured.ChannelOf(peer), target).answer)) << name << " to " << peer;
    }
  }
  EXPECT_EQ(told_to_owner,
            (std::vector<std::string>{"kansoku.v1.Admin.GetQuarantined", "kansoku.v1.Query.GetFigures",
                                      "kansoku.v1.Query.GetFigures, of a telescope"}));
  // Nor to its owner as it may be published.
  v1::GetFiguresRequest request;
  request.mutable_telescope()->set_first_day(kTelescopeDay);
  request.mutable_telescope()->set_as_public(true);
  grpc::ClientContext context;
  v1::GetFiguresResponse response;
  const auto stub = v1::Query::NewStub(secured.ChannelOf("operator of isp-a"));
  ASSERT_TRUE(stub->GetFigures(&context, request, &response).ok());
  EXPECT_GT(response.figures_size(), 0);
  EXPECT_FALSE(says_prefix(response.DebugString()));
}

TEST(Authorisation, WhoIsTakenFromTheRegistryLosesItsStreamAndItsNextQuestion) {
  SecuredAggregator secured;
  const auto tokyo_stub = v1::Ingest::NewStub(secured.ChannelOf("collector tokyo"));
  const auto osaka_stub = v1::Ingest::NewStub(secured.ChannelOf("collector osaka"));
  grpc::ClientContext tokyo_context, osaka_context;
  const auto tokyo = tokyo_stub->Report(&tokyo_context), osaka = osaka_stub->Report(&osaka_context);
  v1::CollectorMessage hello;
  v1::AggregatorMessage answer;
  *hello.mutable_hello() = HelloOf("tokyo", "isp-a");
  tokyo->Write(hello);
  ASSERT_TRUE(tokyo->Read(&answer));
  *hello.mutable_hello() = HelloOf("osaka", "isp-b");
  osaka->Write(hello);
  ASSERT_TRUE(osaka->Read(&answer));
  const auto list = Rpcs().at("kansoku.v1.Query.ListPoints").ask;
  const auto noc = secured.ChannelOf("operator of isp-a"), ministry = secured.ChannelOf("regulator");
  EXPECT_EQ(list(noc, kAll).code, StatusCode::OK);

  ASSERT_TRUE(secured
                  .ReplaceRegistryWithout({"    - {name: tokyo, isp: isp-a, points: [tokyo]}\n",
                                           "    - {name: noc, role: operator, isp: isp-a}\n"})
                  .ok());
  EXPECT_FALSE(tokyo->Read(&answer));
  const grpc::Status ended = tokyo->Finish();
  EXPECT_EQ(ended.error_code(), StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(ended.error_message(),
            "kansoku:collector/tokyo is not in the aggregator's registry; add it to registry.collectors");
  EXPECT_EQ(list(noc, kAll).code, StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(list(ministry, kAll).code, StatusCode::OK);

  v1::CollectorMessage batch;
  *batch.mutable_batch()->add_reports() = SampleReport(1, "osaka", kSampleStart);
  osaka->Write(batch);
  EXPECT_TRUE(osaka->Read(&answer)) << "who stays is not disturbed";
  EXPECT_EQ(answer.ack().through(), 1u);
  osaka->WritesDone();
  EXPECT_TRUE(osaka->Finish().ok());
}

TEST(Authorisation, ReflectionIsOffUnlessAskedFor) {
  for (const auto& [more, expected] :
       {std::pair("", StatusCode::UNIMPLEMENTED), std::pair("reflection: true\n", StatusCode::OK)}) {
    SecuredAggregator secured(more);
    grpc::GenericStub stub(secured.ChannelOf("regulator"));
    RawCall call(stub, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo");
    call.Write("\x3a\x01*");
    call.WritesDone();
    while (call.Read().has_value()) {
    }
    EXPECT_EQ(call.Finish().error_code(), expected) << more;
  }
}

TEST(Authorisation, WhoDecidesAboutTheQuarantineIsWhomItsCertificateNames) {
  SecuredAggregator secured;
  secured.Feed("tokyo");
  grpc::ClientContext context;
  v1::DecideQuarantinedRequest request;
  request.set_id(1);
  request.set_by("somebody-else");
  v1::QuarantinedReport decided;
  const auto stub = v1::Admin::NewStub(secured.ChannelOf("operator of isp-a"));
  ASSERT_TRUE(stub->DiscardQuarantined(&context, request, &decided).ok());
  EXPECT_EQ(decided.decided_by(), "noc");
}

TEST(Authorisation, ThePublicIsToldWhyItMayNotAskForMeasurements) {
  SecuredAggregator secured;
  const auto rpcs = Rpcs();
  const auto channel = secured.ChannelOf("public");
  EXPECT_EQ(
      rpcs.at("kansoku.v1.Query.GetFigures").ask(channel, kAll).message,
      "figures of a range and of a telescope are computed from measurements, which are not published; ask "
      "with months");
  EXPECT_EQ(rpcs.at("kansoku.v1.Query.GetFigures, of a telescope").ask(channel, kAll).message,
            rpcs.at("kansoku.v1.Query.GetFigures").ask(channel, kAll).message);
  EXPECT_EQ(rpcs.at("kansoku.v1.Query.GetTraffic").ask(channel, kAll).message,
            "kansoku:client/web is of the public, which may read what is published: figures of months, their "
            "kinds and their vintages");
  EXPECT_EQ(
      rpcs.at("kansoku.v1.Query.RecomputeVintage").ask(secured.ChannelOf("operator of isp-a"), kAll).message,
      "a vintage is computed again from what every ISP measured; only a regulator has that done");
  EXPECT_EQ(secured.MetricOf("kansoku_query_denied_requests_total"), "5");
}

TEST(Authorisation, ExactValuesAreForWhoOverseesAll) {
  SecuredAggregator secured;
  OpenAggregator open;
  const auto ask = [&](const std::shared_ptr<grpc::Channel>& channel) {
    v1::GetFiguresRequest request;
    request.mutable_months()->set_series(v1::SERIES_FIXED);
    request.mutable_months()->set_first(kPublishedMonth);
    request.mutable_months()->set_steps(true);
    grpc::ClientContext context;
    v1::GetFiguresResponse response;
    EXPECT_TRUE(v1::Query::NewStub(channel)->GetFigures(&context, request, &response).ok());
    EXPECT_EQ(response.figures_size(), 1);
    EXPECT_EQ(response.figures(0).value(), "38.9");
    return response.figures(0);
  };
  for (const auto& channel : {open.channel(), secured.ChannelOf("regulator")}) {
    const v1::Figure figure = ask(channel);
    EXPECT_EQ(figure.exact(), "38912345678901");
    EXPECT_EQ(figure.standard_error(), "0.1");
    EXPECT_EQ(figure.steps(0).value(), "12607600000000000/3");
    EXPECT_FALSE(figure.has_power_of_ten());
  }
  for (const char* peer : {"operator of isp-a", "public"}) {
    const v1::Figure figure = ask(secured.ChannelOf(peer));
    EXPECT_EQ(figure.exact(), "") << peer;
    EXPECT_EQ(figure.standard_error(), "") << peer;
    EXPECT_EQ(figure.steps(0).what(), "a step") << peer;
    EXPECT_EQ(figure.steps(0).value(), "4.2e+15") << peer;
    EXPECT_EQ(figure.power_of_ten(), 12) << peer;
  }
}

TEST(Authorisation, WhatMayBePublishedIsToldAlikeWhoeverAsks) {
  const auto packets = [](const std::shared_ptr<grpc::Channel>& channel, bool as_public) {
    v1::GetFiguresRequest request;
    request.mutable_telescope()->set_first_day(kTelescopeDay);
    request.mutable_telescope()->add_ids("darknet_packets");
    request.mutable_telescope()->set_as_public(as_public);
    grpc::ClientContext context;
    v1::GetFiguresResponse response;
    const grpc::Status status = v1::Query::NewStub(channel)->GetFigures(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    if (response.figures_size() != 1) return std::string("no figure");
    const v1::Figure& figure = response.figures(0);
    return figure.value().empty() ? EnumLabel(figure.withheld_reason()) : figure.value();
  };
  SecuredAggregator of_three("");  // fewest_isps is 3, and there are two
  EXPECT_EQ(packets(of_three.ChannelOf("operator of isp-a"), false), "80");
  for (const char* peer : {"operator of isp-a", "regulator"})
    EXPECT_EQ(packets(of_three.ChannelOf(peer), true), "few_contributors") << peer;
  SecuredAggregator of_one;
  EXPECT_EQ(packets(of_one.ChannelOf("operator of isp-a"), true), "80");
  OpenAggregator open;
  for (const bool as_public : {false, true}) EXPECT_EQ(packets(open.channel(), as_public), "240");
}

TEST(Authorisation, WhenCollectorsCertificatesEndIsSeen) {
  SecuredAggregator secured;
  secured.Feed("osaka");
  EXPECT_EQ(secured.MetricOf("kansoku_collector_certificate_expiry_timestamp_seconds{isp=\"isp-b\","
                             "collector=\"osaka\"}"),
            "4100000000");
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
