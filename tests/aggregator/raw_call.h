// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace kansoku::aggregator {

// A call of any method whose messages are whatever octets the test likes. It reads only when told to.
class RawCall {
 public:
  RawCall(grpc::GenericStub& stub, const std::string& method)
      : RawCall(stub, method, [](grpc::ClientContext&) {}) {}
  // `prepare` may change the context before the call starts.
  template <typename Prepare>
  RawCall(grpc::GenericStub& stub, const std::string& method, Prepare prepare) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    prepare(context_);
    call_ = stub.PrepareCall(&context_, method, &queue_);
    call_->StartCall(nullptr);
    Next();
  }
  ~RawCall() {
    if (!finished_) {
      context_.TryCancel();
      Finish();
    }
    queue_.Shutdown();
    while (Next()) {
    }
  }
  RawCall(const RawCall&) = delete;
  RawCall& operator=(const RawCall&) = delete;

  // False: the call has ended.
  bool Write(const std::string& message) {
    const grpc::Slice slice(message);
    call_->Write(grpc::ByteBuffer(&slice, 1), nullptr);
    return Next();
  }
  void WritesDone() {
    call_->WritesDone(nullptr);
    Next();
  }
  // That an answer has begun, without a look at it.
  bool ReadInitialMetadata() {
    call_->ReadInitialMetadata(nullptr);
    return Next();
  }
  std::optional<std::string> Read() {
    grpc::ByteBuffer bytes;
    call_->Read(&bytes, nullptr);
    grpc::Slice slice;
    if (!Next() || !bytes.DumpToSingleSlice(&slice).ok()) return std::nullopt;
    return std::string(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  grpc::Status Finish() {
    finished_ = true;
    grpc::Status status;
    call_->Finish(&status, nullptr);
    Next();
    return status;
  }

 private:
  bool Next() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  grpc::CompletionQueue queue_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  bool finished_ = false;
};

}  // namespace kansoku::aggregator
