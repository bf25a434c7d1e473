// SPDX-License-Identifier: Apache-2.0
//
// Judges the cells of a report for measurement_validation.h. Messages begin with the field. Pure; any thread.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "aggregator/ingest/report_sums.h"
#include "aggregator/ingest/wrong.h"
#include "kansoku/v1/report.pb.h"

namespace kansoku::aggregator {

// What all cells of a report have in common.
struct CellSums {
  PacketSum packets, estimated_packets;
  OctetSum wire_octets, ip_octets, outer_ip_octets, inner_ip_octets;
  OctetSum estimated_wire_octets, estimated_ip_octets;
  int histogram_buckets = 0;
};

// Every dimension that each packet has is known to this version and specified.
absl::Status ValidateTrafficClass(const Place& where, const v1::TrafficClass& traffic_class);

// With one packet in `sampling_interval` looked at; 0 and 1: every one.
absl::Status ValidateCell(const Place& where, const v1::Cell& cell, uint32_t sampling_interval,
                          CellSums& sums);

}  // namespace kansoku::aggregator
