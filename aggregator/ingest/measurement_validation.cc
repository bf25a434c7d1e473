// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/measurement_validation.h"

#include "aggregator/ingest/cell_validation.h"
#include "aggregator/ingest/darknet_validation.h"
#include "aggregator/ingest/report_sums.h"
#include "aggregator/ingest/report_validation.h"
#include "aggregator/ingest/wrong.h"
#include "proto/contract/measurement.h"

namespace kansoku::aggregator {
namespace {

absl::Status ValidateFlags(const v1::Measurement& measurement, uint32_t sampling_interval) {
  bool is_sampled = false;
  for (const int flag : measurement.flags()) {
    if (flag == v1::QUALITY_FLAG_UNSPECIFIED || !v1::QualityFlag_IsValid(flag)) {
      return Wrong("flags: ", flag, " is none that this version knows");
    }
    is_sampled = is_sampled || flag == v1::QUALITY_FLAG_SAMPLED;
  }
  if (is_sampled != (sampling_interval > 1)) {
    return Wrong("flags: QUALITY_FLAG_SAMPLED is ", is_sampled ? "set" : "missing",
                 " with a sampling_interval of ", sampling_interval);
  }
  return absl::OkStatus();
}

absl::Status ValidateLedgerCounters(const v1::Ledger& ledger) {
  const auto at_most = [](absl::string_view field, uint64_t value, uint64_t limit) {
    return value <= limit ? absl::OkStatus() : Wrong("ledger.", field, ": ", value, " is above ", limit);
  };
  for (const absl::Status& status :
       {at_most("received_packets", ledger.received_packets(), kMaxPackets),
        at_most("captured_packets", ledger.captured_packets(), kMaxPackets),
        at_most("captured_wire_octets", ledger.captured_wire_octets(), kMaxOctets),
        at_most("kernel_dropped_packets", ledger.kernel_dropped_packets(), kMaxPackets),
        at_most("interface_dropped_packets", ledger.interface_dropped_packets(), kMaxPackets),
        at_most("flows_evicted", ledger.flows_evicted(), kMaxPackets),
        at_most("not_sampled_packets", ledger.not_sampled_packets(), kMaxPackets),
        at_most("not_sampled_wire_octets", ledger.not_sampled_wire_octets(), kMaxOctets),
        at_most("segmented_packets", ledger.segmented_packets(), kMaxPackets),
        at_most("segmented_wire_octets", ledger.segmented_wire_octets(), kMaxOctets),
        at_most("nic_packets", ledger.nic_packets(), kMaxPackets),
        at_most("nic_octets", ledger.nic_octets(), kMaxOctets),
        at_most("tap_packets", ledger.tap_packets(), kMaxPackets),
        at_most("ring_freezes", ledger.ring_freezes(), kMaxPackets),
        at_most("tcp_flows_ended", ledger.tcp_flows_ended(), kMaxPackets),
        at_most("tcp_flows_one_sided", ledger.tcp_flows_one_sided(), ledger.tcp_flows_ended()),
        at_most("flow_records_dropped", ledger.flow_records_dropped(), kMaxPackets)}) {
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ValidateLedger(const v1::Ledger& ledger) {
  if (absl::Status ok = ValidateLedgerCounters(ledger); !ok.ok()) return ok;
  PacketSum packets;
  OctetSum wire_octets;
  for (int i = 0; i < ledger.refused_size(); ++i) {
    const v1::Refused& refused = ledger.refused(i);
    const Place where = {nullptr, "ledger.refused", i};
    if (refused.reason() == v1::REFUSAL_REASON_UNSPECIFIED || !v1::RefusalReason_IsValid(refused.reason())) {
      return Wrong(where, ".reason: ", refused.reason(), " is none that this version knows");
    }
    if (absl::Status ok = packets.Add(where, ".packets", refused.packets()); !ok.ok()) return ok;
    absl::Status ok = wire_octets.Add(where, ".wire_octets", refused.packets(), refused.wire_octets());
    if (!ok.ok()) return ok;
  }
  for (int i = 0; i < ledger.remarked_size(); ++i) {
    const v1::Remarked& remarked = ledger.remarked(i);
    const Place where = {nullptr, "ledger.remarked", i};
    if (remarked.remark() == v1::REMARK_UNSPECIFIED || !v1::Remark_IsValid(remarked.remark())) {
      return Wrong(where, ".remark: ", remarked.remark(), " is none that this version knows");
    }
    if (remarked.packets() > kMaxPackets) {
      return Wrong(where, ".packets: ", remarked.packets(), " is above ", kMaxPackets);
    }
  }
  return absl::OkStatus();
}

// Each sent a packet at least in the window, and an offload may have merged some of them. Those who scan may
// have reached their first address in an earlier one.
absl::Status ValidateSubscribers(const v1::DarknetSubscribers& subscribers, const v1::Ledger& ledger) {
  const uint64_t most = ledger.captured_packets() + ledger.segmented_packets();
  const auto at_most = [most](absl::string_view field, uint64_t value) {
    return value <= most ? absl::OkStatus()
                         : Wrong("darknet_subscribers.", field, ": ", value, " is more than the ", most,
                                 " packets captured");
  };
  for (const absl::Status& status :
       {at_most("reached", subscribers.reached()), at_most("scanning", subscribers.scanning()),
        at_most("further_packets", subscribers.further_packets())}) {
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidateMeasurement(const v1::Measurement& measurement, uint32_t window_seconds,
                                 uint32_t sampling_interval) {
  if (measurement.windows() != 1)
    return Wrong("windows: is ", measurement.windows(), ", must be 1 in a report");
  if (measurement.covered_seconds() != window_seconds) {
    return Wrong("covered_seconds: is ", measurement.covered_seconds(), ", must be the window's ",
                 window_seconds);
  }
  if (measurement.evicted_windows() != 0) {
    return Wrong("evicted_windows: is ", measurement.evicted_windows(), ", must be 0 in a report");
  }
  if (absl::Status ok = ValidateFlags(measurement, sampling_interval); !ok.ok()) return ok;
  if (measurement.cells_size() > kMaxCells) return Wrong("cells: more than ", kMaxCells);
  CellSums sums;
  for (int i = 0; i < measurement.cells_size(); ++i) {
    absl::Status ok = ValidateCell({nullptr, "cells", i}, measurement.cells(i), sampling_interval, sums);
    if (!ok.ok()) return ok;
  }
  if (absl::Status ok = ValidateDarknet(measurement, window_seconds); !ok.ok()) return ok;
  if (absl::Status ok = ValidateLedger(measurement.ledger()); !ok.ok()) return ok;
  absl::Status ok = ValidateSubscribers(measurement.darknet_subscribers(), measurement.ledger());
  if (!ok.ok()) return ok;
  // Last: the order is only defined for values that are known.
  if (!IsCanonical(measurement)) {
    return Wrong("cells, darknet, ledger or flags: are not sorted by their keys, or hold a key twice");
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
