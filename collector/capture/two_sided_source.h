// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <vector>

#include "collector/capture/packet_source.h"

namespace kansoku::collector {

// The two sides of one live interface, each captured on its own, as one source. They are read in turn, so one
// may be ahead of the other; but no packet of a second is handed over before those of the seconds before it:
// a side that has reached a new second waits, in the kernel's ring, until the other has reached it too, or
// was polled in vain. Windows are whole seconds, and so neither side comes late to one.
class TwoSidedSource final : public PacketSource {
 public:
  TwoSidedSource(std::unique_ptr<PacketSource> received, std::unique_ptr<PacketSource> sent);

  // Errors are those of the sides. Neither may end.
  absl::StatusOr<PollState> Poll(Sink sink) override;

  CaptureStats Stats() override;
  absl::Status Deafen() override;

 private:
  struct HeldPacket {
    PacketView view;
    std::vector<uint8_t> bytes;  // the view's
  };
  struct OneSide {
    std::unique_ptr<PacketSource> source;
    std::deque<HeldPacket> held;  // from the first of a new second on: the rest of one poll
    bool is_ahead() const { return !held.empty(); }
  };

  bool IsOfNewSecond(const PacketView& packet) const;
  void Take(OneSide& side, std::span<const PacketView> burst, Sink sink);
  // Begins the earliest second that a side waits with.
  void BeginSecond(Sink sink);

  std::array<OneSide, 2> sides_;
  int64_t second_ = std::numeric_limits<int64_t>::min();
};

}  // namespace kansoku::collector
