// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/identity.h"

namespace kansoku {

CountedTotals Totals(const v1::Measurement& measurement) {
  CountedTotals totals;
  for (const v1::Cell& cell : measurement.cells()) {
    totals.cell_packets += cell.packets();
    totals.cell_wire_octets += cell.wire_octets();
  }
  for (const v1::DarknetTally& tally : measurement.darknet()) {
    for (const v1::DarknetCell& cell : tally.cells()) {
      totals.darknet_packets += cell.packets();
      totals.darknet_wire_octets += cell.wire_octets();
    }
  }
  for (const v1::Refused& refused : measurement.ledger().refused()) {
    totals.refused_packets += refused.packets();
    totals.refused_wire_octets += refused.wire_octets();
  }
  return totals;
}

std::vector<Identity> CaptureIdentities(const v1::Measurement& measurement) {
  const v1::Ledger& ledger = measurement.ledger();
  const CountedTotals totals = Totals(measurement);
  return {
      {"received_packets", "received = captured + dropped by kernel + dropped by interface (packets)",
       ledger.received_packets(),
       ledger.captured_packets() + ledger.kernel_dropped_packets() + ledger.interface_dropped_packets()},
      {"captured_packets", "captured = cells + darknet + refused (packets)", ledger.captured_packets(),
       totals.cell_packets + totals.darknet_packets + totals.refused_packets},
      {"captured_wire_octets", "captured = cells + darknet + refused (wire octets)",
       ledger.captured_wire_octets(),
       totals.cell_wire_octets + totals.darknet_wire_octets + totals.refused_wire_octets},
  };
}

Identity DeliveryIdentity(uint64_t closed, uint64_t acknowledged, uint64_t spooled, uint64_t evicted) {
  return {"delivered_reports", "reports closed = acknowledged + in the spool + evicted", closed,
          acknowledged + spooled + evicted};
}

Identity StoreIdentity(uint64_t stored_packets, uint64_t acknowledged_packets) {
  return {"stored_packets", "packets in the store = packets of the acknowledged reports", stored_packets,
          acknowledged_packets};
}

}  // namespace kansoku
