// SPDX-License-Identifier: Apache-2.0
#include "tests/collector/export/test_aggregator.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace kansoku::collector {

void TestAggregator::StartServer() {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:" + std::to_string(port_), grpc::InsecureServerCredentials(), &port_);
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
  ASSERT_NE(server_, nullptr);
}

void TestAggregator::StopServer() {
  if (server_ == nullptr) return;
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
  server_.reset();
}

void TestAggregator::Behave(Behaviour behaviour) {
  const std::lock_guard lock(mutex_);
  behaviour_ = std::move(behaviour);
}

std::map<uint64_t, v1::SequencedReport> TestAggregator::Stored(uint64_t epoch) const {
  const std::lock_guard lock(mutex_);
  std::map<uint64_t, v1::SequencedReport> stored;
  for (const auto& [key, entry] : stored_) {
    if (key.first == epoch) stored.emplace(key.second, entry);
  }
  return stored;
}

std::optional<v1::Delivery> TestAggregator::LastDelivery() const {
  const std::lock_guard lock(mutex_);
  return delivery_;
}

std::optional<v1::Hello> TestAggregator::LastHello() const {
  const std::lock_guard lock(mutex_);
  return hello_;
}

uint64_t TestAggregator::streams() const {
  const std::lock_guard lock(mutex_);
  return streams_;
}

uint64_t TestAggregator::largest_batch_bytes() const {
  const std::lock_guard lock(mutex_);
  return largest_batch_bytes_;
}

uint64_t TestAggregator::gaps() const {
  const std::lock_guard lock(mutex_);
  return gaps_;
}

uint64_t TestAggregator::Greet(const v1::Hello& hello) {
  const std::lock_guard lock(mutex_);
  hello_ = hello;
  ++streams_;
  uint64_t& committed = committed_through_[hello.epoch()];
  committed = std::max(committed, hello.first_sequence() - 1);
  const uint64_t claim = behaviour_.claim_committed.value_or(committed);
  behaviour_.claim_committed.reset();
  return claim;
}

std::optional<uint64_t> TestAggregator::Commit(uint64_t epoch, const v1::Batch& batch, uint64_t batches) {
  const std::lock_guard lock(mutex_);
  largest_batch_bytes_ = std::max<uint64_t>(largest_batch_bytes_, batch.ByteSizeLong());
  uint64_t& committed = committed_through_[epoch];
  for (const v1::SequencedReport& entry : batch.reports()) {
    if (entry.sequence() > committed + 1) ++gaps_;
    stored_.emplace(std::pair{epoch, entry.sequence()}, entry);
    committed = std::max(committed, entry.sequence());
  }
  if (!behaviour_.acknowledge || batches % behaviour_.acknowledge_every_batches != 0) return std::nullopt;
  const uint64_t through = behaviour_.acknowledge_beyond.value_or(committed);
  behaviour_.acknowledge_beyond.reset();
  return through;
}

std::optional<uint64_t> TestAggregator::AcknowledgeGoodbye(uint64_t epoch) const {
  const std::lock_guard lock(mutex_);
  if (!behaviour_.acknowledge_goodbye) return std::nullopt;
  return committed_through_.at(epoch);
}

grpc::Status TestAggregator::Report(grpc::ServerContext* /*context*/, Stream* stream) {
  v1::CollectorMessage message;
  uint64_t epoch = 0;
  uint64_t batches = 0;
  while (stream->Read(&message)) {
    Behaviour behaviour;
    {
      const std::lock_guard lock(mutex_);
      behaviour = behaviour_;
    }
    v1::AggregatorMessage answer;
    if (message.has_hello()) {
      epoch = message.hello().epoch();
      answer.mutable_welcome()->set_committed_through(Greet(message.hello()));
      if (behaviour.welcome) stream->Write(answer);
    } else if (message.has_delivery()) {
      const std::lock_guard lock(mutex_);
      delivery_ = message.delivery();
    } else if (behaviour.refuse_batches.has_value()) {
      return *behaviour.refuse_batches;
    } else {
      const std::optional<uint64_t> through = Commit(epoch, message.batch(), ++batches);
      if (batches == behaviour.break_after_batches) return {grpc::StatusCode::UNAVAILABLE, "broken as told"};
      if (through.has_value()) {
        answer.mutable_ack()->set_through(*through);
        stream->Write(answer);
      }
    }
  }
  if (const std::optional<uint64_t> through = AcknowledgeGoodbye(epoch); through.has_value()) {
    v1::AggregatorMessage answer;
    answer.mutable_ack()->set_through(*through);
    stream->Write(answer);
  }
  return grpc::Status::OK;
}

}  // namespace kansoku::collector
