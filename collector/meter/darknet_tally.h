// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "collector/decode/decoded_packet.h"
#include "collector/meter/counter_map.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::collector {

// What reached one sensor in the open window. Exact: as many counters as there are ports that were knocked
// at. One thread.
class DarknetTally {
 public:
  void Count(v1::DarknetClass darknet_class, const DecodedPacket& packet);

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
