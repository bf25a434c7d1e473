// SPDX-License-Identifier: Apache-2.0
#include "collector/link_worker.h"

#include <utility>

#include "collector/meter_burst.h"
#include "proto/contract/window.h"

namespace kansoku::collector {
namespace {

// How long after a window's end the kernel may still hand over packets of it.
constexpr int64_t kWallClockGraceNs = kNanosecondsPerSecond;

}  // namespace

LinkWorker::LinkWorker(std::unique_ptr<PacketSource> source, const DecodeOptions& options,
                       Classifier classifier, LinkMeter meter, Clocks clocks)
    : source_(std::move(source)),
      options_(options),
      classifier_(std::move(classifier)),
      meter_(std::move(meter)),
      clocks_(std::move(clocks)) {}

absl::Status LinkWorker::Run(std::stop_token stop) {
  if (clocks_) meter_.Advance(clocks_().unix_ns, Stats(), 0);
  absl::StatusOr<PollState> state = PollState::kMore;
  while (state.ok() && *state != PollState::kEnd && !stop.stop_requested()) state = PollOnce();
  if (clocks_ && state.ok()) state = Drain();
  meter_.Finish(Stats(), absl::IsDataLoss(state.status()));
  return state.status();
}

absl::StatusOr<PollState> LinkWorker::Drain() {
  if (absl::Status status = source_->Deafen(); !status.ok()) return status;
  absl::StatusOr<PollState> state = PollState::kMore;
  while (state.ok() && *state == PollState::kMore) state = PollOnce();
  return state;
}

// After a stall the kernel holds packets of windows that are long over, and they come first: wall time ends a
// window only when there were none, and only as far as it had come before anybody looked.
absl::StatusOr<PollState> LinkWorker::PollOnce() {
  const int64_t unix_ns = clocks_ ? clocks_().unix_ns : 0;
  const absl::StatusOr<PollState> state =
      source_->Poll([this](std::span<const PacketView> burst) { Count(burst); });
  if (clocks_ && state.ok() && *state == PollState::kIdle) FollowWallClock(unix_ns);
  if (!clocks_) NoteShare();
  return state;
}

void LinkWorker::NoteShare() {
  const std::optional<ReadShare> share = source_->Share();
  if (!share.has_value()) return;
  read_octets_.store(share->read_octets, std::memory_order_relaxed);
  octets_.store(share->octets, std::memory_order_relaxed);
}

std::optional<ReadShare> LinkWorker::share() const {
  const ReadShare share{read_octets_.load(std::memory_order_relaxed),
                        octets_.load(std::memory_order_relaxed)};
  return share.octets == 0 ? std::nullopt : std::optional(share);
}

void LinkWorker::Count(std::span<const PacketView> burst) {
  MeterBurst(
      burst, options_, classifier_, meter_,
      [this] {
        TakeReclassification();
        return Stats();
      },
      [](const PacketView&, Refusal, const DecodedPacket&) {});
}

void LinkWorker::FollowWallClock(int64_t unix_ns) {
  const int64_t passed_unix_ns = unix_ns - kWallClockGraceNs;
  if (!meter_.EndsBefore(passed_unix_ns)) return;
  TakeReclassification();
  meter_.Advance(passed_unix_ns, Stats(), 0);
}

void LinkWorker::Reclassify(int64_t from_unix_seconds, Classification classification) {
  const std::lock_guard lock(next_mutex_);
  next_.Add(
      {.from_unix_seconds = from_unix_seconds,
       .sensors = std::move(classification.sensors),
       .address_seconds = std::move(classification.address_seconds),
       .has_subscribers = classification.has_subscribers,
       .taken = [this, decode = classification.decode, classifier = std::move(classification.classifier)] {
         options_ = decode;
         classifier_ = classifier;
       }});
  has_next_ = true;
}

// Called where a window ends: the meter decides whether the next one is counted in the new way.
void LinkWorker::TakeReclassification() {
  if (!has_next_) return;
  const std::lock_guard lock(next_mutex_);
  has_next_ = false;
  for (Reclassification& next : next_.TakeAll()) meter_.Reclassify(std::move(next));
}

CaptureStats LinkWorker::Stats() {
  CaptureStats stats = source_->Stats();
  if (clocks_) stats.read_at = clocks_();
  return stats;
}

}  // namespace kansoku::collector
