// SPDX-License-Identifier: Apache-2.0
//
// What to do next on the way to an acknowledgement: when to connect, what to send, when to give a connection
// up. A state machine over sequence numbers and time; it holds no report, opens no connection and reads no
// clock.
//
//   kPausing ── Begin ──► kGreeting ── Welcome ──► kStreaming ◄── Acknowledge, Sent
//      ▲                      │                        │
//      └────────────────────── Lost ◄─────────────────┘
//
// Any one thread at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <random>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku::collector {

struct DeliveryOptions {
  uint64_t max_batch_bytes;
  uint64_t max_bytes_in_flight;  // exceeded by one report at most, so that one always fits
  absl::Duration acknowledgement_deadline;
  absl::Duration max_backoff;
};

// Whether trying again soon will not heal this error.
bool IsRefusal(const absl::Status& status);

DeliveryOptions DeliveryOptionsOf(const v1::AggregatorAddress& aggregator);

class Delivery {
 public:
  enum class Phase { kPausing, kGreeting, kStreaming };

  struct Request {
    uint64_t after_sequence;
    uint64_t max_bytes;
  };

  // The first attempt is due at once.
  explicit Delivery(DeliveryOptions options) : options_(options) {}

  // A connection was begun and Hello is on its way.
  void Begin(absl::Time now);

  // OUT_OF_RANGE: more was committed than was ever given out, so the spool is older than the aggregator's
  // memory of it and needs a new epoch. INVALID_ARGUMENT: the second Welcome of a connection. Nothing changes
  // on an error; call Lost() next.
  absl::Status Welcome(uint64_t committed_through, uint64_t first_sequence, uint64_t last_sequence,
                       absl::Time now);

  // The batch to read and send now, if any is due. Call again after Sent().
  std::optional<Request> NextBatch(uint64_t last_sequence) const;
  void Sent(uint64_t through, uint64_t bytes, absl::Time now);

  // OUT_OF_RANGE: acknowledges what was not sent. Nothing changes then; call Lost() next.
  absl::Status Acknowledge(uint64_t through, absl::Time now);

  // The connection is gone. Returns the pause before the next attempt: uniform between zero and a ceiling
  // that doubles from 0.2 s ("full jitter") and starts over after progress. A refusal will not heal by
  // itself: then the pause is between half of max_backoff and all of it.
  absl::Duration Lost(bool refused, absl::Time now, std::mt19937_64& random);

  // A connection for the next epoch is due at once: this one is delivered.
  void Turn(absl::Time now);

  // A connection to somebody else, or on other terms, is due after a short pause, as after a first loss: many
  // collectors may be told at once.
  void Move(absl::Time now, std::mt19937_64& random);

  // From the next connection on.
  void Configure(const DeliveryOptions& options) { options_ = options; }

  // In kPausing: when to connect. Otherwise: when to give the connection up, because nothing was heard for
  // the acknowledgement deadline while Welcome or an acknowledgement was owed.
  absl::Time due() const;

  Phase phase() const { return phase_; }
  uint64_t committed_through() const {
    return committed_through_;
  }  // may be trimmed; of this connection's epoch
  uint64_t bytes_in_flight() const { return bytes_in_flight_; }

 private:
  struct Batch {
    uint64_t through;
    uint64_t bytes;
    absl::Time sent_at;
  };

  uint64_t batch_bytes() const;

  DeliveryOptions options_;
  Phase phase_ = Phase::kPausing;
  absl::Time attempt_at_ = absl::InfinitePast();  // in kPausing: the next one; else when this one began
  int attempts_without_progress_ = 0;
  uint64_t window_bytes_ = 0;  // what may be in flight now; rises with each acknowledgement
  uint64_t committed_through_ = 0;
  uint64_t sent_through_ = 0;
  uint64_t bytes_in_flight_ = 0;
  absl::Time heard_at_ = absl::InfinitePast();  // the last acknowledgement that moved forward
  std::deque<Batch> in_flight_;
};

}  // namespace kansoku::collector
