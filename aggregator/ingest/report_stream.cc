// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/report_stream.h"

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aggregator/ingest/parsed_size.h"
#include "aggregator/ingest/report_validation.h"
#include "aggregator/ingest/unknown_fields.h"
#include "proto/transport/deadline.h"
#include "proto/transport/peer_certificate.h"

namespace kansoku::aggregator {
namespace {

constexpr int kMaxUncommitted = 4;

// A stream that ends while an answer is on its way says why after it. Who does not take it is cut off.
constexpr absl::Duration kLastAnswerWithin = absl::Seconds(2);

// Whatever is in it, it cannot take more than some 20 MB, so it is not looked through before.
constexpr size_t kSmallMessageBytes = 256 << 10;

constexpr size_t kLeastArenaBlock = 1 << 10, kMostArenaBlock = 256 << 10;

// How often a report comes from all of these points together.
absl::Duration LiveInterval(const WindowLengths& points) {
  int64_t in_five_minutes = 0;
  for (const auto& [point, seconds] : points) in_five_minutes += 300 / seconds;
  return absl::Seconds(300) / in_five_minutes;
}

grpc::ByteBuffer ToBytes(const v1::AggregatorMessage& message) {
  grpc::ByteBuffer bytes;
  bool owns_bytes = false;
  [[maybe_unused]] const grpc::Status status =
      grpc::SerializationTraits<v1::AggregatorMessage>::Serialize(message, &bytes, &owns_bytes);
  assert(status.ok());  // two numbers
  return bytes;
}

grpc::Status ToGrpc(const absl::Status& status) {
  // The codes are the same by definition.
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()));
}

// Blocks that a message of so many octets fits into, a few of them, without much room left over.
google::protobuf::ArenaOptions ArenaOptionsFor(size_t wire_octets) {
  google::protobuf::ArenaOptions options;
  options.start_block_size = std::clamp(wire_octets * 4, kLeastArenaBlock, kMostArenaBlock);
  options.max_block_size = kMostArenaBlock;
  return options;
}

// Of the reports to be counted: fields of a newer version would reach the store's rows, where they cannot be
// added up. What goes to quarantine keeps them, for a version that knows them.
void DiscardUnknownFields(v1::Batch& batch, const std::vector<Refusal>& refusals) {
  auto refusal = refusals.begin();
  for (v1::SequencedReport& report : *batch.mutable_reports()) {
    if (refusal != refusals.end() && refusal->sequence == report.sequence()) {
      ++refusal;
    } else {
      RemoveUnknownFields(report);
    }
  }
}

}  // namespace

ReportStream* ReportStream::Start(grpc::CallbackServerContext& context, CommitQueue& queue,
                                  std::shared_ptr<StreamRegistry> registry, MayReport may_report,
                                  StreamLimits limits, ClockTolerance tolerance,
                                  std::function<absl::Time()> clock) {
  const std::shared_ptr<ReportStream> stream(new ReportStream(context, queue, std::move(registry),
                                                              std::move(may_report), std::move(limits),
                                                              tolerance, std::move(clock)));
  absl::StatusOr<StreamRegistry::StreamId> id = stream->registry_->Open(
      [weak = std::weak_ptr(stream)](const absl::Status& status) {
        if (const auto open = weak.lock()) open->End(status);
      },
      [weak = std::weak_ptr(stream)] {
        if (const auto open = weak.lock()) open->CheckAgain();
      });
  std::lock_guard lock(stream->mutex_);
  stream->self_ = stream;
  if (id.ok()) {
    stream->id_ = *id;
  } else if (!stream->end_due_.has_value()) {
    stream->end_due_ = id.status();
  }
  if (!stream->limits_.place.has_value()) {
    stream->limits_.counts->Add(Limit::kStreams);
    stream->end_due_ = absl::ResourceExhaustedError(
        "this certificate has as many streams open as it may; close some, or give each collector its own");
  }
  stream->CallAfter(stream->limits_.hello_within, stream->hello_alarm_, &ReportStream::MissHello);
  stream->Proceed();
  return stream.get();
}

ReportStream::ReportStream(grpc::CallbackServerContext& context, CommitQueue& queue,
                           std::shared_ptr<StreamRegistry> registry, MayReport may_report,
                           StreamLimits limits, ClockTolerance tolerance, std::function<absl::Time()> clock)
    : context_(context),
      queue_(queue),
      registry_(std::move(registry)),
      may_report_(std::move(may_report)),
      limits_(std::move(limits)),
      tolerance_(tolerance),
      clock_(std::move(clock)),
      certificate_expiry_(PeerCertificateExpiry(*context.auth_context())) {}

void ReportStream::OnReadDone(bool ok) {
  arrived_ = SteadyNow();
  bool ended = false;
  {
    std::lock_guard lock(mutex_);
    ended = end_due_.has_value();
  }
  absl::Status taken;
  if (ok && !ended) {
    const size_t bytes = incoming_bytes_.Length();
    taken = Parse();
    if (taken.ok()) taken = Take(*incoming_, bytes);
    arena_.reset();
  }
  std::lock_guard lock(mutex_);
  reading_ = false;
  if (!ok) half_closed_ = true;
  if (!taken.ok() && !end_due_.has_value()) end_due_ = taken;
  Proceed();
}

absl::Status ReportStream::Parse() {
  if (incoming_bytes_.Length() > kSmallMessageBytes) {
    grpc::ProtoBufferReader wire(&incoming_bytes_);
    const auto octets = ParsedOctets(wire, *v1::CollectorMessage::descriptor(), kMaxParsedBytes);
    if (octets.has_value() && *octets > kMaxParsedBytes) {
      limits_.counts->Add(Limit::kMessageEntries);
      return absl::InvalidArgumentError(absl::StrCat("a message of ", incoming_bytes_.Length(),
                                                     " bytes would take more than ", kMaxParsedBytes,
                                                     " once it is read; no report has as many entries"));
    }
  }
  using Wire = grpc::SerializationTraits<v1::CollectorMessage>;
  arena_ = std::make_shared<google::protobuf::Arena>(ArenaOptionsFor(incoming_bytes_.Length()));
  incoming_ = google::protobuf::Arena::CreateMessage<v1::CollectorMessage>(arena_.get());
  if (Wire::Deserialize(&incoming_bytes_, incoming_).ok()) return absl::OkStatus();
  limits_.counts->Add(Limit::kDamagedMessage);
  return absl::InvalidArgumentError(
      "a message is damaged, or none of this service; see kansoku/v1/ingest.proto");
}

absl::Status ReportStream::Take(v1::CollectorMessage& message, size_t bytes) {
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
  live_interval_ = LiveInterval(points_);
  hello_alarm_.Cancel();
  registry_->Claim(id_, hello.collector());
  {
    std::lock_guard lock(mutex_);
    introduced_ = true;
  }
  // From here on CheckAgain looks after it. Who may report may have changed just before.
  if (absl::Status allowed = may_report_(hello); !allowed.ok()) return allowed;
  std::lock_guard lock(mutex_);  // no answer before it is charged
  absl::Status queued = queue_.Welcome(
      hello,
      [self = shared_from_this()](const absl::StatusOr<uint64_t>& through) { self->Welcomed(through); });
  if (!queued.ok()) return queued;
  ++uncommitted_;
  // As a report: who owes more cannot get rid of that by coming anew.
  Charge(1, 0);
  return absl::OkStatus();
}

absl::Status ReportStream::TakeBatch(v1::Batch& batch, size_t bytes) {
  const size_t reports = static_cast<size_t>(batch.reports_size());
  if (absl::Status valid = ValidateBatch(batch); !valid.ok()) {
    registry_->CountRefused(hello_.collector(), reports);
    return valid;
  }
  CollectorBatch collector_batch{.collector = hello_.collector(), .epoch = hello_.epoch()};
  collector_batch.refusals = JudgeReports(batch, points_, tolerance_, clock_(), clock_offset_.estimate());
  for (const Refusal& refusal : collector_batch.refusals) {
    registry_->SayQuarantined(hello_.collector(), refusal.reason, refusal.text);
  }
  DiscardUnknownFields(batch, collector_batch.refusals);
  collector_batch.reports = ReportList(std::move(arena_), batch);
  return Enqueue(std::move(collector_batch), bytes, reports);
}

absl::Status ReportStream::TakeDelivery(const v1::Delivery& delivery, size_t bytes) {
  if (absl::Status valid = ValidateDelivery(delivery); !valid.ok()) return valid;
  CollectorBatch account{.collector = hello_.collector(), .epoch = hello_.epoch(), .delivery = delivery};
  account.delivery->DiscardUnknownFields();
  return Enqueue(std::move(account), bytes, 0);
}

absl::Status ReportStream::Enqueue(CollectorBatch batch, size_t bytes, size_t reports) {
  std::lock_guard lock(mutex_);  // no answer before it is charged
  absl::Status queued = queue_.Commit(
      std::move(batch), bytes,
      [self = shared_from_this(), reports, arrived = arrived_](const absl::StatusOr<uint64_t>& through) {
        self->Committed(reports, arrived, through);
      });
  if (!queued.ok()) return queued;
  ++uncommitted_;
  Charge(reports, bytes);
  return absl::OkStatus();
}

void ReportStream::Welcomed(const absl::StatusOr<uint64_t>& through) {
  if (through.ok()) registry_->SetConnected(id_, hello_.collector(), certificate_expiry_);
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

void ReportStream::Committed(size_t reports, absl::Time arrived, const absl::StatusOr<uint64_t>& through) {
  if (through.ok() && reports > 0) registry_->NoteAcknowledged(SteadyNow() - arrived);
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
  // Who takes no answers would otherwise keep its place for as long as it likes.
  if (writing_ && !finished_ && !std::exchange(ending_, true)) {
    CallAfter(kLastAnswerWithin, last_answer_alarm_, &ReportStream::MissLastAnswer);
  }
  Proceed();
}

void ReportStream::MissLastAnswer() {
  std::lock_guard lock(mutex_);
  if (!writing_ || finished_) return;
  limits_.counts->Add(Limit::kReadTime);
  context_.TryCancel();
}

void ReportStream::CheckAgain() {
  {
    std::lock_guard lock(mutex_);
    if (!introduced_) return;  // it is judged with its Hello
  }
  if (absl::Status allowed = may_report_(hello_); !allowed.ok()) End(allowed);
}

void ReportStream::CallAfter(absl::Duration delay, grpc::Alarm& alarm, void (ReportStream::*then)()) {
  alarm.Set(DeadlineIn(delay), [weak = weak_from_this(), then](bool is_time) {
    if (const auto stream = weak.lock(); stream != nullptr && is_time) ((*stream).*then)();
  });
}

void ReportStream::MissHello() {
  std::lock_guard lock(mutex_);
  if (introduced_ || end_due_.has_value() || finished_) return;
  limits_.counts->Add(Limit::kHelloTime);
  end_due_ = absl::DeadlineExceededError("no Hello came; it is the first that a stream says");
  Proceed();
}

void ReportStream::Charge(uint64_t reports, size_t bytes) {
  if (limits_.rates == nullptr) return;
  const absl::Duration pause =
      limits_.rates->Take(hello_.collector(), live_interval_, reports, bytes, SteadyNow());
  const bool was_paused = std::exchange(paused_, pause > absl::ZeroDuration());
  if (!paused_) return;
  if (!was_paused) limits_.counts->Add(Limit::kReportRate);
  resume_alarm_ = std::make_unique<grpc::Alarm>();
  CallAfter(pause, *resume_alarm_, &ReportStream::Resume);
}

void ReportStream::Resume() {
  std::lock_guard lock(mutex_);
  if (finished_) return;
  Charge(0, 0);
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
      v1::AggregatorMessage message;
      if (welcome_due_.has_value()) {
        message.mutable_welcome()->set_committed_through(*std::exchange(welcome_due_, std::nullopt));
      } else {
        message.mutable_ack()->set_through(*std::exchange(ack_due_, std::nullopt));
      }
      outgoing_ = ToBytes(message);
      writing_ = true;
      StartWrite(&outgoing_);
    }
  }
  // Nothing is read between Hello and Welcome.
  const bool may_read = welcomed_ || !introduced_;
  if (may_read && !reading_ && !paused_ && !half_closed_ && !end_due_.has_value() &&
      uncommitted_ < kMaxUncommitted) {
    reading_ = true;
    StartRead(&incoming_bytes_);
  }
}

void ReportStream::OnDone() {
  hello_alarm_.Cancel();
  registry_->Close(id_);
  std::shared_ptr<ReportStream> self;
  std::lock_guard lock(mutex_);
  resume_alarm_.reset();
  last_answer_alarm_.Cancel();
  self = std::move(self_);
}

}  // namespace kansoku::aggregator
