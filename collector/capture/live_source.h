// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "collector/capture/nic_counters.h"
#include "collector/capture/packet_source.h"

namespace kansoku::collector {

struct LiveSourceOptions {
  std::string interface;
  Side side = Side::kUnknown;  // whose NIC counters are read; kUnknown: of both
  // Of all the sources of one interface and side, one reads the NIC's counters.
  bool reads_nic_counters = true;
  // One line when the interface is gone, and when it is back. Called by the thread that polls.
  std::function<void(const std::string&)> say = [](const std::string&) {};
};

// A live interface that may be removed and made again, and its NIC counters. While it is gone the link is
// silent, and every Stats() observes it as down.
class LiveSource final : public PacketSource {
 public:
  // Opens the interface by its name, once at start and each time it may be back.
  using Opener = std::function<absl::StatusOr<std::unique_ptr<PacketSource>>()>;

  // Errors are the opener's, and those of NicCounters::Open.
  static absl::StatusOr<std::unique_ptr<PacketSource>> Open(LiveSourceOptions options, Opener opener);

  // Never ends, and never fails with UNAVAILABLE.
  absl::StatusOr<PollState> Poll(Sink sink) override;

  CaptureStats Stats() override;

  // Neither the NIC's counters nor tap_packets count any further. Errors are the open source's.
  absl::Status Deafen() override;

 private:
  LiveSource(LiveSourceOptions options, Opener opener)
      : options_(std::move(options)), opener_(std::move(opener)) {}

  absl::Status OpenNow();
  void CloseNow();
  bool TryAgain();
  CaptureStats StatsOfOpen();
  void AddNicCounters(CaptureStats& stats);

  const LiveSourceOptions options_;
  const Opener opener_;
  std::unique_ptr<PacketSource> source_;  // none while the interface is gone
  std::unique_ptr<NicCounters> nic_counters_;
  CaptureStats past_;  // of sources that were closed
  uint32_t polls_until_attempt_ = 0;
  uint32_t failed_attempts_ = 0;
  bool is_deaf_ = false;
  uint64_t tap_packets_when_deafened_ = 0;
};

}  // namespace kansoku::collector
