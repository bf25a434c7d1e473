// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/ingest_service.h"

#include <utility>

#include "aggregator/ingest/report_stream.h"
#include "proto/transport/peer_uris.h"

namespace kansoku::aggregator {

IngestService::IngestService(CommitQueue& queue, const AccessControl& access, ClockTolerance tolerance,
                             std::function<absl::Time()> clock, StreamRegistry::Say say)
    : queue_(queue),
      access_(access),
      tolerance_(tolerance),
      clock_(std::move(clock)),
      registry_(std::make_shared<StreamRegistry>(std::move(say))) {}

grpc::ServerBidiReactor<v1::CollectorMessage, v1::AggregatorMessage>* IngestService::Report(
    grpc::CallbackServerContext* context) {
  const auto may_report = [this, peer = PeerUris(*context->auth_context())](const v1::Hello& hello) {
    return access_.MayReport(peer, hello);
  };
  return ReportStream::Start(queue_, registry_, may_report, tolerance_, clock_);
}

void IngestService::EndStreams() {
  registry_->EndAll(absl::UnavailableError("the aggregator is stopping; come back later"));
}

IngestStatus IngestService::status() const {
  return {.collectors = registry_->collectors(),
          .refused_hellos = registry_->refused_hellos(),
          .commits = queue_.counts()};
}

}  // namespace kansoku::aggregator
