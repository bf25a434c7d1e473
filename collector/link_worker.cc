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

LinkWorker::LinkWorker(std::vector<std::unique_ptr<PacketSource>> sources, const DecodeOptions& options,
                       Classifier classifier, LinkMeter meter, Clock clock)
    : sources_(std::move(sources)),
      options_(options),
      classifier_(std::move(classifier)),
      meter_(std::move(meter)),
      clock_(clock) {}

absl::Status LinkWorker::Run(std::stop_token stop) {
  absl::Status failure;
  if (clock_ == Clock::kPacketsAndWall) meter_.Advance(absl::GetCurrentTimeNanos(), Stats(), 0);
  std::vector<bool> ended(sources_.size(), false);
  for (size_t open = sources_.size(); open > 0 && !stop.stop_requested();) {
    for (size_t i = 0; i < sources_.size(); ++i) {
      if (ended[i]) continue;
      const absl::StatusOr<PollState> state =
          sources_[i]->Poll([this](std::span<const PacketView> burst) { Count(burst); });
      if (!state.ok()) failure.Update(state.status());
      ended[i] = !state.ok() || *state == PollState::kEnd;
      open -= ended[i];
    }
    if (clock_ == Clock::kPacketsAndWall) FollowWallClock();
  }
  meter_.Finish(Stats(), absl::IsDataLoss(failure));
  return failure;
}

void LinkWorker::Count(std::span<const PacketView> burst) {
  MeterBurst(
      burst, options_, classifier_, meter_, [this] { return Stats(); },
      [](const PacketView&, Refusal, const DecodedPacket&) {});
}

void LinkWorker::FollowWallClock() {
  const int64_t now = absl::GetCurrentTimeNanos() - kWallClockGraceNs;
  if (meter_.EndsBefore(now)) meter_.Advance(now, Stats(), 0);
}

CaptureStats LinkWorker::Stats() {
  CaptureStats sum;
  for (const auto& source : sources_) sum += source->Stats();
  return sum;
}

}  // namespace kansoku::collector
