// SPDX-License-Identifier: Apache-2.0
#include "collector/link_worker.h"

#include <utility>

#include "absl/time/clock.h"
#include "collector/meter_burst.h"
#include "proto/contract/window.h"

namespace kansoku::collector {
namespace {

// How long after a window's end the kernel may still hand over packets of it.
constexpr int64_t kWallClockGraceNs = kNanosecondsPerSecond;

}  // namespace

LinkWorker::LinkWorker(std::unique_ptr<PacketSource> source, const DecodeOptions& options,
                       Classifier classifier, LinkMeter meter, Clock clock)
    : source_(std::move(source)),
      options_(options),
      classifier_(std::move(classifier)),
      meter_(std::move(meter)),
      clock_(clock) {}

absl::Status LinkWorker::Run(std::stop_token stop) {
  if (clock_ == Clock::kPacketsAndWall) meter_.Advance(absl::GetCurrentTimeNanos(), source_->Stats(), 0);
  absl::StatusOr<PollState> state = PollState::kMore;
  while (state.ok() && *state != PollState::kEnd && !stop.stop_requested()) {
    state = source_->Poll([this](std::span<const PacketView> burst) { Count(burst); });
    if (clock_ == Clock::kPacketsAndWall) FollowWallClock();
  }
  meter_.Finish(source_->Stats(), absl::IsDataLoss(state.status()));
  return state.status();
}

void LinkWorker::Count(std::span<const PacketView> burst) {
  MeterBurst(
      burst, options_, classifier_, meter_, [this] { return source_->Stats(); },
      [](const PacketView&, Refusal, const DecodedPacket&) {});
}

void LinkWorker::FollowWallClock() {
  const int64_t now = absl::GetCurrentTimeNanos() - kWallClockGraceNs;
  if (meter_.EndsBefore(now)) meter_.Advance(now, source_->Stats(), 0);
}

}  // namespace kansoku::collector
