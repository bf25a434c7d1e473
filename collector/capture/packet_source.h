// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collector/capture/capture_stats.h"
#include "collector/capture/packet_view.h"

namespace kansoku::collector {

enum class PollState {
  kMore,  // there may be more at once
  kIdle,  // a live link was silent for the whole wait
  kEnd,   // the file is at its end; polling again is an error
};

// Of a file, or of several.
struct ReadShare {
  uint64_t read_octets = 0;
  uint64_t octets = 0;
};

// Where packets come from. Owned and polled by one thread; Stats() by the same thread.
class PacketSource {
 public:
  using Sink = absl::FunctionRef<void(std::span<const PacketView>)>;

  virtual ~PacketSource() = default;

  // Hands a bounded number of packets to the sink, in bursts, and returns. A live source waits at most 100 ms
  // for the first one. DATA_LOSS: a capture file ends in the middle of a record; everything before it was
  // delivered, and it is as much at its end as with kEnd. Other errors are final too (interface gone).
  virtual absl::StatusOr<PollState> Poll(Sink sink) = 0;

  virtual CaptureStats Stats() = 0;

  // How much of a file has been read, in octets; none of what has no end that is known. The polling thread.
  virtual std::optional<ReadShare> Share() const { return std::nullopt; }

  // Takes nothing more in from a live interface. What has come until then is still handed over, by the polls
  // up to the first that is idle. A file has nothing that would be lost.
  virtual absl::Status Deafen() { return absl::OkStatus(); }
};

}  // namespace kansoku::collector
