// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/live_source.h"

#include <poll.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collector/capture/capture_right.h"

namespace kansoku::collector {
namespace {

constexpr int kWaitMilliseconds = 100;
constexpr uint32_t kMostPollsBetweenAttempts = 16;

}  // namespace

absl::StatusOr<std::unique_ptr<PacketSource>> LiveSource::Open(LiveSourceOptions options, Opener opener) {
  std::unique_ptr<LiveSource> source(new LiveSource(std::move(options), std::move(opener)));
  if (absl::Status status = source->OpenNow(); !status.ok()) return status;
  return source;
}

absl::Status LiveSource::OpenNow() {
  const CaptureRight right;
  absl::StatusOr<std::unique_ptr<PacketSource>> source = opener_();
  if (!source.ok()) return source.status();
  if (options_.reads_nic_counters) {
    absl::StatusOr<std::unique_ptr<NicCounters>> counters =
        NicCounters::Open(options_.interface, options_.side);
    if (!counters.ok()) return counters.status();
    nic_counters_ = *std::move(counters);
  }
  source_ = *std::move(source);
  return absl::OkStatus();
}

absl::StatusOr<PollState> LiveSource::Poll(Sink sink) {
  if (source_ == nullptr && (is_deaf_ || !TryAgain())) return PollState::kIdle;
  absl::StatusOr<PollState> state = source_->Poll(sink);
  if (!absl::IsUnavailable(state.status())) return state;
  options_.say(absl::StrCat(absl::string_view(state.status().message()), "; waiting for it to come back"));
  CloseNow();
  return PollState::kIdle;
}

void LiveSource::CloseNow() {
  past_ = StatsOfOpen();
  ++past_.down_observations;
  nic_counters_.reset();
  source_.reset();
}

// A failed attempt takes as long as a poll of a silent link.
bool LiveSource::TryAgain() {
  if (polls_until_attempt_ == 0) {
    const absl::Status status = OpenNow();
    if (status.ok()) {
      options_.say(absl::StrCat(options_.interface, ": the interface is back"));
      failed_attempts_ = 0;
      return true;
    }
    ++failed_attempts_;
    polls_until_attempt_ = std::min(failed_attempts_, kMostPollsBetweenAttempts);
  }
  --polls_until_attempt_;
  poll(nullptr, 0, kWaitMilliseconds);
  return false;
}

CaptureStats LiveSource::Stats() {
  CaptureStats stats = StatsOfOpen();
  if (source_ == nullptr) stats.down_observations = ++past_.down_observations;
  return stats;
}

CaptureStats LiveSource::StatsOfOpen() {
  CaptureStats stats = past_;
  if (source_ != nullptr) stats += source_->Stats();
  AddNicCounters(stats);
  if (is_deaf_) stats.tap_packets = tap_packets_when_deafened_;
  return stats;
}

void LiveSource::AddNicCounters(CaptureStats& stats) {
  if (nic_counters_ == nullptr) return;
  const uint64_t dropped_before = stats.interface_dropped_packets;
  nic_counters_->AddTo(stats);
  stats.received_packets += stats.interface_dropped_packets - dropped_before;
}

// The counters are read at once: the capture does not see what the interface counts from now on, and other
// sources of the interface may hear a little longer.
absl::Status LiveSource::Deafen() {
  absl::Status status = source_ == nullptr ? absl::OkStatus() : source_->Deafen();
  tap_packets_when_deafened_ = past_.tap_packets + (source_ == nullptr ? 0 : source_->Stats().tap_packets);
  AddNicCounters(past_);
  nic_counters_.reset();
  is_deaf_ = true;
  return status;
}

}  // namespace kansoku::collector
