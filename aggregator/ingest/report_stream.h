// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/arena.h>
#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "aggregator/access/limits.h"
#include "aggregator/access/peer_share.h"
#include "aggregator/ingest/clock_offset.h"
#include "aggregator/ingest/commit_queue.h"
#include "aggregator/ingest/report_judgement.h"
#include "aggregator/ingest/send_rate.h"
#include "aggregator/ingest/stream_registry.h"
#include "kansoku/v1/ingest.pb.h"

namespace kansoku::aggregator {

// What keeps a stream from taking more than its due.
struct StreamLimits {
  LimitCounts* counts = nullptr;                         // outlives the stream
  std::shared_ptr<SendRates> rates = nullptr;            // none: nobody can be told apart
  std::optional<PeerShare::Place> place = std::nullopt;  // its peer's; none: there is no more of it
  absl::Duration hello_within = absl::Seconds(10);
};

// One collector's stream. It takes messages as they are on the wire, to look at them before they take memory.
// gRPC calls the On... functions, the commit queue answers on its own thread, the registry ends it on any:
// all meet under one mutex. It owns itself until OnDone; answers that come later find it through their share
// and do nothing.
class ReportStream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                           public std::enable_shared_from_this<ReportStream> {
 public:
  // Whether the peer may say this Hello. Called on gRPC's threads.
  using MayReport = std::function<absl::Status(const v1::Hello&)>;

  // Starts a stream. The result belongs to itself; gRPC may hold it until OnDone.
  static ReportStream* Start(grpc::CallbackServerContext& context, CommitQueue& queue,
                             std::shared_ptr<StreamRegistry> registry, MayReport may_report,
                             StreamLimits limits, ClockTolerance tolerance,
                             std::function<absl::Time()> clock);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  ReportStream(grpc::CallbackServerContext& context, CommitQueue& queue,
               std::shared_ptr<StreamRegistry> registry, MayReport may_report, StreamLimits limits,
               ClockTolerance tolerance, std::function<absl::Time()> clock);

  // From incoming_bytes_ to incoming_, unless it is no message, or would take too much memory.
  absl::Status Parse();
  // What the collector said. An error ends the stream.
  absl::Status Take(v1::CollectorMessage& message, size_t bytes);
  absl::Status TakeHello(const v1::Hello& hello);
  absl::Status TakeBatch(v1::Batch& batch, size_t bytes);
  absl::Status TakeDelivery(const v1::Delivery& delivery, size_t bytes);
  absl::Status Enqueue(CollectorBatch batch, size_t bytes, size_t reports);

  // What the commit queue answered.
  void Welcomed(const absl::StatusOr<uint64_t>& through);
  void Committed(size_t reports, absl::Time arrived, const absl::StatusOr<uint64_t>& through);

  void End(const absl::Status& status);
  // The peer may no longer say what it said: ends the stream.
  void CheckAgain();
  // Leaves the stream unread for as long as its collector has sent more than is due. With mutex_ held.
  void Charge(uint64_t reports, size_t bytes);
  // Calls back unless the stream is gone by then.
  void CallAfter(absl::Duration delay, grpc::Alarm& alarm, void (ReportStream::*then)());
  void MissHello();
  void MissLastAnswer();
  void Resume();
  // Starts what is due: a read, a write, or the end. With mutex_ held.
  void Proceed();

  grpc::CallbackServerContext& context_;  // until OnDone
  CommitQueue& queue_;
  const std::shared_ptr<StreamRegistry> registry_;
  const MayReport may_report_;
  const StreamLimits limits_;
  const ClockTolerance tolerance_;
  const std::function<absl::Time()> clock_;
  const std::optional<absl::Time> certificate_expiry_;
  std::shared_ptr<ReportStream> self_;  // until OnDone
  StreamRegistry::StreamId id_ = 0;

  grpc::Alarm hello_alarm_;
  grpc::Alarm last_answer_alarm_;

  // Written by one reaction at a time, before the next read is started.
  grpc::ByteBuffer incoming_bytes_;
  absl::Time arrived_;                              // of a steady clock
  std::shared_ptr<google::protobuf::Arena> arena_;  // that it lies in, until its reports are handed over
  v1::CollectorMessage* incoming_ = nullptr;
  v1::Hello hello_;
  WindowLengths points_;          // of hello_
  absl::Duration live_interval_;  // between reports of all points of hello_
  ClockOffset clock_offset_;

  std::mutex mutex_;
  grpc::ByteBuffer outgoing_;                  // this and what follows: guarded by mutex_
  std::unique_ptr<grpc::Alarm> resume_alarm_;  // one for each pause: it is set from within its own callback
  std::optional<uint64_t> welcome_due_;
  std::optional<uint64_t> ack_due_;
  std::optional<absl::Status> end_due_;
  int uncommitted_ = 0;      // messages that the queue has not answered
  bool introduced_ = false;  // Hello came
  bool welcomed_ = false;
  bool reading_ = false;
  bool paused_ = false;       // sent faster than it may
  bool half_closed_ = false;  // the collector has said all it will
  bool writing_ = false;
  bool ending_ = false;  // while writing: last_answer_alarm_ is set, and is not to be set again
  bool finished_ = false;
};

}  // namespace kansoku::aggregator
