// SPDX-License-Identifier: Apache-2.0
#include "collector/export/delivery.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace kansoku::collector {
namespace {

constexpr absl::Duration kFirstBackoff = absl::Milliseconds(200);
// What may be in flight after Welcome, and what each acknowledgement adds: ten windows of fifty cells. When
// thousands come back from an outage the aggregator is not handed everything at once, to refuse most of it.
constexpr uint64_t kStepBytes = uint64_t{16} << 10;
constexpr int kMaxDoublings = 16;  // 0.2 s doubled 16 times is beyond any configured maximum

// In [0, 1), the same on every platform for the same generator.
double Uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1.0p-53; }

}  // namespace

bool IsRefusal(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kDataLoss:
      return true;
    default:
      return false;
  }
}

DeliveryOptions DeliveryOptionsOf(const v1::AggregatorAddress& aggregator) {
  return {.max_batch_bytes = aggregator.max_batch_bytes(),
          .max_bytes_in_flight = aggregator.max_bytes_in_flight(),
          .acknowledgement_deadline = absl::Seconds(aggregator.acknowledgement_deadline_seconds()),
          .max_backoff = absl::Seconds(aggregator.max_backoff_seconds())};
}

void Delivery::Begin(absl::Time now) {
  phase_ = Phase::kGreeting;
  attempt_at_ = now;
  // The epoch may be a new one: nothing known of the last connection holds for this one.
  committed_through_ = 0;
  sent_through_ = 0;
}

absl::Status Delivery::Welcome(uint64_t committed_through, uint64_t first_sequence, uint64_t last_sequence,
                               absl::Time now) {
  if (phase_ != Phase::kGreeting) return absl::InvalidArgumentError("it sent a second Welcome");
  if (committed_through > last_sequence) {
    return absl::OutOfRangeError(absl::StrCat("it has committed report ", committed_through,
                                              " of this spool, which ", "only ever gave out ", last_sequence,
                                              ": the spool is an old copy"));
  }
  if (committed_through >= first_sequence) attempts_without_progress_ = 0;
  phase_ = Phase::kStreaming;
  heard_at_ = now;
  // What the spool no longer holds cannot be sent; the aggregator learned that from Hello.
  committed_through_ = std::max(committed_through, first_sequence - 1);
  sent_through_ = committed_through_;
  window_bytes_ = std::min(kStepBytes, options_.max_bytes_in_flight);
  return absl::OkStatus();
}

// Two batches fit what may be in flight: the next is on its way while the first is being acknowledged.
uint64_t Delivery::batch_bytes() const { return std::min(options_.max_batch_bytes, window_bytes_ / 2); }

std::optional<Delivery::Request> Delivery::NextBatch(uint64_t last_sequence) const {
  if (phase_ != Phase::kStreaming || sent_through_ >= last_sequence) return std::nullopt;
  // Room for a whole batch is awaited: filling every gap would make ever smaller batches.
  if (!in_flight_.empty() && bytes_in_flight_ + batch_bytes() > window_bytes_)
    return std::nullopt;
  return Request{sent_through_, batch_bytes()};
}

void Delivery::Sent(uint64_t through, uint64_t bytes, absl::Time now) {
  in_flight_.push_back({through, bytes, now});
  sent_through_ = through;
  bytes_in_flight_ += bytes;
}

absl::Status Delivery::Acknowledge(uint64_t through, absl::Time now) {
  if (through > sent_through_) {
    return absl::OutOfRangeError(
        absl::StrCat("it acknowledged report ", through, ", but only ", sent_through_, " were sent"));
  }
  if (through <= committed_through_) return absl::OkStatus();
  committed_through_ = through;
  heard_at_ = now;
  attempts_without_progress_ = 0;
  window_bytes_ = std::min(window_bytes_ + kStepBytes, options_.max_bytes_in_flight);
  while (!in_flight_.empty() && in_flight_.front().through <= through) {
    bytes_in_flight_ -= in_flight_.front().bytes;
    in_flight_.pop_front();
  }
  return absl::OkStatus();
}

absl::Duration Delivery::Lost(bool refused, absl::Time now, std::mt19937_64& random) {
  absl::Duration pause;
  if (refused) {
    pause = options_.max_backoff * (0.5 + Uniform(random) / 2);
  } else {
    const int doublings = std::min(attempts_without_progress_, kMaxDoublings);
    pause = std::min(options_.max_backoff, kFirstBackoff * (1 << doublings)) * Uniform(random);
  }
  ++attempts_without_progress_;
  phase_ = Phase::kPausing;
  attempt_at_ = now + pause;
  bytes_in_flight_ = 0;
  in_flight_.clear();
  return pause;
}

void Delivery::Turn(absl::Time now) {
  phase_ = Phase::kPausing;
  attempt_at_ = now;
  bytes_in_flight_ = 0;
  in_flight_.clear();
}

void Delivery::Move(absl::Time now, std::mt19937_64& random) {
  attempts_without_progress_ = 0;
  Lost(false, now, random);
}

absl::Time Delivery::due() const {
  switch (phase_) {
    case Phase::kPausing:
      return attempt_at_;
    case Phase::kGreeting:
      return attempt_at_ + options_.acknowledgement_deadline;
    case Phase::kStreaming:
      break;
  }
  if (in_flight_.empty()) return absl::InfiniteFuture();
  // A slow link may take long for everything that is in flight; it is dead only if nothing moves.
  return std::max(in_flight_.front().sent_at, heard_at_) + options_.acknowledgement_deadline;
}

}  // namespace kansoku::collector
