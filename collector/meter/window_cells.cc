// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/window_cells.h"

namespace kansoku::collector {

void WindowCells::MoveTo(google::protobuf::RepeatedPtrField<v1::Cell>& cells) {
  cells_.VisitSorted([&](uint64_t key, const Counters& counted) {
    v1::Cell& cell = *cells.Add();
    *cell.mutable_traffic_class() = TrafficClass::FromBits(static_cast<uint32_t>(key)).ToMessage();
    cell.set_packets(counted.packets);
    cell.set_wire_octets(counted.wire_octets);
    cell.set_ip_octets(counted.ip_octets);
    cell.set_flows(counted.flows);
    cell.set_new_flows(counted.new_flows);
  });
  cells_.Clear();
}

}  // namespace kansoku::collector
