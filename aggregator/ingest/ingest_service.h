// SPDX-License-Identifier: Apache-2.0
//
// kansoku.v1.Ingest over gRPC's callback API. A stream says Hello, is welcomed, and sends batches; each is
// validated, committed together with those of other streams, and acknowledged only then.
//
// A stream has at most four batches that are not committed yet; it is not read further before, so that the
// pressure reaches the collector. Whatever is wrong ends the stream with a status that says what; the
// collector comes back and continues from its welcome.
//
// To stop: EndStreams(), then grpc::Server::Shutdown(deadline) and Wait(), then CommitQueue::Stop(), then
// destroy. Without EndStreams, Shutdown waits for its whole deadline, as streams do not end by themselves.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>

#include "absl/time/time.h"
#include "aggregator/access/access_control.h"
#include "aggregator/ingest/commit_queue.h"
#include "aggregator/ingest/ingest_status.h"
#include "aggregator/ingest/report_judgement.h"
#include "aggregator/ingest/stream_registry.h"
#include "kansoku/v1/ingest.grpc.pb.h"

namespace kansoku::aggregator {

// The server needs SetMaxReceiveMessageSize(kMaxMessageBytes) of message_size.h.
class IngestService final : public v1::Ingest::CallbackService {
 public:
  // `queue` must be running, and outlive the server. `access` decides who may report, and must outlive it too. `clock`
  // tells what is too far from now; any thread reads it. `say`: as of the registry.
  IngestService(CommitQueue& queue, const AccessControl& access, ClockTolerance tolerance,
                std::function<absl::Time()> clock, StreamRegistry::Say say);

  grpc::ServerBidiReactor<v1::CollectorMessage, v1::AggregatorMessage>* Report(
      grpc::CallbackServerContext* context) override;

  // Ends all streams with UNAVAILABLE and refuses new ones. Any thread.
  void EndStreams();

  // Any thread.
  IngestStatus status() const;

 private:
  CommitQueue& queue_;
  const AccessControl& access_;
  const ClockTolerance tolerance_;
  const std::function<absl::Time()> clock_;
  const std::shared_ptr<StreamRegistry> registry_;
};

}  // namespace kansoku::aggregator
