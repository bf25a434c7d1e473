// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "collector/classify/soft_flags.h"
#include "collector/decode/decoded_packet.h"
#include "collector/meter/counter_map.h"
#include "collector/meter/segmentation.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::collector {

// What reached the sensors of a link in the open window: a cell for each port that was knocked at, and how
// many packets look odd. Exact up to as many cells as a report may have, less those that have no port;
// packets to further ports count under port 0. One thread; allocates when there are more cells than memory
// was kept for.
class DarknetTally {
 public:
  // Of as many sensors, each known by its position.
  DarknetTally(size_t sensors, uint64_t hash_seed);

  // What a packet counts under, as one number. Scans knock at one port after the other, so the counters of
  // many packets are fetched before they are needed: KeyOf and Prefetch each, then Count each.
  static uint64_t KeyOf(size_t sensor, v1::DarknetClass darknet_class, const DecodedPacket& packet);
  void Prefetch(uint64_t key) const { cells_.Prefetch(key); }
  // With its SoftFlag bits. False if the packet's port found no room.
  bool Count(uint64_t key, const DecodedPacket& packet, uint8_t soft_flags, Segmentation added);

  // Appends the cells to the empty list of their sensor, sorted by class, family, protocol and port, and
  // starts over.
  using Cells = google::protobuf::RepeatedPtrField<v1::DarknetCell>;
  void MoveTo(absl::FunctionRef<Cells&(size_t sensor)> cells_of);

  // Moves the soft flags of a sensor's packets to its tally.
  void MoveSoftFlagsTo(size_t sensor, v1::DarknetTally& tally);

 private:
  struct Counters {
    uint64_t packets = 0;
    uint64_t wire_octets = 0;
    uint64_t ip_octets = 0;
  };
  // Packets: those with a flag, by its bit.
  struct SoftFlagCounters {
    uint64_t examined = 0;
    uint64_t any = 0;
    std::array<uint64_t, kSoftFlags> of_flag{};
  };
  size_t cells_with_port_;  // so many at most
  CounterMap<Counters> cells_;
  std::vector<SoftFlagCounters> soft_flags_;  // by sensor
};

// Makes a sum over workers fit into a report: the ports with the fewest packets become port 0, with a remark.
void BoundDarknetCells(v1::Measurement& measurement);

// Likewise of prefixes, of which a report says all or none; without a remark.
void BoundDarkPrefixes(v1::Measurement& measurement);

}  // namespace kansoku::collector
