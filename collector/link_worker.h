// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collector/capture/packet_source.h"
#include "collector/classify/classifier.h"
#include "collector/decode/decoder.h"
#include "collector/meter/link_meter.h"
#include "collector/meter/reclassification.h"

namespace kansoku::collector {

// How the packets of one link are told apart.
struct Classification {
  DecodeOptions decode;
  Classifier classifier;
  std::vector<std::string> sensors;
  AddressSeconds address_seconds;  // none where another link reports them
  bool has_subscribers = false;
};

// The chain of one link, or of one worker's share of it, from its packets to its closed windows: source,
// decode, classify, meter. What a packet meets belongs to the thread that calls Run; nothing of it is shared,
// nothing is locked.
class LinkWorker {
 public:
  // What a live link's windows follow where its packets do not end them: wall time that has passed their end
  // by a second. None: a file, whose windows close when a packet of a later one comes.
  using Clocks = std::function<ClockReading()>;

  LinkWorker(std::unique_ptr<PacketSource> source, const DecodeOptions& options, Classifier classifier,
             LinkMeter meter, Clocks clocks);

  // Until the source is at its end or fails, or stop is requested and what a live one has received until then
  // is counted; then the last window is closed. The status is the source's: what it had delivered before it
  // failed is counted all the same.
  absl::Status Run(std::stop_token stop);

  // How much of its file has been read; none of a live link. Any thread.
  std::optional<ReadShare> share() const;

  // Holds from the first window on that begins at this instant or later: see LinkMeter::Reclassify. Any
  // thread.
  void Reclassify(int64_t from_unix_seconds, Classification classification);

 private:
  void TakeReclassification();
  absl::StatusOr<PollState> PollOnce();
  absl::StatusOr<PollState> Drain();
  void NoteShare();
  void Count(std::span<const PacketView> burst);
  void FollowWallClock(int64_t unix_ns);
  CaptureStats Stats();

  const std::unique_ptr<PacketSource> source_;
  DecodeOptions options_;
  Classifier classifier_;
  LinkMeter meter_;
  const Clocks clocks_;

  std::mutex next_mutex_;
  PendingReclassifications next_;       // with next_mutex_
  std::atomic<bool> has_next_ = false;  // asked at each window's end, without the lock

  std::atomic<uint64_t> read_octets_ = 0;
  std::atomic<uint64_t> octets_ = 0;  // 0: not known
};

}  // namespace kansoku::collector
