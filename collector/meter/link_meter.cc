// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/link_meter.h"

#include <algorithm>
#include <utility>

namespace kansoku::collector {
namespace {

constexpr int64_t kMostEmptySeconds = 24 * 3600;  // whole windows of any length
static_assert(kMostEmptySeconds % kFiveMinuteSeconds == 0);

// Refusal and v1::RefusalReason have the same order.
static_assert(kRefusalCount == v1::RefusalReason_ARRAYSIZE);
static_assert(static_cast<int>(Refusal::kNotIp) == v1::REFUSAL_REASON_NOT_IP);
static_assert(static_cast<int>(Refusal::kNetworkMalformed) == v1::REFUSAL_REASON_NETWORK_MALFORMED);

constexpr std::array<std::pair<DecodeRemark, v1::Remark>, 6> kDecodeRemarks = {{
    {kRemarkLaterFragment, v1::REMARK_LATER_FRAGMENT},
    {kRemarkTransportShort, v1::REMARK_TRANSPORT_SHORT},
    {kRemarkTransportMalformed, v1::REMARK_TRANSPORT_MALFORMED},
    {kRemarkExtensionsShort, v1::REMARK_EXTENSIONS_SHORT},
    {kRemarkExtensionsMalformed, v1::REMARK_EXTENSIONS_MALFORMED},
    {kRemarkLengthBeyondFrame, v1::REMARK_LENGTH_BEYOND_FRAME},
}};

}  // namespace

LinkMeter::LinkMeter(LinkMeterOptions options, Sink sink)
    : options_(std::move(options)),
      sink_(std::move(sink)),
      flows_(options_.flow_table_entries, options_.flow_idle_timeout_ns, options_.flow_hash_seed),
      darknet_(options_.sensors.size()) {}

void LinkMeter::Open(int64_t start_unix_seconds) {
  is_open_ = true;
  window_start_unix_seconds_ = start_unix_seconds;
}

void LinkMeter::Advance(int64_t unix_ns, const CaptureStats& stats, uint64_t packets_in_hand) {
  const int64_t start = WindowStart(unix_ns, options_.window_seconds);
  if (!is_open_) {
    const bool is_at_start = unix_ns % kNanosecondsPerSecond == 0 && unix_ns / kNanosecondsPerSecond == start;
    is_partial_ = options_.every_window && !is_at_start;
    return Open(start);
  }
  int64_t next = window_start_unix_seconds_ + options_.window_seconds;
  Close(stats, packets_in_hand);
  if (options_.every_window) {
    next = std::max(next, start - kMostEmptySeconds);
    for (; next < start; next += options_.window_seconds) {
      Open(next);
      Close(stats, packets_in_hand);
    }
  }
  Open(start);
}

void LinkMeter::Count(const DecodedPacket& packet, const Classification& classification) {
  ++window_.captured_packets;
  window_.captured_wire_octets += packet.wire_octets;
  if (packet.remarks != 0) Remark(packet.remarks);
  if (FloorDivide(packet.captured_unix_ns, kNanosecondsPerSecond) < window_start_unix_seconds_) {
    ++window_.remarked[v1::REMARK_LATE];
  }
  if (classification.is_dark()) {
    darknet_[static_cast<size_t>(classification.sensor)].Count(classification.darknet_class, packet);
    return;
  }
  cells_.CountPacket(classification.traffic_class, packet.wire_octets, packet.ip_octets);
  const FlowTouch touch = flows_.Touch(packet, classification.traffic_class, window_start_unix_seconds_);
  if (touch.is_first_in_window) cells_.CountFlow(touch.traffic_class, touch.is_new_flow);
}

void LinkMeter::Remark(uint8_t decode_remarks) {
  for (const auto& [bit, remark] : kDecodeRemarks) {
    if (decode_remarks & bit) ++window_.remarked[remark];
  }
}

void LinkMeter::Refuse(Refusal refusal, uint32_t wire_octets) {
  ++window_.captured_packets;
  window_.captured_wire_octets += wire_octets;
  RefusedCount& refused = window_.refused[static_cast<size_t>(refusal)];
  ++refused.packets;
  refused.wire_octets += wire_octets;
}

void LinkMeter::Finish(const CaptureStats& stats, bool capture_damaged) {
  if (!is_open_) return;
  is_partial_ = options_.every_window;
  is_damaged_ = capture_damaged;
  Close(stats, 0);
}

void LinkMeter::Close(const CaptureStats& stats, uint64_t packets_in_hand) {
  v1::WindowReport report;
  report.set_point(options_.point);
  report.set_window_start_unix_seconds(window_start_unix_seconds_);
  report.set_window_seconds(options_.window_seconds);
  v1::Measurement& measurement = *report.mutable_measurement();
  measurement.set_windows(1);
  measurement.set_covered_seconds(options_.window_seconds);
  cells_.MoveTo(*measurement.mutable_cells());
  FillDarknet(measurement);
  FillLedger(stats, packets_in_hand, measurement);
  if (is_partial_) measurement.add_flags(v1::QUALITY_FLAG_PARTIAL);
  if (is_damaged_) measurement.add_flags(v1::QUALITY_FLAG_CAPTURE_DAMAGED);
  std::sort(measurement.mutable_flags()->begin(), measurement.mutable_flags()->end());
  window_ = Window();
  is_open_ = false;
  is_partial_ = false;
  sink_(std::move(report));
}

void LinkMeter::FillDarknet(v1::Measurement& measurement) {
  for (size_t sensor = 0; sensor < darknet_.size(); ++sensor) {
    v1::DarknetTally tally;
    tally.set_sensor(options_.sensors[sensor]);
    darknet_[sensor].MoveTo(*tally.mutable_cells());
    if (options_.address_seconds) {
      tally.set_address_seconds(
          options_.address_seconds(sensor, window_start_unix_seconds_, options_.window_seconds));
    }
    if (tally.cells_size() > 0 || tally.address_seconds() > 0) *measurement.add_darknet() = std::move(tally);
  }
}

void LinkMeter::FillLedger(const CaptureStats& stats, uint64_t packets_in_hand,
                           v1::Measurement& measurement) {
  CaptureStats through = stats;
  through.received_packets -= packets_in_hand;
  v1::Ledger& ledger = *measurement.mutable_ledger();
  ledger.set_received_packets(through.received_packets - reported_.received_packets);
  ledger.set_captured_packets(window_.captured_packets);
  ledger.set_captured_wire_octets(window_.captured_wire_octets);
  ledger.set_kernel_dropped_packets(through.kernel_dropped_packets - reported_.kernel_dropped_packets);
  ledger.set_interface_dropped_packets(through.interface_dropped_packets -
                                       reported_.interface_dropped_packets);
  for (size_t reason = 1; reason < kRefusalCount; ++reason) {
    const RefusedCount& count = window_.refused[reason];
    if (count.packets == 0) continue;
    v1::Refused& refused = *ledger.add_refused();
    refused.set_reason(static_cast<v1::RefusalReason>(reason));
    refused.set_packets(count.packets);
    refused.set_wire_octets(count.wire_octets);
  }
  for (size_t remark = 1; remark < kRemarks; ++remark) {
    if (window_.remarked[remark] == 0) continue;
    v1::Remarked& remarked = *ledger.add_remarked();
    remarked.set_remark(static_cast<v1::Remark>(remark));
    remarked.set_packets(window_.remarked[remark]);
  }
  ledger.set_flows_evicted(flows_.evicted_flows() - evicted_flows_reported_);
  if (ledger.kernel_dropped_packets() + ledger.interface_dropped_packets() > 0) {
    measurement.add_flags(v1::QUALITY_FLAG_DROPS);
  }
  if (window_.remarked[v1::REMARK_LATE] > 0) measurement.add_flags(v1::QUALITY_FLAG_LATE_PACKETS);
  if (ledger.flows_evicted() > 0) measurement.add_flags(v1::QUALITY_FLAG_FLOW_TABLE_FULL);
  reported_ = through;
  evicted_flows_reported_ = flows_.evicted_flows();
}

}  // namespace kansoku::collector
