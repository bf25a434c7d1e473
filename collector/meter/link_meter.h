// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "collector/capture/capture_stats.h"
#include "collector/classify/classification.h"
#include "collector/decode/decoded_packet.h"
#include "collector/decode/refusal.h"
#include "collector/meter/darknet_tally.h"
#include "collector/meter/flow_table.h"
#include "collector/meter/window_cells.h"
#include "kansoku/v1/report.pb.h"
#include "proto/contract/window.h"

namespace kansoku::collector {

struct LinkMeterOptions {
  std::string point;
  uint32_t window_seconds = 10;
  uint32_t flow_table_entries = 262144;
  int64_t flow_idle_timeout_ns = 60'000'000'000;
  uint64_t flow_hash_seed = 0;
  // A live link reports windows without packets too. Its last window is partial, and so is its first unless
  // it was watched from its very start. A file's silence says nothing, so only windows with something in them
  // are reported.
  bool every_window = false;
  std::vector<std::string> sensors;  // sorted; Classification::sensor is a position in it
  // Monitored addresses x seconds of a window; none where another link reports them.
  std::function<uint64_t(size_t sensor, int64_t start_unix_seconds, uint32_t seconds)> address_seconds;
};

// Everything one point says of one window, counted packet by packet. Time is the packets': a window is open
// until somebody says that a later one has begun. One thread. No allocation for packets of classes seen
// before.
class LinkMeter {
 public:
  using Sink = std::function<void(v1::WindowReport)>;

  LinkMeter(LinkMeterOptions options, Sink sink);

  // Whether this instant lies beyond the open window, or none is open.
  bool EndsBefore(int64_t unix_ns) const {
    return !is_open_ || FloorDivide(unix_ns, kNanosecondsPerSecond) >=
                            window_start_unix_seconds_ + options_.window_seconds;
  }

  // Closes the open window and opens the one that holds this instant. `packets_in_hand` of those that the
  // source has received are not counted yet: they belong to the new window. With every_window, the windows
  // between are reported empty, those of the last day at most.
  void Advance(int64_t unix_ns, const CaptureStats& stats, uint64_t packets_in_hand);

  // One captured packet is one call of either. A window must be open. A packet older than it counts in it and
  // is remarked as late.
  void Count(const DecodedPacket& packet, const Classification& classification);
  void Refuse(Refusal refusal, uint32_t wire_octets);

  // Closes the open window for good.
  void Finish(const CaptureStats& stats, bool capture_damaged);

 private:
  static constexpr size_t kRemarks = v1::Remark_ARRAYSIZE;
  struct RefusedCount {
    uint64_t packets = 0;
    uint64_t wire_octets = 0;
  };
  struct Window {
    uint64_t captured_packets = 0;
    uint64_t captured_wire_octets = 0;
    std::array<RefusedCount, kRefusalCount> refused{};
    std::array<uint64_t, kRemarks> remarked{};
  };

  void Open(int64_t start_unix_seconds);
  void Close(const CaptureStats& stats, uint64_t packets_in_hand);
  void FillLedger(const CaptureStats& stats, uint64_t packets_in_hand, v1::Measurement& measurement);
  void FillDarknet(v1::Measurement& measurement);
  void Remark(uint8_t decode_remarks);

  const LinkMeterOptions options_;
  const Sink sink_;
  FlowTable flows_;
  WindowCells cells_;
  std::vector<DarknetTally> darknet_;  // by sensor
  Window window_;
  bool is_open_ = false;
  bool is_partial_ = false;
  bool is_damaged_ = false;
  // In seconds: the ends of a window that holds the first or last instant of int64_t nanoseconds lie outside.
  int64_t window_start_unix_seconds_ = 0;
  CaptureStats reported_;  // through the last closed window
  uint64_t evicted_flows_reported_ = 0;
};

}  // namespace kansoku::collector
