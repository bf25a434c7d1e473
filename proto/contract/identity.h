// SPDX-License-Identifier: Apache-2.0
//
// The accounting identities: two independently counted numbers that must be equal. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kansoku/v1/report.pb.h"

namespace kansoku {

struct Identity {
  std::string_view name;       // stable, also the metric label: "captured_packets"
  std::string_view statement;  // "reports closed = acknowledged + in the spool + evicted"
  uint64_t left = 0;
  uint64_t right = 0;
  uint64_t slack = 0;  // how far apart they may be
  bool holds() const { return (left > right ? left - right : right - left) <= slack; }
};

// Sums that the identities speak of.
struct CountedTotals {
  uint64_t cell_packets = 0, cell_wire_octets = 0;
  uint64_t darknet_packets = 0, darknet_wire_octets = 0;
  uint64_t refused_packets = 0, refused_wire_octets = 0;

  // Those that identity 4 is about.
  uint64_t stored_packets() const { return cell_packets + darknet_packets; }
};
CountedTotals Totals(const v1::Measurement& measurement);

// Identity 1, "received_packets", and identity 2, as "captured_packets" and "captured_wire_octets".
// A live link may have packets in the kernel's ring that are received and not yet captured; when a window
// closes the collector leaves those to the next one, so identity 1 is exact for each report.
std::vector<Identity> CaptureIdentities(const v1::Measurement& measurement);

// "nic_packets": what the interface counted is what the kernel offered to the capture, with merged packets
// taken apart. Absent where no interface counters were read. The two are read one after the other while
// packets arrive, so they may differ by 64, the packets that Linux takes from a network card at a time, and
// by 1/1000, as if the readings of a ten-second window were 10 ms apart. What one window misses the next has:
// the slack of a sum over windows need not grow with them. Over months, 1/1000 would hide an offload of
// hours, and an offload that was switched off would stay: judge it over the last hour.
std::optional<Identity> InterfaceIdentity(const v1::Ledger& ledger);

// Identity 3, "delivered_reports": closed = acknowledged + spooled + evicted.
Identity DeliveryIdentity(uint64_t closed, uint64_t acknowledged, uint64_t spooled, uint64_t evicted);

// Identity 4, "stored_packets": what the store holds for a point = what its acknowledged reports said.
Identity StoreIdentity(uint64_t stored_packets, uint64_t acknowledged_packets);

}  // namespace kansoku
