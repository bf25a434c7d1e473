// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "collector/meter/counter_map.h"
#include "kansoku/v1/report.pb.h"
#include "proto/contract/traffic_class.h"

namespace kansoku::collector {

// The traffic cells of the open window. One thread.
class WindowCells {
 public:
  void CountPacket(TrafficClass traffic_class, uint32_t wire_octets, uint32_t ip_octets) {
    Counters& cell = cells_[Key(traffic_class)];
    ++cell.packets;
    cell.wire_octets += wire_octets;
    cell.ip_octets += ip_octets;
  }

  // Once for each flow and window, under the class of the flow's first packet. That class may have no packet
  // in this window: its cell then holds flows only.
  void CountFlow(TrafficClass traffic_class, bool is_new) {
    Counters& cell = cells_[Key(traffic_class)];
    ++cell.flows;
    cell.new_flows += is_new ? 1 : 0;
  }

  // Appends the cells to the empty list, sorted by class, and starts over.
  void MoveTo(google::protobuf::RepeatedPtrField<v1::Cell>& cells);

 private:
  struct Counters {
    uint64_t packets = 0;
    uint64_t wire_octets = 0;
    uint64_t ip_octets = 0;
    uint64_t flows = 0;
    uint64_t new_flows = 0;
  };
  // The bit above the class keeps the key from being 0.
  static uint64_t Key(TrafficClass traffic_class) { return uint64_t{1} << 32 | traffic_class.bits(); }

  CounterMap<Counters> cells_;
};

}  // namespace kansoku::collector
