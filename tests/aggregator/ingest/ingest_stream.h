// SPDX-License-Identifier: Apache-2.0
//
// Both ends of the ingest service in a test, over real gRPC.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "aggregator/ingest/ingest_service.h"
#include "aggregator/store/sqlite_store.h"
#include "gtest/gtest.h"
#include "proto/contract/message_size.h"
#include "tests/aggregator/store/sample_report.h"

namespace kansoku::aggregator {

inline const absl::Time kNow = absl::FromUnixSeconds(kSampleStart + 3600);

// Store, queue, service and server, as the aggregator wires them.
class Server {
 public:
  explicit Server(const std::string& path, const IngestLimits& limits = {})
      : store_(*SqliteStore::Open({.path = path})),
        queue_(*store_, {.interval = absl::Milliseconds(1)}, [] { return kNow; }),
        service_(
            queue_, access_, {.ahead = absl::Seconds(60), .behind = absl::Hours(24)}, [] { return kNow; },
            [this](const std::string& line) { said_.push_back(line); }, limit_counts_, limits) {
    queue_.Start();
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
  }
  ~Server() {
    service_.EndStreams();
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(60));
    server_->Wait();
    queue_.Stop();
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  const Store& store() const { return *store_; }
  const IngestService& service() const { return service_; }
  uint64_t Exceeded(const std::string& limit) const { return limit_counts_.ByLabel().at(limit); }
  // After the stream that it is about has ended.
  const std::vector<std::string>& said() const { return said_; }

 private:
  std::vector<std::string> said_;
  LimitCounts limit_counts_;
  std::unique_ptr<Store> store_;
  CommitQueue queue_;
  const AccessControl access_ = AccessControl::Open();
  IngestService service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// One stream, as a collector opens it.
class Client {
 public:
  explicit Client(const Server& server)
      : stub_(
            v1::Ingest::NewStub(grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()))) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    stream_ = stub_->Report(&context_);
  }

  void Say(const v1::Hello& hello) {
    v1::CollectorMessage message;
    *message.mutable_hello() = hello;
    stream_->Write(message);
  }
  void Send(const std::vector<v1::SequencedReport>& reports) {
    v1::CollectorMessage message;
    message.mutable_batch();
    for (const auto& report : reports) *message.mutable_batch()->add_reports() = report;
    stream_->Write(message);
  }
  void Send(const v1::CollectorMessage& message) { stream_->Write(message); }

  // Hello, and what the welcome said.
  uint64_t Greet(const v1::Hello& hello) {
    Say(hello);
    const v1::AggregatorMessage answer = Read();
    EXPECT_TRUE(answer.has_welcome()) << answer.ShortDebugString();
    return answer.welcome().committed_through();
  }
  void ReadAcksThrough(uint64_t through) {
    uint64_t last = 0;
    while (last < through) {
      const v1::AggregatorMessage answer = Read();
      ASSERT_TRUE(answer.has_ack());
      ASSERT_GT(answer.ack().through(), last);
      last = answer.ack().through();
    }
    EXPECT_EQ(last, through);
  }
  v1::AggregatorMessage Read() {
    v1::AggregatorMessage answer;
    EXPECT_TRUE(stream_->Read(&answer));
    return answer;
  }
  // Reads to the end.
  grpc::Status Finish() {
    v1::AggregatorMessage answer;
    while (stream_->Read(&answer)) {
    }
    return stream_->Finish();
  }
  grpc::Status Close() {
    stream_->WritesDone();
    return Finish();
  }
  void Cancel() { context_.TryCancel(); }

 private:
  std::unique_ptr<v1::Ingest::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::CollectorMessage, v1::AggregatorMessage>> stream_;
};

}  // namespace kansoku::aggregator
