// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "aggregator/ingest/clock_offset.h"
#include "aggregator/ingest/commit_queue.h"
#include "aggregator/ingest/report_judgement.h"
#include "aggregator/ingest/stream_registry.h"
#include "kansoku/v1/ingest.pb.h"

namespace kansoku::aggregator {

// One collector's stream. gRPC calls the On... functions, the commit queue answers on its own thread, the
// registry ends it on any: all meet under one mutex. It owns itself until OnDone; answers that come later
// find it through their share and do nothing.
class ReportStream final : public grpc::ServerBidiReactor<v1::CollectorMessage, v1::AggregatorMessage>,
                           public std::enable_shared_from_this<ReportStream> {
 public:
  // Whether the peer may say this Hello. Called on gRPC's threads.
  using MayReport = std::function<absl::Status(const v1::Hello&)>;

  // Starts a stream. The result belongs to itself; gRPC may hold it until OnDone.
  static ReportStream* Start(CommitQueue& queue, std::shared_ptr<StreamRegistry> registry,
                             MayReport may_report, ClockTolerance tolerance,
                             std::function<absl::Time()> clock);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  ReportStream(CommitQueue& queue, std::shared_ptr<StreamRegistry> registry, MayReport may_report,
               ClockTolerance tolerance,
               std::function<absl::Time()> clock);

  // What the collector said. An error ends the stream.
  absl::Status Take(v1::CollectorMessage& message);
  absl::Status TakeHello(const v1::Hello& hello);
  absl::Status TakeBatch(v1::Batch& batch, size_t bytes);
  absl::Status TakeDelivery(const v1::Delivery& delivery, size_t bytes);
  absl::Status Enqueue(CollectorBatch batch, size_t bytes, size_t reports);

  // What the commit queue answered.
  void Welcomed(const absl::StatusOr<uint64_t>& through);
  void Committed(size_t reports, const absl::StatusOr<uint64_t>& through);

  void End(const absl::Status& status);
  // Starts what is due: a read, a write, or the end. With mutex_ held.
  void Proceed();

  CommitQueue& queue_;
  const std::shared_ptr<StreamRegistry> registry_;
  const MayReport may_report_;
  const ClockTolerance tolerance_;
  const std::function<absl::Time()> clock_;
  std::shared_ptr<ReportStream> self_;  // until OnDone
  StreamRegistry::StreamId id_ = 0;

  // Written by one reaction at a time, before the next read is started.
  v1::CollectorMessage incoming_;
  v1::Hello hello_;
  WindowLengths points_;  // of hello_
  ClockOffset clock_offset_;

  std::mutex mutex_;
  v1::AggregatorMessage outgoing_;  // this and what follows: guarded by mutex_
  std::optional<uint64_t> welcome_due_;
  std::optional<uint64_t> ack_due_;
  std::optional<absl::Status> end_due_;
  int uncommitted_ = 0;      // messages that the queue has not answered
  bool introduced_ = false;  // Hello came
  bool welcomed_ = false;
  bool reading_ = false;
  bool half_closed_ = false;  // the collector has said all it will
  bool writing_ = false;
  bool finished_ = false;
};

}  // namespace kansoku::aggregator
