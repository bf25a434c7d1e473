// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/report_stream.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "aggregator/ingest/report_validation.h"

namespace kansoku::aggregator {
namespace {

constexpr int kMaxUncommitted = 4;

grpc::Status ToGrpc(const absl::Status& status) {
  // The codes are the same by definition.
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()));
}

// Of the reports to be counted: fields of a newer version would reach the store's rows, where they cannot be
// added up. What goes to quarantine keeps them, for a version that knows them.
void DiscardUnknownFields(v1::Batch& batch, const std::vector<Refusal>& refusals) {
  auto refusal = refusals.begin();
  for (v1::SequencedReport& report : *batch.mutable_reports()) {
    if (refusal != refusals.end() && refusal->sequence == report.sequence()) {
      ++refusal;
    } else {
      report.DiscardUnknownFields();
    }
  }
}

}  // namespace

ReportStream* ReportStream::Start(CommitQueue& queue, std::shared_ptr<StreamRegistry> registry,
                                  MayReport may_report, ClockTolerance tolerance,
                                  std::function<absl::Time()> clock) {
  const std::shared_ptr<ReportStream> stream(
      new ReportStream(queue, std::move(registry), std::move(may_report), tolerance, std::move(clock)));
  absl::StatusOr<StreamRegistry::StreamId> id =
      stream->registry_->Open([weak = std::weak_ptr(stream)](const absl::Status& status) {
        if (const auto open = weak.lock()) open->End(status);
      });
  std::lock_guard lock(stream->mutex_);
  stream->self_ = stream;
  if (id.ok()) {
    stream->id_ = *id;
  } else if (!stream->end_due_.has_value()) {
    stream->end_due_ = id.status();
  }
  stream->Proceed();
  return stream.get();
}

ReportStream::ReportStream(CommitQueue& queue, std::shared_ptr<StreamRegistry> registry, MayReport may_report,
                           ClockTolerance tolerance, std::function<absl::Time()> clock)
    : queue_(queue),
      registry_(std::move(registry)),
      may_report_(std::move(may_report)),
      tolerance_(tolerance),
      clock_(std::move(clock)) {}

void ReportStream::OnReadDone(bool ok) {
  bool ended = false;
  {
    std::lock_guard lock(mutex_);
    ended = end_due_.has_value();
  }
  absl::Status taken;
  if (ok && !ended) {
    taken = Take(incoming_);
  }
  std::lock_guard lock(mutex_);
  reading_ = false;
  if (!ok) half_closed_ = true;
  if (!taken.ok() && !end_due_.has_value()) end_due_ = taken;
  Proceed();
}

absl::Status ReportStream::Take(v1::CollectorMessage& message) {
  const size_t bytes = message.ByteSizeLong();
  const bool introduced = !hello_.collector().empty();
  if (message.has_hello() == introduced) {
    return absl::FailedPreconditionError(introduced ? "Hello came twice on one stream; it is said once"
                                                    : "the first message of a stream must be Hello");
  }
  if (introduced && message.sent_unix_nanoseconds() != 0) {
    clock_offset_.Add(absl::FromUnixNanos(message.sent_unix_nanoseconds()), clock_());
    registry_->SetClockOffset(hello_.collector(), clock_offset_.estimate());
  }
  switch (message.content_case()) {
    case v1::CollectorMessage::kHello:
      return TakeHello(message.hello());
    case v1::CollectorMessage::kBatch:
      return TakeBatch(*message.mutable_batch(), bytes);
    case v1::CollectorMessage::kDelivery:
      return TakeDelivery(message.delivery(), bytes);
    case v1::CollectorMessage::CONTENT_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError(
      "a message without content, or of a kind that this version does not know");
}

absl::Status ReportStream::TakeHello(const v1::Hello& hello) {
  if (absl::Status allowed = may_report_(hello); !allowed.ok()) {
    registry_->CountRefusedHello(hello.collector(), allowed);
    return allowed;
  }
  if (absl::Status valid = ValidateHello(hello); !valid.ok()) {
    registry_->CountRefusedHello(hello.collector(), valid);
    return valid;
  }
  hello_ = hello;
  points_ = WindowLengthsOf(hello);
  registry_->Claim(id_, hello.collector());
  {
    std::lock_guard lock(mutex_);
    introduced_ = true;
    ++uncommitted_;
  }
  absl::Status queued = queue_.Welcome(
      hello,
      [self = shared_from_this()](const absl::StatusOr<uint64_t>& through) { self->Welcomed(through); });
  if (queued.ok()) return queued;
  std::lock_guard lock(mutex_);
  --uncommitted_;
  return queued;
}

absl::Status ReportStream::TakeBatch(v1::Batch& batch, size_t bytes) {
  const size_t reports = static_cast<size_t>(batch.reports_size());
  if (absl::Status valid = ValidateBatch(batch); !valid.ok()) {
    registry_->CountRefused(hello_.collector(), reports);
    return valid;
  }
  CollectorBatch collector_batch{.collector = hello_.collector(), .epoch = hello_.epoch()};
  collector_batch.refusals = JudgeReports(batch, points_, tolerance_, clock_());
  for (const Refusal& refusal : collector_batch.refusals) {
    registry_->SayQuarantined(hello_.collector(), refusal.reason, refusal.text);
  }
  DiscardUnknownFields(batch, collector_batch.refusals);
  collector_batch.reports.assign(std::make_move_iterator(batch.mutable_reports()->begin()),
                                 std::make_move_iterator(batch.mutable_reports()->end()));
  return Enqueue(std::move(collector_batch), bytes, reports);
}

absl::Status ReportStream::TakeDelivery(const v1::Delivery& delivery, size_t bytes) {
  if (absl::Status valid = ValidateDelivery(delivery); !valid.ok()) return valid;
  CollectorBatch account{.collector = hello_.collector(), .epoch = hello_.epoch(), .delivery = delivery};
  account.delivery->DiscardUnknownFields();
  return Enqueue(std::move(account), bytes, 0);
}

absl::Status ReportStream::Enqueue(CollectorBatch batch, size_t bytes, size_t reports) {
  {
    std::lock_guard lock(mutex_);
    ++uncommitted_;
  }
  absl::Status queued = queue_.Commit(
      std::move(batch), bytes, [self = shared_from_this(), reports](const absl::StatusOr<uint64_t>& through) {
        self->Committed(reports, through);
      });
  if (queued.ok()) return queued;
  std::lock_guard lock(mutex_);
  --uncommitted_;
  return queued;
}

void ReportStream::Welcomed(const absl::StatusOr<uint64_t>& through) {
  if (through.ok()) registry_->SetConnected(id_, hello_.collector());
  if (absl::IsFailedPrecondition(through.status())) {
    registry_->CountRefusedHello(hello_.collector(), through.status());
  }
  std::lock_guard lock(mutex_);
  --uncommitted_;
  if (through.ok()) {
    welcomed_ = true;
    welcome_due_ = *through;
  } else if (!end_due_.has_value()) {
    end_due_ = through.status();
  }
  Proceed();
}

void ReportStream::Committed(size_t reports, const absl::StatusOr<uint64_t>& through) {
  if (absl::IsFailedPrecondition(through.status())) registry_->CountRefused(hello_.collector(), reports);
  std::lock_guard lock(mutex_);
  --uncommitted_;
  if (!through.ok()) {
    if (!end_due_.has_value()) end_due_ = through.status();
  } else if (reports > 0) {
    // One acknowledgement may stand for several batches.
    ack_due_ = std::max(ack_due_.value_or(0), *through);
  }
  Proceed();
}

void ReportStream::OnWriteDone(bool ok) {
  std::lock_guard lock(mutex_);
  writing_ = false;
  if (!ok && !end_due_.has_value()) end_due_ = absl::UnavailableError("the stream broke");
  Proceed();
}

void ReportStream::OnCancel() { End(absl::CancelledError("the collector ended the stream")); }

void ReportStream::End(const absl::Status& status) {
  std::lock_guard lock(mutex_);
  if (!end_due_.has_value()) end_due_ = status;
  Proceed();
}

void ReportStream::Proceed() {
  if (finished_ || self_ == nullptr) return;
  if (!writing_) {
    if (end_due_.has_value() ||
        (half_closed_ && uncommitted_ == 0 && !welcome_due_.has_value() && !ack_due_.has_value())) {
      finished_ = true;
      Finish(ToGrpc(end_due_.value_or(absl::OkStatus())));
      return;
    }
    if (welcome_due_.has_value() || ack_due_.has_value()) {
      if (welcome_due_.has_value()) {
        outgoing_.mutable_welcome()->set_committed_through(*std::exchange(welcome_due_, std::nullopt));
      } else {
        outgoing_.mutable_ack()->set_through(*std::exchange(ack_due_, std::nullopt));
      }
      writing_ = true;
      StartWrite(&outgoing_);
    }
  }
  // Nothing is read between Hello and Welcome.
  const bool may_read = welcomed_ || !introduced_;
  if (may_read && !reading_ && !half_closed_ && !end_due_.has_value() && uncommitted_ < kMaxUncommitted) {
    reading_ = true;
    StartRead(&incoming_);
  }
}

void ReportStream::OnDone() {
  registry_->Close(id_);
  std::shared_ptr<ReportStream> self;
  std::lock_guard lock(mutex_);
  self = std::move(self_);
}

}  // namespace kansoku::aggregator
