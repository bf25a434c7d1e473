// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <stop_token>

#include "absl/status/status.h"
#include "collector/capture/packet_source.h"
#include "collector/classify/classifier.h"
#include "collector/decode/decoder.h"
#include "collector/meter/link_meter.h"

namespace kansoku::collector {

// The chain of one link, or of one worker's share of it, from its packets to its closed windows: source,
// decode, classify, meter. Everything it has belongs to the thread that calls Run; nothing is shared, nothing
// is locked.
class LinkWorker {
 public:
  enum class Clock {
    kPackets,         // a file: windows close when a packet of a later one comes
    kPacketsAndWall,  // a live link: also when wall time has passed their end by a second
  };

  LinkWorker(std::unique_ptr<PacketSource> source, const DecodeOptions& options, Classifier classifier,
             LinkMeter meter, Clock clock);

  // Until the source is at its end or fails, or stop is requested; then the last window is closed. The status
  // is the source's: what it had delivered before it failed is counted all the same.
  absl::Status Run(std::stop_token stop);

 private:
  void Count(std::span<const PacketView> burst);
  void FollowWallClock();

  std::unique_ptr<PacketSource> source_;
  const DecodeOptions options_;
  Classifier classifier_;
  LinkMeter meter_;
  Clock clock_;
};

}  // namespace kansoku::collector
