// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "collector/capture/capture_stats.h"
#include "collector/capture/packet_view.h"

namespace kansoku::collector {

// The interface's own counters, as ifconfig, SNMP and `ip -s link` know them (rtnetlink's IFLA_STATS64), from
// the moment of opening on. One thread; of the network namespace of the thread that opened it.
class NicCounters {
 public:
  // Counts one side, or with kUnknown both. NOT_FOUND, UNAVAILABLE.
  static absl::StatusOr<std::unique_ptr<NicCounters>> Open(const std::string& interface, Side side);
  ~NicCounters();
  NicCounters(const NicCounters&) = delete;
  NicCounters& operator=(const NicCounters&) = delete;

  // Reads the counters and fills in what they say: nic_packets, nic_octets, interface_dropped_packets (the
  // received side's: no room in the card or its driver) and down_observations. A few system calls.
  void AddTo(CaptureStats& stats);

 private:
  struct Reading {
    bool is_running = false;  // up, with a carrier
    uint64_t packets = 0;
    uint64_t octets = 0;
    uint64_t dropped = 0;
    uint32_t carrier_losses = 0;  // tells of a link that was down between two readings
  };

  NicCounters(int socket, int interface_index, Side side)
      : socket_(socket), interface_index_(interface_index), side_(side) {}

  absl::StatusOr<Reading> Read() const;

  const int socket_;
  const int interface_index_;
  const Side side_;
  Reading first_;  // what had been counted before
  Reading last_;
  uint64_t down_observations_ = 0;
};

}  // namespace kansoku::collector
