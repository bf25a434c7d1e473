// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as what an aggregator says on a stream: the collector sends no more than it may, forgets nothing
// that was not committed, and goes on or comes back.
#include "collector/export/delivery.h"
#include "kansoku/v1/ingest.pb.h"
#include "tests/fuzz/expect.h"
#include "tests/fuzz/message_stream.h"

namespace {

using namespace kansoku;
using fuzz::Expect;
using Phase = collector::Delivery::Phase;

constexpr uint64_t kFirstHeld = 3, kLast = 100;
constexpr uint64_t kReportBytes = 10;
constexpr collector::DeliveryOptions kOptions = {.max_batch_bytes = 50,
                                                 .max_bytes_in_flight = 200,
                                                 .acknowledgement_deadline = absl::Seconds(30),
                                                 .max_backoff = absl::Seconds(60)};

void SendAll(collector::Delivery& delivery, absl::Time now) {
  while (const auto request = delivery.NextBatch(kLast)) {
    Expect(request->after_sequence < kLast, "what is sent is there");
    Expect(request->max_bytes > 0, "a batch has room");
    const uint64_t reports =
        std::min(kLast - request->after_sequence, std::max<uint64_t>(request->max_bytes / kReportBytes, 1));
    delivery.Sent(request->after_sequence + reports, reports * kReportBytes, now);
    Expect(delivery.bytes_in_flight() <= kOptions.max_bytes_in_flight + kReportBytes,
           "what may be in flight");
  }
}

absl::Status Hear(const v1::AggregatorMessage& message, collector::Delivery& delivery, absl::Time now) {
  if (message.has_welcome())
    return delivery.Welcome(message.welcome().committed_through(), kFirstHeld, kLast, now);
  if (message.has_ack()) return delivery.Acknowledge(message.ack().through(), now);
  return absl::OkStatus();  // of a later version
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  collector::Delivery delivery(kOptions);
  std::mt19937_64 random(1);
  absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  delivery.Begin(now);
  uint64_t acknowledgements = 0;
  bool lost = false;
  for (const v1::AggregatorMessage& message : fuzz::MessagesOf<v1::AggregatorMessage>({data, size})) {
    now += absl::Seconds(1);
    const uint64_t committed_before = delivery.committed_through();
    // An acknowledgement before the welcome never reaches the state machine: the stream is given up.
    const bool in_order = message.has_welcome() || delivery.phase() == Phase::kStreaming;
    const absl::Status status =
        in_order ? Hear(message, delivery, now) : absl::InvalidArgumentError("no Welcome yet");
    Expect(status.ok() || !status.message().empty(), "a refusal says what is wrong");
    Expect(status.ok() || delivery.committed_through() == committed_before, "nothing changes on an error");
    if (!status.ok() || delivery.due() <= now) {
      const absl::Duration pause = delivery.Lost(false, now, random);
      Expect(pause >= absl::ZeroDuration() && pause <= kOptions.max_backoff, "the pause");
      delivery.Begin(now = delivery.due());
      lost = true;
      continue;
    }
    Expect(delivery.committed_through() <= kLast, "only what was given out is committed");
    acknowledgements += message.has_ack();
    SendAll(delivery, now);
  }
  fuzz::input_was_taken = acknowledgements > 0 && !lost;
  return 0;
}
