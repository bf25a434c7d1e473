// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/link_meter.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace kansoku::collector {
namespace {

constexpr int64_t kMostEmptySeconds = 24 * 3600;  // whole windows of any length
static_assert(kMostEmptySeconds % kFiveMinuteSeconds == 0);

// No packet waits so long in the kernel while wall time ends windows (a second after their end, on a silent
// link): one that is older than the open window by more has its time from a clock that was set back.
constexpr int64_t kSetBackNs = 2 * kNanosecondsPerSecond;

// Refusal and v1::RefusalReason have the same order.
static_assert(kRefusalCount == v1::RefusalReason_ARRAYSIZE);
static_assert(static_cast<int>(Refusal::kNotIp) == v1::REFUSAL_REASON_NOT_IP);
static_assert(static_cast<int>(Refusal::kLinkUnsupported) == v1::REFUSAL_REASON_LINK_UNSUPPORTED);

// Datagrams whose first fragment is remembered, 64 octets each.
constexpr uint32_t kFragmentEntries = 4096;

// A call that nobody answers is repeated a few times (Linux: six); a view of one direction is told by flows
// that went on, and by some number of them.
constexpr uint64_t kLongTcpFlow = 10;  // packets
constexpr uint64_t kEnoughFlows = 20;

// The nearest that int64_t has.
int64_t SaturatedNs(int64_t unix_seconds) {
  using Limits = std::numeric_limits<int64_t>;
  if (unix_seconds > Limits::max() / kNanosecondsPerSecond) return Limits::max();
  if (unix_seconds < Limits::min() / kNanosecondsPerSecond) return Limits::min();
  return unix_seconds * kNanosecondsPerSecond;
}

constexpr std::array<std::pair<DecodeRemark, v1::Remark>, 9> kDecodeRemarks = {{
    {kRemarkLaterFragment, v1::REMARK_LATER_FRAGMENT},
    {kRemarkTransportShort, v1::REMARK_TRANSPORT_SHORT},
    {kRemarkTransportMalformed, v1::REMARK_TRANSPORT_MALFORMED},
    {kRemarkExtensionsShort, v1::REMARK_EXTENSIONS_SHORT},
    {kRemarkExtensionsMalformed, v1::REMARK_EXTENSIONS_MALFORMED},
    {kRemarkLengthBeyondFrame, v1::REMARK_LENGTH_BEYOND_FRAME},
    {kRemarkTunnelShort, v1::REMARK_TUNNEL_SHORT},
    {kRemarkTunnelMalformed, v1::REMARK_TUNNEL_MALFORMED},
    {kRemarkTunnelTooDeep, v1::REMARK_TUNNEL_TOO_DEEP},
}};

v1::FlowRecord::EndReason EndReasonOf(FlowEnd end) {
  switch (end) {
    case FlowEnd::kIdle:
      return v1::FlowRecord::END_REASON_IDLE_TIMEOUT;
    case FlowEnd::kEvicted:
      return v1::FlowRecord::END_REASON_LACK_OF_RESOURCES;
    case FlowEnd::kStopped:
      return v1::FlowRecord::END_REASON_FORCED_END;
  }
  return v1::FlowRecord::END_REASON_UNSPECIFIED;
}

}  // namespace

LinkMeter::LinkMeter(LinkMeterOptions options, Sink sink)
    : options_(std::move(options)),
      sink_(std::move(sink)),
      flows_(options_.flow_table_entries, options_.flow_idle_timeout_ns, options_.flow_hash_seed),
      fragments_(kFragmentEntries, options_.flow_hash_seed + 1),
      sampler_(std::max<uint32_t>(options_.sampling_interval, 1), options_.flow_hash_seed + 2),
      cells_(options_.sampling_interval, options_.statistics),
      dark_(options_.sensors, options_.address_seconds, options_.has_subscribers,
            options_.flow_hash_seed + 3) {}

void LinkMeter::RecordFlows(uint32_t max_records, std::optional<AddressPermutation> permutation) {
  records_.emplace(flows_.capacity(), max_records, std::move(permutation));
}

// Ordinals come round after 2^16 windows. No flow remembers that long: it has ended, idle, long before.
void LinkMeter::Open(int64_t start_unix_seconds) {
  const bool is_set_back = start_unix_seconds < window_start_unix_seconds_;
  std::optional<Reclassification> taken =
      next_.Take(is_set_back ? std::numeric_limits<int64_t>::max() : start_unix_seconds);
  if (taken.has_value()) TakeReclassification(*std::move(taken));
  is_open_ = true;
  window_start_unix_seconds_ = start_unix_seconds;
  window_first_unix_ns_ = SaturatedNs(start_unix_seconds);
  const int64_t end_unix_ns = SaturatedNs(start_unix_seconds + options_.window_seconds);
  window_last_unix_ns_ = end_unix_ns == std::numeric_limits<int64_t>::max() ? end_unix_ns : end_unix_ns - 1;
  constexpr int64_t kEarliest = std::numeric_limits<int64_t>::min();
  window_earliest_unix_ns_ = options_.every_window
                                 ? std::max(window_first_unix_ns_, kEarliest + kSetBackNs) - kSetBackNs
                                 : kEarliest;
  ++window_ordinal_;
}

void LinkMeter::TakeReclassification(Reclassification taken) {
  dark_.Watch(std::move(taken.sensors), std::move(taken.address_seconds), taken.has_subscribers);
  flows_.ForgetClasses();
  taken.taken();
}

bool LinkMeter::TakeClockStep(int64_t unix_ns, const CaptureStats& stats) {
  const bool is_set_back = unix_ns < window_earliest_unix_ns_;
  const bool is_set = stats.read_at.has_value() && clock_steps_.Take(unix_ns, *stats.read_at);
  return is_open_ && (is_set || is_set_back);
}

void LinkMeter::Advance(int64_t unix_ns, const CaptureStats& stats, uint64_t packets_in_hand) {
  const int64_t start = WindowStart(unix_ns, options_.window_seconds);
  const bool clock_was_set = TakeClockStep(unix_ns, stats);
  if (!is_open_) {
    const bool is_at_start = unix_ns % kNanosecondsPerSecond == 0 && unix_ns / kNanosecondsPerSecond == start;
    is_partial_ = options_.every_window && !is_at_start;
    return Open(start);
  }
  is_partial_ |= clock_was_set;
  // No flow lasts from after its end to before its beginning.
  if (start < window_start_unix_seconds_)
    flows_.EndAll([this](const Flow& ended, FlowEnd end) { CountEnd(ended, end); });
  Close(stats, packets_in_hand);
  if (options_.every_window && !clock_was_set) ReportSilence(start, stats, packets_in_hand);
  Open(start);
  is_partial_ = clock_was_set;
}

void LinkMeter::ReportSilence(int64_t until_unix_seconds, const CaptureStats& stats,
                              uint64_t packets_in_hand) {
  int64_t next = window_start_unix_seconds_ + options_.window_seconds;
  for (next = std::max(next, until_unix_seconds - kMostEmptySeconds); next < until_unix_seconds;
       next += options_.window_seconds) {
    Open(next);
    Close(stats, packets_in_hand);
  }
}

void LinkMeter::Count(std::span<PacketInHand> hand, Classify classify) {
  constexpr int kNoSensor = PacketInHand::kNoSensor;
  for (PacketInHand& in : hand) {
    if (in.sensor == kNoSensor) {
      in.key = PrepareFlow(in.packet);
    } else {
      dark_.Prepare(in);
    }
  }
  for (PacketInHand& in : hand) {
    if (in.sensor == kNoSensor) {
      in.flow = flows_.Find(in.key);
    } else {
      dark_.Find(in);
    }
  }
  for (PacketInHand& in : hand) {
    if (in.flow == FlowTable::kNowhere) in.flow = flows_.FindElsewhere(in.key);
  }
  for (const PacketInHand& in : hand) {
    if (in.sensor == kNoSensor) {
      CountFlow(in, classify);
    } else {
      CountDark(in);
    }
  }
}

inline uint64_t LinkMeter::PrepareFlow(DecodedPacket& packet) {
  if (packet.is_fragment && fragments_.Join(packet)) ++window_.remarked[v1::REMARK_FRAGMENT_JOINED];
  const uint64_t hash = flows_.Hash(packet);
  flows_.Prefetch(hash);
  return hash;
}

// Nearly every packet came as it was on the wire, in time, and without a remark.
inline bool LinkMeter::IsPlain(const DecodedPacket& packet) const {
  return packet.remarks == 0 && packet.wire_packets == 1 && packet.captured_unix_ns >= window_first_unix_ns_;
}

Segmentation LinkMeter::Remark(const DecodedPacket& packet) {
  for (const auto& [bit, remark] : kDecodeRemarks) {
    if (packet.remarks & bit) ++window_.remarked[remark];
  }
  if (packet.wire_packets == 0) ++window_.remarked[v1::REMARK_MERGED];
  RemarkIfLate(packet.captured_unix_ns);
  const Segmentation added = Segmentation::Of(packet);
  window_.segmented.packets += added.packets;
  window_.segmented.wire_octets += added.wire_octets;
  return added;
}

void LinkMeter::LearnClass(const DecodedPacket& packet, uint8_t way, Flow& flow, Classify classify) {
  if (flow.HasForgottenClasses()) {
    const uint8_t first_way = flow.FirstWay();
    flow.SetClass(0, first_way, cells_.IdOf(classify(AsIfOnWay(first_way, packet, way))));
    if (way == first_way) return;
  }
  flow.SetClass(flow.IsNew() ? 0 : 1, way, cells_.IdOf(classify(packet)));
}

[[gnu::always_inline]] inline uint16_t LinkMeter::ClassIdOf(const DecodedPacket& packet,
                                                            const FlowTouch& touch, Classify classify) {
  Flow& flow = *touch.flow;
  const uint8_t way = Flow::WayOf(touch.is_reverse, packet.side);
  if (!flow.KnowsClassOf(way)) LearnClass(packet, way, flow, classify);
  return flow.class_ids[flow.ClassSlotOf(way)];
}

[[gnu::always_inline]] inline void LinkMeter::CountStatistics(const DecodedPacket& packet, Segmentation added,
                                                              uint16_t class_id, const FlowTouch& touch) {
  Flow& flow = *touch.flow;
  ClassStatistics& statistics = cells_.StatisticsOf(class_id);
  statistics.CountPacket(packet, added);
  statistics.CountTcp(
      FollowTcp(packet, touch.is_reverse, flow.first_seen_unix_ns, flow.next_tcp_sequence, flow.tcp_state));
}

// Twice, so that nothing is added for a plain packet, not even nothing.
[[gnu::always_inline]] inline void LinkMeter::CountFlow(const PacketInHand& in, Classify classify) {
  if (IsPlain(in.packet)) [[likely]] {
    CountFlowWith({}, in, classify);
  } else {
    CountFlowWith(Remark(in.packet), in, classify);
  }
}

[[gnu::always_inline]] inline void LinkMeter::CountFlowWith(Segmentation added, const PacketInHand& in,
                                                            Classify classify) {
  const DecodedPacket& packet = in.packet;
  window_.captured.Add(packet.wire_octets);
  const FlowTouch touch = flows_.Touch(packet, in.key, in.flow, window_ordinal_,
                                       [this](const Flow& ended, FlowEnd end) { CountEnd(ended, end); });
  const uint16_t class_id = ClassIdOf(packet, touch, classify);
  Flow& flow = *touch.flow;
  flow.ip_octets[touch.is_reverse] += packet.ip_octets;
  flow.packets[touch.is_reverse] += static_cast<uint32_t>(1 + added.packets);
  cells_.CountPacket(class_id, packet, added);
  if (touch.is_first_in_window) cells_.CountFlow(flow.class_ids[0], touch.is_new_flow);
  if (options_.statistics) CountStatistics(packet, added, class_id, touch);
  if (records_.has_value()) Record(packet, touch);
}

void LinkMeter::Record(const DecodedPacket& packet, const FlowTouch& touch) {
  const size_t position = flows_.PositionOf(*touch.flow);
  if (touch.is_new_flow) records_->Begin(position);
  if (packet.has_tcp_flags) records_->Observe(position, packet.tcp_flags);
}

void LinkMeter::TakeRecord(const Flow& flow, v1::FlowRecord::EndReason reason) {
  records_->Take(flows_.PositionOf(flow), flow, cells_.ClassOf(flow.class_ids[0]), reason);
}

void LinkMeter::CountEnd(const Flow& flow, FlowEnd end) {
  if (records_.has_value()) TakeRecord(flow, EndReasonOf(end));
  if (options_.statistics) cells_.StatisticsOf(flow.class_ids[0]).CountEnd(flow);
  if (flow.key.protocol() != kProtocolTcp) return;
  const bool is_one_sided = flow.packets[1] == 0;
  ++window_.tcp_flows_ended;
  window_.tcp_flows_one_sided += is_one_sided ? 1 : 0;
  if (uint64_t{flow.packets[0]} + flow.packets[1] < kLongTcpFlow) return;
  ++window_.long_tcp_flows_ended;
  window_.long_tcp_flows_one_sided += is_one_sided ? 1 : 0;
}

void LinkMeter::CountDark(const PacketInHand& in) {
  window_.captured.Add(in.packet.wire_octets);
  const Segmentation added = IsPlain(in.packet) ? Segmentation() : Remark(in.packet);
  if (!dark_.Count(in, added)) [[unlikely]]
    window_.remarked[v1::REMARK_DARKNET_PORT_LOST] += 1 + added.packets;
}

void LinkMeter::Refuse(Refusal refusal, const PacketView& packet) {
  RemarkIfLate(packet.captured_unix_ns);
  window_.captured.Add(packet.wire_octets);
  window_.refused[static_cast<size_t>(refusal)].Add(packet.wire_octets);
}

void LinkMeter::Skip(const PacketView& packet) {
  RemarkIfLate(packet.captured_unix_ns);
  const uint64_t merged_packets = std::max<uint64_t>(packet.wire_packets, 1) - 1;
  window_.captured.Add(packet.wire_octets);
  window_.segmented.packets += merged_packets;
  window_.not_sampled.Add(packet.wire_octets);
  window_.not_sampled.packets += merged_packets;
}

void LinkMeter::Finish(const CaptureStats& stats, bool capture_damaged) {
  if (!is_open_) return;
  is_partial_ = options_.every_window;
  is_damaged_ = capture_damaged;
  flows_.EndAll([this](const Flow& ended, FlowEnd end) { CountEnd(ended, end); });
  Close(stats, 0);
}

void LinkMeter::Close(const CaptureStats& stats, uint64_t packets_in_hand) {
  flows_.EndIdle(window_last_unix_ns_, [this](const Flow& ended, FlowEnd end) { CountEnd(ended, end); });
  v1::WindowReport report;
  report.set_point(options_.point);
  report.set_window_start_unix_seconds(window_start_unix_seconds_);
  report.set_window_seconds(options_.window_seconds);
  if (options_.sampling_interval > 1) report.set_sampling_interval(options_.sampling_interval);
  v1::Measurement& measurement = *report.mutable_measurement();
  measurement.set_windows(1);
  measurement.set_covered_seconds(options_.window_seconds);
  cells_.MoveTo(*measurement.mutable_cells());
  dark_.MoveTo(window_first_unix_ns_, report);
  FillLedger(stats, packets_in_hand, *measurement.mutable_ledger());
  if (records_.has_value()) FillRecords(report);
  AddFlags(measurement);
  window_ = Window();
  is_open_ = false;
  window_last_unix_ns_ = std::numeric_limits<int64_t>::min();
  window_earliest_unix_ns_ = std::numeric_limits<int64_t>::max();
  is_partial_ = false;
  sink_(std::move(report));
}

void LinkMeter::FillRecords(v1::WindowReport& report) {
  flows_.ForEach([this](const Flow& flow) {
    if (flow.window == window_ordinal_) TakeRecord(flow, v1::FlowRecord::END_REASON_ACTIVE_TIMEOUT);
  });
  records_->MoveTo(report);
}

void LinkMeter::FillLedger(const CaptureStats& stats, uint64_t packets_in_hand, v1::Ledger& ledger) {
  CaptureStats through = stats;
  through.received_packets -= packets_in_hand;
  ledger.set_received_packets(through.received_packets - reported_.received_packets);
  ledger.set_kernel_dropped_packets(through.kernel_dropped_packets - reported_.kernel_dropped_packets);
  ledger.set_interface_dropped_packets(through.interface_dropped_packets -
                                       reported_.interface_dropped_packets);
  ledger.set_ring_freezes(through.ring_freezes - reported_.ring_freezes);
  ledger.set_nic_packets(through.nic_packets - reported_.nic_packets);
  ledger.set_nic_octets(through.nic_octets - reported_.nic_octets);
  ledger.set_tap_packets(through.tap_packets - reported_.tap_packets);
  ledger.set_flows_evicted(flows_.evicted_flows() - evicted_flows_reported_);
  FillCounted(ledger);
  window_.was_down = through.down_observations > reported_.down_observations;
  reported_ = through;
  evicted_flows_reported_ = flows_.evicted_flows();
}

void LinkMeter::FillCounted(v1::Ledger& ledger) const {
  ledger.set_captured_packets(window_.captured.packets);
  ledger.set_captured_wire_octets(window_.captured.wire_octets);
  ledger.set_not_sampled_packets(window_.not_sampled.packets);
  ledger.set_not_sampled_wire_octets(window_.not_sampled.wire_octets);
  ledger.set_segmented_packets(window_.segmented.packets);
  ledger.set_segmented_wire_octets(window_.segmented.wire_octets);
  ledger.set_tcp_flows_ended(window_.tcp_flows_ended);
  ledger.set_tcp_flows_one_sided(window_.tcp_flows_one_sided);
  for (size_t reason = 1; reason < kRefusalCount; ++reason) {
    const Volume& volume = window_.refused[reason];
    if (volume.packets == 0) continue;
    v1::Refused& refused = *ledger.add_refused();
    refused.set_reason(static_cast<v1::RefusalReason>(reason));
    refused.set_packets(volume.packets);
    refused.set_wire_octets(volume.wire_octets);
  }
  for (size_t remark = 1; remark < kRemarks; ++remark) {
    if (window_.remarked[remark] == 0) continue;
    v1::Remarked& remarked = *ledger.add_remarked();
    remarked.set_remark(static_cast<v1::Remark>(remark));
    remarked.set_packets(window_.remarked[remark]);
  }
}

void LinkMeter::AddFlags(v1::Measurement& measurement) const {
  const v1::Ledger& ledger = measurement.ledger();
  const auto add = [&](bool holds, v1::QualityFlag flag) {
    if (holds) measurement.add_flags(flag);
  };
  add(is_partial_, v1::QUALITY_FLAG_PARTIAL);
  add(ledger.kernel_dropped_packets() + ledger.interface_dropped_packets() > 0, v1::QUALITY_FLAG_DROPS);
  add(window_.remarked[v1::REMARK_LATE] > 0, v1::QUALITY_FLAG_LATE_PACKETS);
  add(ledger.flows_evicted() > 0, v1::QUALITY_FLAG_FLOW_TABLE_FULL);
  add(is_damaged_, v1::QUALITY_FLAG_CAPTURE_DAMAGED);
  add(options_.sampling_interval > 1, v1::QUALITY_FLAG_SAMPLED);
  add(window_.remarked[v1::REMARK_MERGED] > 0, v1::QUALITY_FLAG_MERGED_PACKETS);
  add(window_.long_tcp_flows_ended >= kEnoughFlows &&
          2 * window_.long_tcp_flows_one_sided > window_.long_tcp_flows_ended,
      v1::QUALITY_FLAG_ONE_SIDED);
  add(window_.was_down, v1::QUALITY_FLAG_INTERFACE_DOWN);
}

}  // namespace kansoku::collector
