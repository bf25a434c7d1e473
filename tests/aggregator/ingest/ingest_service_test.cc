// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/ingest_service.h"

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "proto/contract/message_size.h"
#include "tests/aggregator/ingest/ingest_stream.h"
#include "tests/aggregator/store/sample_report.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

std::vector<v1::SequencedReport> Reports(const std::string& point, uint64_t first, uint64_t count) {
  std::vector<v1::SequencedReport> reports;
  for (uint64_t i = first; i < first + count; ++i) {
    reports.push_back(SampleReport(i, point, kSampleStart + static_cast<int64_t>(i) * 10));
  }
  return reports;
}

TEST(IngestService, WelcomesCommitsAndThenAcknowledges) {
  StoreFolder folder;
  Server server(folder.File());
  Client client(server);
  EXPECT_EQ(client.Greet(SampleHello("tokyo")), 0u);
  for (uint64_t batch = 0; batch < 20; ++batch) client.Send(Reports("tokyo", batch * 5 + 1, 5));
  client.ReadAcksThrough(100);
  // The acknowledgement came after the commit: no waiting here.
  EXPECT_EQ(server.store().Points()->at(0).windows, 100u);
  EXPECT_TRUE(server.service().status().collectors.at("tokyo").connected);
  EXPECT_TRUE(client.Close().ok());
  EXPECT_GE(server.service().status().commits.commits, 2u);
  EXPECT_EQ(server.service().status().acknowledgements.count, 20u);
}

TEST(IngestService, WhatIsInFlightIsAcknowledgedBeforeTheStreamCloses) {
  StoreFolder folder;
  Server server(folder.File());
  Client client(server);
  client.Say(SampleHello("tokyo"));
  client.Send(Reports("tokyo", 1, 5));
  v1::CollectorMessage message;
  message.mutable_delivery()->set_reports_closed(9);
  client.Send(message);
  EXPECT_TRUE(client.Close().ok());
  EXPECT_EQ(server.store().Collectors()->at(0).committed_through, 5u);
  EXPECT_EQ(server.store().Collectors()->at(0).delivery.reports_closed(), 9u);
}

TEST(IngestService, DuplicatesAreAcknowledgedAndCounted) {
  StoreFolder folder;
  Server server(folder.File());
  Client client(server);
  client.Greet(SampleHello("tokyo"));
  client.Send(Reports("tokyo", 1, 5));
  client.ReadAcksThrough(5);
  client.Send(Reports("tokyo", 1, 5));
  EXPECT_EQ(client.Read().ack().through(), 5u);
  EXPECT_TRUE(client.Close().ok());
  EXPECT_EQ(server.store().Collectors()->at(0).duplicate_reports, 5u);
  EXPECT_EQ(server.store().Points()->at(0).windows, 5u);
}

TEST(IngestService, ARestartedAggregatorContinuesWhereItCommitted) {
  StoreFolder folder;
  {
    Server server(folder.File());
    Client client(server);
    client.Greet(SampleHello("tokyo"));
    client.Send(Reports("tokyo", 1, 5));
    client.ReadAcksThrough(5);
  }
  Server server(folder.File());
  Client client(server);
  EXPECT_EQ(client.Greet(SampleHello("tokyo")), 5u);
  client.Send(Reports("tokyo", 6, 5));
  client.ReadAcksThrough(10);
  EXPECT_EQ(server.store().Points()->at(0).windows, 10u);
}

TEST(IngestService, StoppingEndsStreamsAtOnceAndSaysSo) {
  StoreFolder folder;
  auto server = std::make_unique<Server>(folder.File());
  Client welcomed(*server);
  welcomed.Greet(SampleHello("tokyo"));
  Client silent(*server);
  server.reset();
  EXPECT_EQ(welcomed.Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  // Whether this one had reached the service at all is gRPC's to say.
  EXPECT_FALSE(silent.Finish().ok());
}

TEST(IngestService, AReportThatCannotBeGoesToQuarantineAndHoldsUpNothing) {
  StoreFolder folder;
  Server server(folder.File());
  Client client(server);
  client.Greet(SampleHello("tokyo"));
  auto reports = Reports("tokyo", 1, 4);
  auto& measurement = *reports[1].mutable_report()->mutable_measurement();
  measurement.set_windows(2);
  measurement.GetReflection()->MutableUnknownFields(&measurement)->AddVarint(999, 1);
  reports[2].mutable_report()->set_point("kobe");
  client.Send(reports);
  client.ReadAcksThrough(4);
  client.Send(Reports("tokyo", 5, 1));
  client.ReadAcksThrough(5);
  EXPECT_TRUE(client.Close().ok());
  EXPECT_EQ(server.store().Points()->at(0).windows, 3u);
  const auto held = server.store().Quarantine({.most = 10});
  ASSERT_EQ(held->size(), 2u);
  EXPECT_EQ(
      held->at(0).text(),
      "report 2, point tokyo, window 2024-11-01T00:00:20Z: measurement.windows: is 2, must be 1 in a report");
  EXPECT_EQ(held->at(1).reason(), v1::QUARANTINE_REASON_UNKNOWN_POINT);
  // With what only a newer version understands.
  EXPECT_EQ(server.store().FindQuarantined(1)->report().SerializeAsString(), reports[1].SerializeAsString());
  EXPECT_EQ(server.service().status().collectors.at("tokyo").refused_reports, 0u);
  EXPECT_EQ(
      server.said().at(0),
      "collector tokyo: goes to quarantine: report 2, point tokyo, window 2024-11-01T00:00:20Z: "
      "measurement.windows: is 2, must be 1 in a report; see kansokuctl quarantine (further ones of this "
      "kind are not said)");
  EXPECT_EQ(server.said().size(), 2u);
}

TEST(IngestService, EstimatesTheClockOfACollector) {
  StoreFolder folder;
  Server server(folder.File());
  Client client(server);
  client.Greet(SampleHello("tokyo"));
  EXPECT_EQ(server.service().status().collectors.at("tokyo").clock_offset, std::nullopt);
  for (const int64_t ahead : {3, 7, 5}) {
    v1::CollectorMessage message;
    message.mutable_delivery();
    message.set_sent_unix_nanoseconds(absl::ToUnixNanos(kNow + absl::Seconds(ahead)));
    client.Send(message);
  }
  EXPECT_TRUE(client.Close().ok());
  EXPECT_EQ(server.service().status().collectors.at("tokyo").clock_offset, absl::Seconds(7));
}

TEST(IngestService, ABatchWhoseNumbersDoNotRiseIsRefusedAndCounted) {
  StoreFolder folder;
  Server server(folder.File());
  Client client(server);
  client.Greet(SampleHello("tokyo"));
  auto reports = Reports("tokyo", 1, 3);
  reports[1].set_sequence(3);
  client.Send(reports);
  const grpc::Status status = client.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(), "report 3: sequence: comes where 2 is next");
  EXPECT_EQ(server.service().status().collectors.at("tokyo").refused_reports, 3u);
  EXPECT_EQ(server.store().Points()->at(0).windows, 0u);
}

TEST(IngestService, AGapIsRefusedAndCounted) {
  StoreFolder folder;
  Server server(folder.File());
  Client client(server);
  client.Greet(SampleHello("tokyo"));
  client.Send(Reports("tokyo", 3, 2));
  EXPECT_EQ(client.Finish().error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(server.service().status().collectors.at("tokyo").refused_reports, 2u);
  EXPECT_EQ(server.service().status().commits.commit_errors, 0u);
}

TEST(IngestService, BreachesOfTheProtocolAreNamed) {
  StoreFolder folder;
  Server server(folder.File());
  {
    Client client(server);
    client.Send(Reports("tokyo", 1, 1));
    const grpc::Status status = client.Finish();
    EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
    EXPECT_EQ(status.error_message(), "the first message of a stream must be Hello");
  }
  {
    Client client(server);
    client.Greet(SampleHello("tokyo"));
    client.Say(SampleHello("tokyo"));
    EXPECT_EQ(client.Finish().error_message(), "Hello came twice on one stream; it is said once");
  }
  {
    Client client(server);
    client.Greet(SampleHello("tokyo"));
    client.Send(v1::CollectorMessage());
    EXPECT_EQ(client.Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  }
  {
    Client client(server);
    v1::Hello hello = SampleHello("osaka");
    hello.mutable_points(0)->set_point("tokyo");
    client.Say(hello);
    EXPECT_EQ(client.Finish().error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  }
  EXPECT_FALSE(server.service().status().collectors.contains("osaka"));
}

TEST(IngestService, ARefusedHelloIsCountedAndItsReasonSaidOnce) {
  StoreFolder folder;
  Server server(folder.File());
  Client(server).Greet(SampleHello("tokyo"));
  v1::Hello taken = SampleHello("osaka");
  taken.mutable_points(0)->set_point("tokyo");
  v1::Hello malformed = SampleHello("tokyo");
  malformed.set_collector("\n");
  for (const v1::Hello& hello : {taken, malformed, taken}) {
    Client client(server);
    client.Say(hello);
    EXPECT_FALSE(client.Finish().ok());
  }
  EXPECT_EQ(server.service().status().refused_hellos, 3u);
  EXPECT_EQ(
      server.said(),
      (std::vector<std::string>{
          "collector \"osaka\": its Hello is refused: point tokyo belongs to collector tokyo, "
          "not to osaka; give the link another point name",
          "collector \"\\n\": its Hello is refused: hello.collector: must be 1 to 63 of a-z 0-9 - _ . , "
          "beginning with a letter or digit"}));
}

TEST(IngestService, AStreamWithoutAHelloEnds) {
  StoreFolder folder;
  Server server(folder.File(), {.hello_within = absl::Milliseconds(10)});
  Client silent(server);
  const grpc::Status status = silent.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(status.error_message(), "no Hello came; it is the first that a stream says");
  EXPECT_EQ(server.Exceeded("hello_time"), 1u);
}

TEST(IngestService, ANewerStreamOfACollectorEndsTheOlder) {
  StoreFolder folder;
  Server server(folder.File());
  Client older(server);
  older.Greet(SampleHello("tokyo"));
  older.Send(Reports("tokyo", 1, 5));
  older.ReadAcksThrough(5);
  Client newer(server);
  EXPECT_EQ(newer.Greet(SampleHello("tokyo")), 5u);
  EXPECT_EQ(older.Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  newer.Send(Reports("tokyo", 6, 5));
  newer.ReadAcksThrough(10);
  EXPECT_TRUE(server.service().status().collectors.at("tokyo").connected);
}

TEST(IngestService, TwoCollectorsStreamAtOnceAndOneMayBreakOff) {
  StoreFolder folder;
  Server server(folder.File());
  Client tokyo(server), osaka(server), sendai(server);
  tokyo.Greet(SampleHello("tokyo"));
  osaka.Greet(SampleHello("osaka"));
  sendai.Greet(SampleHello("sendai"));
  for (uint64_t batch = 0; batch < 10; ++batch) {
    tokyo.Send(Reports("tokyo", batch * 5 + 1, 5));
    osaka.Send(Reports("osaka", batch * 5 + 1, 5));
    sendai.Send(Reports("sendai", batch * 5 + 1, 5));
  }
  sendai.Cancel();
  EXPECT_EQ(sendai.Finish().error_code(), grpc::StatusCode::CANCELLED);
  tokyo.ReadAcksThrough(50);
  osaka.ReadAcksThrough(50);
  EXPECT_TRUE(tokyo.Close().ok());
  EXPECT_TRUE(osaka.Close().ok());
}

TEST(IngestService, FieldsOfANewerVersionDoNotReachTheStore) {
  StoreFolder folder;
  Server server(folder.File());
  Client client(server);
  client.Greet(SampleHello("tokyo"));
  auto reports = Reports("tokyo", 1, 1);
  const std::string plain = reports[0].report().measurement().SerializeAsString();
  auto& measurement = *reports[0].mutable_report()->mutable_measurement();
  measurement.GetReflection()->MutableUnknownFields(&measurement)->AddVarint(999, 1);
  client.Send(reports);
  client.ReadAcksThrough(1);
  ASSERT_TRUE(
      server.store()
          .Scan(Tier::kWindow, 0, kSampleStart * 2, {},
                [&](const Bucket& bucket) { EXPECT_EQ(bucket.measurement.SerializeAsString(), plain); })
          .ok());
}

}  // namespace
}  // namespace kansoku::aggregator
