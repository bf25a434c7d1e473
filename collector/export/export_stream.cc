// SPDX-License-Identifier: Apache-2.0
#include "collector/export/export_stream.h"

#include <algorithm>

#include "proto/contract/keepalive.h"
#include "proto/contract/message_size.h"

namespace kansoku::collector {
namespace {

std::shared_ptr<grpc::Channel> FreshChannel(const std::string& address,
                                            const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  // Channels to one address would share a connection, and its back-off, through the global pool.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMilliseconds);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMilliseconds);
  // By default gRPC stops asking after two pings on a stream that carries nothing.
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // Acknowledgements are few and small: measuring the bandwidth for them would cost a ping for each.
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  arguments.SetMaxSendMessageSize(kMaxMessageBytes);
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  arguments.SetCompressionAlgorithm(GRPC_COMPRESS_NONE);
  return grpc::CreateCustomChannel(address, credentials, arguments);
}

}  // namespace

ExportStream::ExportStream(const std::string& address,
                           const std::shared_ptr<grpc::ChannelCredentials>& credentials,
                           const v1::Hello& hello, std::function<void()> notify)
    : notify_(std::move(notify)), stub_(v1::Ingest::NewStub(FreshChannel(address, credentials))) {
  stub_->async()->Report(&context_, this);
  // Writes are started by the owner's thread. The hold keeps OnDone away until OnReadDone has said that there
  // will be no more of them.
  AddHold();
  StartRead(&incoming_);
  v1::CollectorMessage first;
  *first.mutable_hello() = hello;
  Write(std::move(first));
  StartCall();
}

ExportStream::~ExportStream() {
  std::unique_lock lock(mutex_);
  if (!done_) context_.TryCancel();
  done_changed_.wait(lock, [this] { return done_; });
}

void ExportStream::Write(v1::CollectorMessage message) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  outgoing_.push_back(std::move(message));
  if (!writing_) WriteNext();
}

void ExportStream::WriteNext() {
  if (!outgoing_.empty()) {
    writing_ = true;
    StartWrite(&outgoing_.front());
  } else if (finishing_) {
    StartWritesDone();
  }
}

bool ExportStream::Written() const {
  const std::lock_guard lock(mutex_);
  return outgoing_.empty();
}

ExportStream::Events ExportStream::Take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(events_, {});
}

void ExportStream::Finish(absl::Duration timeout) {
  std::unique_lock lock(mutex_);
  if (!closed_ && !finishing_) {
    finishing_ = true;
    if (!writing_) WriteNext();
  }
  done_changed_.wait_for(lock, absl::ToChronoNanoseconds(timeout), [this] { return done_; });
}

void ExportStream::OnReadDone(bool ok) {
  {
    const std::lock_guard lock(mutex_);
    if (!ok) {
      closed_ = true;
    } else if (incoming_.has_welcome()) {
      events_.welcome = incoming_.welcome();
    } else if (incoming_.has_ack()) {
      events_.acknowledged_through =
          std::max(events_.acknowledged_through.value_or(0), incoming_.ack().through());
    }
  }
  if (ok) {
    notify_();
    StartRead(&incoming_);
  } else {
    RemoveHold();
  }
}

void ExportStream::OnWriteDone(bool ok) {
  bool written = false;
  {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    // After a failed write the stream is ending; OnDone will say why.
    if (!ok) return;
    outgoing_.pop_front();
    written = outgoing_.empty();
    if (!closed_) WriteNext();
  }
  if (written) notify_();
}

void ExportStream::OnDone(const grpc::Status& status) {
  const std::lock_guard lock(mutex_);
  events_.ended = absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  notify_();
  // From here on the destructor may run: it waits for the lock, which is the last thing touched here.
  done_ = true;
  done_changed_.notify_all();
}

}  // namespace kansoku::collector
