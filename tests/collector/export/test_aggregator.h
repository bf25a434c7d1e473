// SPDX-License-Identifier: Apache-2.0
//
// An ingest service on real gRPC for the exporter's tests. It keeps what it was sent, once for each (epoch,
// sequence), and misbehaves as told. What it keeps outlives its server, as a store does.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "kansoku/v1/ingest.grpc.pb.h"

namespace kansoku::collector {

// All of it can be changed while the server runs.
struct Behaviour {
  bool acknowledge = true;
  bool acknowledge_goodbye = false;  // what was not acknowledged is when the collector says good-bye
  bool welcome = true;
  std::optional<grpc::Status> refuse_batches = std::nullopt;  // ends the stream with this at the first batch
  uint64_t break_after_batches = 0;                           // ends each stream after so many; 0: never
  uint64_t acknowledge_every_batches = 1;  // the rest is acknowledged late, with the next one that is
  std::optional<uint64_t> claim_committed = std::nullopt;     // says so in Welcome, once
  std::optional<uint64_t> acknowledge_beyond = std::nullopt;  // says so instead of an honest Ack, once
};

class TestAggregator final : public v1::Ingest::Service {
 public:
  ~TestAggregator() override { StopServer(); }

  // Port 0 the first time; after StopServer() the same port again.
  void StartServer();
  void StopServer();  // cancels what runs
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  void Behave(Behaviour behaviour);

  // The reports of an epoch, by sequence number. Tombstones are among them.
  std::map<uint64_t, v1::SequencedReport> Stored(uint64_t epoch) const;
  std::optional<v1::Delivery> LastDelivery() const;
  std::optional<v1::Hello> LastHello() const;
  uint64_t streams() const;
  uint64_t largest_batch_bytes() const;
  uint64_t gaps() const;  // batches that did not continue where the last one ended

  grpc::Status Report(grpc::ServerContext* context,
                      grpc::ServerReaderWriter<v1::AggregatorMessage, v1::CollectorMessage>* stream) override;

 private:
  using Stream = grpc::ServerReaderWriter<v1::AggregatorMessage, v1::CollectorMessage>;

  uint64_t Greet(const v1::Hello& hello);
  // The sequence to acknowledge, if any.
  std::optional<uint64_t> Commit(uint64_t epoch, const v1::Batch& batch, uint64_t batches);
  // The same at its end.
  std::optional<uint64_t> AcknowledgeGoodbye(uint64_t epoch) const;

  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;

  mutable std::mutex mutex_;
  Behaviour behaviour_;
  std::map<std::pair<uint64_t, uint64_t>, v1::SequencedReport> stored_;
  std::map<uint64_t, uint64_t> committed_through_;
  std::optional<v1::Delivery> delivery_;
  std::optional<v1::Hello> hello_;
  uint64_t streams_ = 0;
  uint64_t largest_batch_bytes_ = 0;
  uint64_t gaps_ = 0;
};

}  // namespace kansoku::collector
