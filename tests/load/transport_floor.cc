// SPDX-License-Identifier: Apache-2.0
//
// What the transport alone takes: a server with the aggregator's own gRPC settings and TLS that acknowledges
// each batch without having read it, and keeps nothing. What an aggregator costs beyond it is its own.
// tests/load/run --floor starts it in the place of an aggregator.
#include <grpcpp/grpcpp.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdint>
#include <iostream>
#include <mutex>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "aggregator/config.h"
#include "aggregator/open_files.h"
#include "aggregator/serve/grpc_server.h"
#include "kansoku/v1/ingest.grpc.pb.h"

namespace kansoku::load {
namespace {

// First octets of a CollectorMessage, by which of its fields 1 and 2 it begins with.
constexpr char kHello = 0x0a, kBatch = 0x12;

class Stream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  explicit Stream(uint64_t batch) : batch_(batch) { StartRead(&incoming_); }

  void OnReadDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    if (!ok) return End(grpc::Status::OK);
    const char content = FirstOctet();
    v1::AggregatorMessage message;
    if (content == kHello) {
      message.mutable_welcome();
    } else if (content == kBatch) {
      message.mutable_ack()->set_through(through_ += batch_);
    }
    if (content == kHello || content == kBatch) {
      if (writing_) return End({grpc::StatusCode::INTERNAL, "the last answer is still under way"});
      const grpc::Slice octets(message.SerializeAsString());
      outgoing_ = grpc::ByteBuffer(&octets, 1);
      writing_ = true;
      StartWrite(&outgoing_);
    }
    StartRead(&incoming_);
  }
  void OnWriteDone(bool /*ok*/) override {
    const std::lock_guard lock(mutex_);
    writing_ = false;
  }
  void OnDone() override { delete this; }

 private:
  char FirstOctet() const {
    grpc::Slice first;
    return incoming_.TrySingleSlice(&first).ok() && first.size() != 0 ? static_cast<char>(*first.begin())
                                                                      : kBatch;
  }
  void End(const grpc::Status& status) {
    if (!ended_) Finish(status);
    ended_ = true;
  }

  const uint64_t batch_;
  std::mutex mutex_;
  grpc::ByteBuffer incoming_, outgoing_;
  uint64_t through_ = 0;
  bool writing_ = false;
  bool ended_ = false;
};

class Floor final : public v1::Ingest::WithRawCallbackMethod_Report<v1::Ingest::Service> {
 public:
  explicit Floor(uint64_t batch) : batch_(batch) {}
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Report(
      grpc::CallbackServerContext* /*context*/) override {
    return new Stream(batch_);
  }

 private:
  const uint64_t batch_;
};

int Fail(const absl::Status& status) {
  std::cerr << status.message() << "\n";
  return 1;
}

int Main(int argc, char** argv) {
  CLI::App app("Acknowledges reports without reading them.");
  std::string config_path;
  uint64_t batch = 1;
  app.add_option("--config", config_path, "An aggregator's")->required();
  app.add_option("--batch", batch, "Windows in each message");
  CLI11_PARSE(app, argc, argv);

  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  const auto config = aggregator::LoadConfig(config_path);
  if (!config.ok()) return Fail(config.status());
  if (const auto files = aggregator::RaiseOpenFileLimit(); !files.ok()) return Fail(files.status());
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  Floor floor(batch);
  const std::array<aggregator::ServedService, 1> services = {{{v1::Ingest::service_full_name(), &floor}}};
  const auto server = aggregator::StartGrpcServer({.address = config->listen(),
                                                   .most_transport_bytes = config->limits().transport_bytes(),
                                                   .tls = config->has_tls() ? &config->tls() : nullptr},
                                                  services);
  if (!server.ok()) return Fail(server.status());
  std::cout << "listening: grpc 127.0.0.1:" << server->port << ", acknowledging unread" << std::endl;
  int signal = 0;
  sigwait(&signals, &signal);
  server->server->Shutdown(std::chrono::system_clock::now());
  return 0;
}

}  // namespace
}  // namespace kansoku::load

int main(int argc, char** argv) { return kansoku::load::Main(argc, argv); }
