// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "collector/decode/decoded_packet.h"
#include "collector/meter/counter_map.h"
#include "collector/meter/segmentation.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::collector {

// What reached one sensor in the open window. Exact: as many counters as there are ports that were knocked
// at. One thread; allocates only when there are more of them than ever before.
class DarknetTally {
 public:
  // What a packet counts under, as one number. Scans knock at one port after the other, so the counters of
  // many packets are fetched before they are needed: KeyOf and Prefetch each, then Count each.
  static uint64_t KeyOf(v1::DarknetClass darknet_class, const DecodedPacket& packet);
  void Prefetch(uint64_t key) const { cells_.Prefetch(key); }
  void Count(uint64_t key, const DecodedPacket& packet, Segmentation added);

  // Appends the cells to the empty list, sorted by class, family, protocol and port, and starts over.
  void MoveTo(google::protobuf::RepeatedPtrField<v1::DarknetCell>& cells);

 private:
  struct Counters {
    uint64_t packets = 0;
    uint64_t wire_octets = 0;
    uint64_t ip_octets = 0;
  };
  CounterMap<Counters> cells_;
};

}  // namespace kansoku::collector
