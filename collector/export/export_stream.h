// SPDX-License-Identifier: Apache-2.0
//
// One attempt at the Report call of ingest.proto: a channel of its own, one stream on it, gone when the
// object is. A new attempt is a new object, so no connection state or back-off of gRPC's outlives a failure.
//
// Public functions: any one thread at a time. gRPC's threads only collect events and call `notify`.
#pragma once

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "kansoku/v1/ingest.grpc.pb.h"

namespace kansoku::collector {

class ExportStream final : private grpc::ClientBidiReactor<v1::CollectorMessage, v1::AggregatorMessage> {
 public:
  struct Events {
    std::optional<v1::Welcome> welcome;
    std::optional<uint64_t> acknowledged_through;  // the highest, if several came
    std::optional<absl::Status> ended;  // the last event of all; OK when the aggregator said good-bye
  };

  // Starts to connect and to send Hello. `notify` is called from gRPC's threads whenever Take() has something
  // new or Written() became true; it must not call back into this object.
  ExportStream(const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials,
               const v1::Hello& hello, std::function<void()> notify);

  // Cancels what is still running and waits for gRPC to let go; a dead peer does not delay that.
  ~ExportStream() override;

  // Never waits. How much may be queued is the caller's to bound. Without effect once the stream has ended.
  void Write(v1::CollectorMessage message);

  // Everything given to Write() was handed to the transport. That is no proof of arrival.
  bool Written() const;

  // What happened since the last call.
  Events Take();

  // Says good-bye: sends what was given to Write(), closes this side and waits for the aggregator to end the
  // stream, at most for the timeout.
  void Finish(absl::Duration timeout);

 private:
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;
  void WriteNext();  // under mutex_

  const std::function<void()> notify_;
  grpc::ClientContext context_;
  std::unique_ptr<v1::Ingest::Stub> stub_;
  v1::AggregatorMessage incoming_;

  mutable std::mutex mutex_;
  std::condition_variable done_changed_;
  std::deque<v1::CollectorMessage> outgoing_;  // the front one is being written if writing_
  Events events_;
  bool writing_ = false;
  bool finishing_ = false;
  bool closed_ = false;  // no more operations may be started
  bool done_ = false;    // gRPC has let go
};

}  // namespace kansoku::collector
