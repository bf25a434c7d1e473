// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/ingest_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "aggregator/ingest/report_stream.h"
#include "proto/transport/peer_uris.h"

namespace kansoku::aggregator {

IngestService::IngestService(CommitQueue& queue, const AccessControl& access, ClockTolerance tolerance,
                             std::function<absl::Time()> clock, StreamRegistry::Say say,
                             LimitCounts& limit_counts, const IngestLimits& limits)
    : queue_(queue),
      access_(access),
      tolerance_(tolerance),
      clock_(std::move(clock)),
      registry_(std::make_shared<StreamRegistry>(std::move(say))),
      hello_within_(limits.hello_within),
      rates_(std::make_shared<SendRates>(limits.send)),
      streams_(limits.streams_per_peer),
      limit_counts_(limit_counts) {}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* IngestService::Report(
    grpc::CallbackServerContext* context) {
  const std::vector<std::string> peer = PeerUris(*context->auth_context());
  StreamLimits limits{.counts = &limit_counts_, .hello_within = hello_within_};
  if (const std::optional<std::string> holder = access_.HolderOf(peer); holder.has_value()) {
    limits.rates = rates_;
    limits.place = streams_.TryTake(*holder);
  } else {
    limits.place.emplace();
  }
  const auto may_report = [this, peer](const v1::Hello& hello) { return access_.MayReport(peer, hello); };
  return ReportStream::Start(*context, queue_, registry_, may_report, std::move(limits), tolerance_, clock_);
}

void IngestService::EndStreams() {
  registry_->EndAll(absl::UnavailableError("the aggregator is stopping; come back later"));
}

IngestStatus IngestService::status() const {
  return {.collectors = registry_->collectors(),
          .refused_hellos = registry_->refused_hellos(),
          .acknowledgements = registry_->acknowledgements(),
          .commits = queue_.counts()};
}

}  // namespace kansoku::aggregator
