// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "collector/decode/decoded_packet.h"
#include "collector/meter/class_statistics.h"
#include "collector/meter/counter_map.h"
#include "collector/meter/segmentation.h"
#include "kansoku/v1/report.pb.h"
#include "proto/contract/estimate.h"
#include "proto/contract/traffic_class.h"

namespace kansoku::collector {

// The traffic cells of the open window. A class has an id, so that what is known of a flow can name it: a
// position that stays the same for good. One thread; allocates when a class is new: 16 KiB with statistics.
// Strangers can make no more classes than there are carriers, transports and families, 238, for each
// direction and each access and technology of the configuration: with fixed and mobile subscribers and one
// technology each, 1,666 (26 MiB).
class WindowCells {
 public:
  // With one packet in `sampling_interval` looked at; more than 1: cells have estimates.
  explicit WindowCells(uint32_t sampling_interval = 1, bool has_statistics = true)
      : sampling_interval_(sampling_interval), has_statistics_(has_statistics) {}

  // Gives a new class the next id.
  uint16_t IdOf(TrafficClass traffic_class);
  TrafficClass ClassOf(uint16_t id) const { return classes_[id]; }

  void CountPacket(uint16_t id, const DecodedPacket& packet, Segmentation added) {
    Cell& cell = cells_[id];
    cell.packets += 1 + added.packets;
    cell.wire_octets += packet.wire_octets + added.wire_octets;
    cell.ip_octets += packet.ip_octets;
    cell.outer_ip_octets += packet.outer_ip_octets;
    cell.inner_ip_octets += packet.inner_ip_octets;
    if (sampling_interval_ > 1) CountSample(id, packet, added);
  }

  // Once for each flow and window, under the class of the flow's first packet. That class may have no packet
  // in this window: its cell then holds flows only.
  void CountFlow(uint16_t id, bool is_new) {
    ++cells_[id].flows;
    cells_[id].new_flows += is_new ? 1 : 0;
  }

  // Only with statistics.
  ClassStatistics& StatisticsOf(uint16_t id) { return *statistics_[id]; }

  // Appends the cells that hold something to the empty list, sorted by class, and starts over. Ids stay.
  void MoveTo(google::protobuf::RepeatedPtrField<v1::Cell>& cells);

 private:
  // A link has one group; what is left of a class fits an id.
  static_assert(uint64_t{v1::Access_ARRAYSIZE} * v1::Technology_ARRAYSIZE * v1::Direction_ARRAYSIZE *
                    v1::Family_ARRAYSIZE * v1::Carrier_ARRAYSIZE * v1::Transport_ARRAYSIZE <
                65536);

  // One cache line.
  struct alignas(64) Cell {
    uint64_t packets = 0;
    uint64_t wire_octets = 0;
    uint64_t ip_octets = 0;
    uint64_t outer_ip_octets = 0;
    uint64_t inner_ip_octets = 0;
    uint64_t flows = 0;
    uint64_t new_flows = 0;
  };

  void CountSample(uint16_t id, const DecodedPacket& packet, Segmentation added);
  bool HasStatistics(size_t id) const;
  void Fill(size_t id, v1::Cell& cell);

  uint32_t sampling_interval_;
  bool has_statistics_;
  CounterMap<uint32_t> ids_{
      0};  // by class: its id, plus 1. Strangers do not choose enough of it for a secret
  // By id.
  std::vector<TrafficClass> classes_;
  std::vector<Cell> cells_;
  std::vector<SampleSums> samples_;                           // empty where every packet is looked at
  std::vector<std::unique_ptr<ClassStatistics>> statistics_;  // large; empty without
};

}  // namespace kansoku::collector
