// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/two_sided_source.h"

#include <algorithm>
#include <utility>

namespace kansoku::collector {
namespace {

// Two processors may hand the kernel packets of one side a little out of order. So far back is no disorder:
// the clock was set.
constexpr int64_t kSetBackSeconds = 2;

int64_t SecondOf(const PacketView& packet) { return packet.captured_unix_ns / 1'000'000'000; }

}  // namespace

TwoSidedSource::TwoSidedSource(std::unique_ptr<PacketSource> received, std::unique_ptr<PacketSource> sent) {
  sides_[0].source = std::move(received);
  sides_[1].source = std::move(sent);
}

bool TwoSidedSource::IsOfNewSecond(const PacketView& packet) const {
  const int64_t second = SecondOf(packet);
  return second > second_ || second + kSetBackSeconds < second_;
}

absl::StatusOr<PollState> TwoSidedSource::Poll(Sink sink) {
  const bool was_waiting = sides_[0].is_ahead() || sides_[1].is_ahead();
  std::array<bool, 2> is_idle{};
  for (size_t i = 0; i < sides_.size(); ++i) {
    OneSide& side = sides_[i];
    if (side.is_ahead()) continue;
    const absl::StatusOr<PollState> state =
        side.source->Poll([&](std::span<const PacketView> burst) { Take(side, burst, sink); });
    if (!state.ok()) return state;
    is_idle[i] = *state == PollState::kIdle;
  }
  if (is_idle[0] && is_idle[1]) return PollState::kIdle;
  // Only a poll that began when the other side was ahead already shows that nothing from before is left.
  const auto may_go_on = [&](size_t i) { return sides_[i].is_ahead() || (was_waiting && is_idle[i]); };
  if (may_go_on(0) && may_go_on(1)) BeginSecond(sink);
  return PollState::kMore;
}

void TwoSidedSource::Take(OneSide& side, std::span<const PacketView> burst, Sink sink) {
  auto held = burst.begin();
  if (!side.is_ahead()) {
    held = std::find_if(burst.begin(), burst.end(), [this](const PacketView& p) { return IsOfNewSecond(p); });
  }
  for (const PacketView& packet : std::span(held, burst.end())) {
    side.held.push_back({packet, {packet.bytes.begin(), packet.bytes.end()}});
    side.held.back().view.bytes = side.held.back().bytes;
  }
  if (held != burst.begin()) sink({burst.begin(), held});
}

void TwoSidedSource::BeginSecond(Sink sink) {
  // A side whose clock was set back waits for the other to have handed over what is from before.
  constexpr int64_t kNone = std::numeric_limits<int64_t>::max();
  int64_t forward = kNone, back = kNone;
  for (const OneSide& side : sides_) {
    if (!side.is_ahead()) continue;
    const int64_t second = SecondOf(side.held.front().view);
    int64_t& earliest = second > second_ ? forward : back;
    earliest = std::min(earliest, second);
  }
  second_ = forward != kNone ? forward : back;
  for (OneSide& side : sides_) {
    while (side.is_ahead() && !IsOfNewSecond(side.held.front().view)) {
      const HeldPacket packet = std::move(side.held.front());
      side.held.pop_front();
      sink({&packet.view, 1});
    }
  }
}

CaptureStats TwoSidedSource::Stats() {
  CaptureStats sum;
  for (OneSide& side : sides_) {
    sum += side.source->Stats();
    sum.received_packets -= side.held.size();
  }
  return sum;
}

absl::Status TwoSidedSource::Deafen() {
  absl::Status status;
  for (OneSide& side : sides_) status.Update(side.source->Deafen());
  return status;
}

}  // namespace kansoku::collector
