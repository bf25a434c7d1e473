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
#include "aggregator/access/limits.h"
#include "aggregator/access/peer_share.h"
#include "aggregator/ingest/commit_queue.h"
#include "aggregator/ingest/ingest_status.h"
#include "aggregator/ingest/report_judgement.h"
#include "aggregator/ingest/send_rate.h"
#include "aggregator/ingest/stream_registry.h"
#include "kansoku/v1/ingest.grpc.pb.h"

namespace kansoku::aggregator {

struct IngestLimits {
  SendLimits send;
  // One collector opens a stream for each epoch of its spool, one after the other, and another when a
  // connection broke.
  int streams_per_peer = 8;
  absl::Duration hello_within = absl::Seconds(10);
};

// The server needs SetMaxReceiveMessageSize(kMaxMessageBytes) of message_size.h.
class IngestService final : public v1::Ingest::WithRawCallbackMethod_Report<v1::Ingest::Service> {
 public:
  // `queue` must be running, and outlive the server. `access` decides who may report, and must outlive it
  // too. `clock` tells what is too far from now; any thread reads it. `say`: as of the registry. `limits`: a
  // peer's, where peers can be told apart; but that of Hello is every stream's. What exceeds them is counted
  // in `limit_counts`, which must outlive the server.
  IngestService(CommitQueue& queue, const AccessControl& access, ClockTolerance tolerance,
                std::function<absl::Time()> clock, StreamRegistry::Say say, LimitCounts& limit_counts,
                const IngestLimits& limits = {});

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Report(
      grpc::CallbackServerContext* context) override;

  // After `access` changed: ends the streams of those who may no longer report. Any thread.
  void CheckStreamsAgain() { registry_->CheckAllAgain(); }

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
  const absl::Duration hello_within_;
  const std::shared_ptr<SendRates> rates_;
  PeerShare streams_;
  LimitCounts& limit_counts_;
};

}  // namespace kansoku::aggregator
