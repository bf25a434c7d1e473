// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/identity.h"

#include <algorithm>

namespace kansoku {

std::optional<Identity> InterfaceIdentity(const v1::Ledger& ledger) {
  if (ledger.nic_packets() == 0 && ledger.tap_packets() == 0) return std::nullopt;
  const uint64_t nic = ledger.nic_packets();
  // A card counts the packets of the wire; a virtual interface counts a merged one as one.
  const uint64_t offered =
      std::clamp(nic, ledger.tap_packets(), ledger.tap_packets() + ledger.segmented_packets());
  return Identity{"nic_packets",
                  "nic = offered to the capture, merged or segmented (packets, within 64 + 1/1000)", nic,
                  offered, 64 + std::max(nic, offered) / 1000};
}

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
      {"captured_packets", "captured + segmented = cells + darknet + refused + not sampled (packets)",
       ledger.captured_packets() + ledger.segmented_packets(),
       totals.cell_packets + totals.darknet_packets + totals.refused_packets + ledger.not_sampled_packets()},
      {"captured_wire_octets", "captured + segmented = cells + darknet + refused + not sampled (wire octets)",
       ledger.captured_wire_octets() + ledger.segmented_wire_octets(),
       totals.cell_wire_octets + totals.darknet_wire_octets + totals.refused_wire_octets +
           ledger.not_sampled_wire_octets()},
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
