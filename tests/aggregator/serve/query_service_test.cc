// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/query_service.h"

#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <future>
#include <latch>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/serve/grpc_server.h"
#include "tests/aggregator/raw_call.h"
#include "tests/aggregator/serve/sample_telescope.h"
#include "tests/aggregator/serve/sample_vintage.h"
#include "tests/aggregator/serve/served_store.h"

namespace kansoku::aggregator {
namespace {

class QueryServiceTest : public ::testing::Test {
 protected:
  explicit QueryServiceTest(const UnreadLimits& unread = {.octets = 1'000'000}) : unread_(unread) {
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

  // Of a client that takes no more ahead than HTTP/2's first window.
  std::shared_ptr<grpc::Channel> SmallWindows() const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 65'535);
    return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", server_.port),
                                     grpc::InsecureChannelCredentials(), arguments);
  }

  ServedStore store_;
  const AccessControl access_ = AccessControl::Open();
  const UnreadLimits unread_;
  LimitCounts counts_;
  PortTable ports_;
  std::function<absl::Time()> clock_ = [] { return kSampleNow; };
  QueryService service_{*store_,
                        ports_,
                        [] {
                          LiveStatus live;
                          live.connected_collectors = {"tokyo"};
                          return live;
                        },
                        [this] { return clock_(); },
                        access_,
                        counts_,
                        {.unread = unread_}};
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

// kSampleNow is in November 2024.
TEST_F(QueryServiceTest, AnswersEveryQuestionAboutMonths) {
  ASSERT_TRUE(store_
                  ->AddVintage(SampleVintage(v1::SERIES_FIXED, "2024-10", 1, kSampleStart,
                                             {SampleFigure("fixed_coverage", {}, "0.4390", "439/1000")}),
                               {})
                  .ok());
  v1::GetFiguresRequest ask;
  ask.mutable_months()->set_series(v1::SERIES_FIXED);
  ask.mutable_months()->set_first("2024-10");
  v1::GetFiguresResponse figures;
  ASSERT_TRUE(Call(&v1::Query::Stub::GetFigures, ask, figures).ok());
  ASSERT_EQ(figures.figures_size(), 1);
  EXPECT_EQ(figures.figures(0).exact(), "439/1000");

  v1::ListFigureKindsResponse kinds;
  ASSERT_TRUE(Call(&v1::Query::Stub::ListFigureKinds, {}, kinds).ok());
  EXPECT_GT(kinds.kinds_size(), 0);
  v1::ListVintagesResponse vintages;
  ASSERT_TRUE(Call(&v1::Query::Stub::ListVintages, {}, vintages).ok());
  EXPECT_EQ(vintages.vintages_size(), 1);
  v1::RecomputeVintageRequest again;
  again.set_series(v1::SERIES_FIXED);
  again.set_month("2024-10");
  v1::RecomputeVintageResponse recomputed;
  ASSERT_TRUE(Call(&v1::Query::Stub::RecomputeVintage, again, recomputed).ok());
  EXPECT_GT(recomputed.differences_size(), 0) << "it was made up";

  v1::GetMatchedPanelRequest matched;
  matched.set_series(v1::SERIES_FIXED);
  matched.set_month("2024-10");
  v1::GetMatchedPanelResponse panel;
  const grpc::Status alone = Call(&v1::Query::Stub::GetMatchedPanel, matched, panel);
  EXPECT_EQ(alone.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(alone.error_message(),
            "nothing was published of fixed 2023-10; a matched panel needs both months");
  ASSERT_TRUE(store_->AddVintage(SampleVintage(v1::SERIES_FIXED, "2023-10", 1, kSampleStart, {}), {}).ok());
  ASSERT_TRUE(Call(&v1::Query::Stub::GetMatchedPanel, matched, panel).ok());
  EXPECT_EQ(panel.figures_size(), 2);

  ask.mutable_months()->set_first("2024-11");
  const grpc::Status early = Call(&v1::Query::Stub::GetFigures, ask, figures);
  EXPECT_EQ(early.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  ask.mutable_range();
  const grpc::Status both = Call(&v1::Query::Stub::GetFigures, ask, figures);
  EXPECT_EQ(both.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(both.error_message(),
            "months: not together with range; the one asks for what was published, the other computes");
}

TEST_F(QueryServiceTest, AnswersAboutDaysOfTelescopes) {
  ASSERT_TRUE(store_->AddTelescopeDay(SampleDay("2024-10-31", 16)).ok());
  v1::GetFiguresRequest ask;
  ask.mutable_telescope()->set_first_day("2024-10-31");
  ask.mutable_telescope()->add_ids("darknet_category_share");
  v1::GetFiguresResponse figures;
  ASSERT_TRUE(Call(&v1::Query::Stub::GetFigures, ask, figures).ok());
  ASSERT_EQ(figures.figures_size(), 3);
  for (const v1::Figure& figure : figures.figures()) {
    EXPECT_EQ(figure.withheld_because(),
              "the aggregator has no table of port categories; name one as port_categories_path in its "
              "configuration");
  }
  ports_.Take(SampleCategories());
  figures.Clear();
  ASSERT_TRUE(Call(&v1::Query::Stub::GetFigures, ask, figures).ok());
  ASSERT_EQ(figures.figures_size(), 12);  // four in each population
  EXPECT_EQ(figures.figures(0).labels().at("category"), "iot");
  EXPECT_EQ(figures.figures(0).value(), "0.7500");

  ask.mutable_telescope()->set_first_day("yesterday");
  const grpc::Status bad = Call(&v1::Query::Stub::GetFigures, ask, figures);
  EXPECT_EQ(bad.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(bad.error_message().starts_with("telescope.first_day: ")) << bad.error_message();
}

TEST_F(QueryServiceTest, IsAskedForFiguresOfOneThingAtATime) {
  v1::GetFiguresRequest ask;
  v1::GetFiguresResponse figures;
  const auto refused = [&] {
    const grpc::Status status = Call(&v1::Query::Stub::GetFigures, ask, figures);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    return status.error_message();
  };
  EXPECT_EQ(refused(), "say of what: range, months or telescope");
  ask.mutable_telescope()->set_first_day("2024-10-31");
  ask.mutable_range();
  EXPECT_EQ(refused(), "telescope: not together with range or months; it has days of its own");
  ask.clear_range();
  ask.mutable_months();
  EXPECT_EQ(refused(), "telescope: not together with range or months; it has days of its own");
}

// As gRPC's clients are, unless they are told otherwise, this one takes 4 MiB.
TEST_F(QueryServiceTest, AnswersAboutMonthsThatAnyClientTakes) {
  for (const char* month : {"2024-08", "2024-09", "2024-10"}) {
    std::vector<v1::Figure> figures = {SampleFigure("fixed_coverage", {}, "0.4390", "439/1000"),
                                       SampleFigure("fixed_balance", {}, "1.0000", "1")};
    figures[0].set_method(std::string(1'999'000, 'a'));
    ASSERT_TRUE(
        store_->AddVintage(SampleVintage(v1::SERIES_FIXED, month, 1, kSampleStart, figures), {}).ok());
  }
  v1::GetFiguresRequest ask;
  ask.mutable_months()->set_series(v1::SERIES_FIXED);
  ask.mutable_months()->set_first("2024-09");
  ask.mutable_months()->set_last("2024-10");
  v1::GetFiguresResponse figures;
  const grpc::Status two = Call(&v1::Query::Stub::GetFigures, ask, figures);
  ASSERT_TRUE(two.ok()) << two.error_message();
  EXPECT_EQ(figures.figures_size(), 4);
  ask.mutable_months()->set_first("2024-08");
  const grpc::Status three = Call(&v1::Query::Stub::GetFigures, ask, figures);
  EXPECT_EQ(three.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(three.error_message(),
            "months: 2 of the 3 that were published fill the 4000000 octets that one answer may have; ask "
            "for fewer at a time, or for single figures by ids");
  ask.mutable_months()->add_ids("fixed_balance");
  ASSERT_TRUE(Call(&v1::Query::Stub::GetFigures, ask, figures).ok());
  EXPECT_EQ(figures.figures_size(), 3);
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

// Two read for figures, and both are held up.
TEST_F(QueryServiceTest, ShortQuestionsDoNotWaitForLongOnes) {
  std::latch are_reading(2), go_on(1);
  clock_ = [&] {
    are_reading.count_down();
    go_on.wait();
    return kSampleNow;
  };
  std::vector<std::future<bool>> calls;
  for (int i = 0; i < 2; ++i) {
    calls.push_back(std::async(std::launch::async, [this] {
      const auto request = RequestFor<v1::GetTrafficRequest>(kSampleStart, kSampleStart + 300, 0);
      v1::GetTrafficResponse traffic;
      return Call(&v1::Query::Stub::GetTraffic, request, traffic).ok();
    }));
  }
  are_reading.wait();
  v1::GetLedgerResponse ledger;
  EXPECT_TRUE(Call(&v1::Query::Stub::GetLedger, {}, ledger).ok());
  go_on.count_down();
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

// Close to a megabyte.
v1::GetTrafficRequest AskForMuch(ServedStore& store) {
  store.AddSamples("tokyo", kSampleStart + 300, 100, 120);
  auto ask = RequestFor<v1::GetTrafficRequest>(kSampleStart, kSampleStart + 1'300, 10);
  for (int dimension = v1::DIMENSION_GROUP; dimension <= v1::DIMENSION_ISP; ++dimension) {
    ask.add_by(static_cast<v1::Dimension>(dimension));
  }
  return ask;
}

// An answer that is not read: flow control leaves it with the server.
std::unique_ptr<RawCall> AskWithoutReading(grpc::GenericStub& stub, const v1::GetTrafficRequest& ask) {
  auto call = std::make_unique<RawCall>(stub, "/kansoku.v1.Query/GetTraffic");
  call->Write(ask.SerializeAsString());
  call->WritesDone();
  EXPECT_TRUE(call->ReadInitialMetadata());
  return call;
}

TEST_F(QueryServiceTest, AnswersThatNobodyReadsAreBoundedInSize) {
  const v1::GetTrafficRequest ask = AskForMuch(store_);
  v1::GetTrafficResponse answer;
  grpc::GenericStub stub(SmallWindows());
  const auto slow = AskWithoutReading(stub, ask);
  EXPECT_EQ(Call(&v1::Query::Stub::GetTraffic, ask, answer).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(counts_.ByLabel().at("unread_octets"), 1u);
  const std::optional<std::string> read = slow->Read();
  ASSERT_TRUE(read.has_value());
  EXPECT_GT(read->size(), 500'000u);
  EXPECT_TRUE(slow->Finish().ok());
  EXPECT_EQ(counts_.ByLabel().at("read_time"), 0u);
}

class ImpatientQueryService : public QueryServiceTest {
 protected:
  ImpatientQueryService() : QueryServiceTest({.within = absl::Milliseconds(50)}) {}
};

TEST_F(ImpatientQueryService, AnswersThatNobodyReadsAreBoundedInTime) {
  grpc::GenericStub stub(SmallWindows());
  const auto slow = AskWithoutReading(stub, AskForMuch(store_));
  // Others are answered meanwhile.
  while (counts_.ByLabel().at("read_time") == 0) {
    v1::ListPointsResponse points;
    ASSERT_TRUE(Call(&v1::Query::Stub::ListPoints, {}, points).ok());
  }
  EXPECT_EQ(counts_.ByLabel().at("read_time"), 1u);
}

TEST_F(QueryServiceTest, RefusesAPortInUse) {
  const std::string address = absl::StrCat("127.0.0.1:", server_.port);
  const auto second = StartGrpcServer({.address = address}, {});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(std::string(second.status().message()).find(address), std::string::npos) << second.status();
}

}  // namespace
}  // namespace kansoku::aggregator
