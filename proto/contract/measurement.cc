// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/measurement.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "proto/contract/dark_prefixes.h"
#include "proto/contract/estimate.h"
#include "proto/contract/histogram.h"
#include "proto/contract/merge_sorted.h"
#include "proto/contract/source_sketch.h"
#include "proto/contract/traffic_class.h"

namespace kansoku {
namespace {

using google::protobuf::RepeatedField;
using google::protobuf::RepeatedPtrField;

uint32_t Key(const v1::Cell& cell) { return TrafficClass(cell.traffic_class()).bits(); }
auto Key(const v1::DarknetCell& cell) {
  return std::tuple(cell.darknet_class(), cell.family(), cell.protocol(), cell.destination_port());
}
auto Key(const v1::DarkPrefix& prefix) { return KeyOf(prefix); }
auto Key(const v1::SourceSketch& sketch) {
  return std::tuple(sketch.darknet_class(), sketch.family(), sketch.protocol());
}
// What was hashed with different keys, or judged by different rules, never meets.
std::tuple<const std::string&, uint64_t, uint32_t> Key(const v1::DarknetTally& tally) {
  return {tally.sensor(), tally.source_key(), tally.rules()};
}
int Key(const v1::Refused& refused) { return refused.reason(); }
int Key(const v1::Remarked& remarked) { return remarked.remark(); }

void Add(const v1::Cell& from, v1::Cell& into) {
  // Before the counters, of which it may be made.
  if (from.has_estimate() || into.has_estimate()) {
    v1::SampledEstimate estimate = EstimateOf(into);
    Merge(EstimateOf(from), estimate);
    *into.mutable_estimate() = std::move(estimate);
  }
  // A class of zeros may be stated or left out.
  if (from.has_traffic_class()) into.mutable_traffic_class();
  into.set_packets(into.packets() + from.packets());
  into.set_wire_octets(into.wire_octets() + from.wire_octets());
  into.set_ip_octets(into.ip_octets() + from.ip_octets());
  into.set_flows(into.flows() + from.flows());
  into.set_new_flows(into.new_flows() + from.new_flows());
  into.set_outer_ip_octets(into.outer_ip_octets() + from.outer_ip_octets());
  into.set_inner_ip_octets(into.inner_ip_octets() + from.inner_ip_octets());
  if (from.has_statistics()) Merge(from.statistics(), *into.mutable_statistics());
}
void Add(const v1::DarknetCell& from, v1::DarknetCell& into) {
  into.set_packets(into.packets() + from.packets());
  into.set_wire_octets(into.wire_octets() + from.wire_octets());
  into.set_ip_octets(into.ip_octets() + from.ip_octets());
}
void Add(const v1::DarkPrefix& from, v1::DarkPrefix& into) {
  into.set_address_seconds(into.address_seconds() + from.address_seconds());
}
void Add(const v1::SourceSketch& from, v1::SourceSketch& into) { Merge(from, into); }
void Add(const v1::DarknetTally& from, v1::DarknetTally& into) { Merge(from, into); }
void Add(const v1::Refused& from, v1::Refused& into) {
  into.set_packets(into.packets() + from.packets());
  into.set_wire_octets(into.wire_octets() + from.wire_octets());
}
void Add(const v1::Remarked& from, v1::Remarked& into) { into.set_packets(into.packets() + from.packets()); }

template <typename Entry>
void MergeSorted(const RepeatedPtrField<Entry>& from, RepeatedPtrField<Entry>& into) {
  kansoku::MergeSorted(
      from, into, [](const Entry& entry) { return Key(entry); },
      [](const Entry& entry, Entry& sum) { Add(entry, sum); });
}

template <typename Entry>
void SortAndFold(RepeatedPtrField<Entry>& entries) {
  std::sort(entries.pointer_begin(), entries.pointer_end(),
            [](const Entry* a, const Entry* b) { return Key(*a) < Key(*b); });
  int last = -1;
  for (int i = 0; i < entries.size(); ++i) {
    if (last >= 0 && Key(entries.Get(last)) == Key(entries.Get(i))) {
      Add(entries.Get(i), *entries.Mutable(last));
    } else if (++last != i) {
      entries.SwapElements(last, i);
    }
  }
  entries.DeleteSubrange(last + 1, entries.size() - last - 1);
}

template <typename Entry>
bool IsSortedUnique(const RepeatedPtrField<Entry>& entries) {
  return std::adjacent_find(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
           return !(Key(a) < Key(b));
         }) == entries.end();
}

void SortAndFold(v1::FlowStatistics& statistics) {
  if (statistics.has_packet_octets()) Canonicalize(*statistics.mutable_packet_octets());
  if (statistics.has_flow_octets()) Canonicalize(*statistics.mutable_flow_octets());
  if (statistics.has_flow_milliseconds()) Canonicalize(*statistics.mutable_flow_milliseconds());
  if (statistics.has_handshake_microseconds()) Canonicalize(*statistics.mutable_handshake_microseconds());
}

bool IsSortedUnique(const v1::FlowStatistics& statistics) {
  return IsCanonical(statistics.packet_octets()) && IsCanonical(statistics.flow_octets()) &&
         IsCanonical(statistics.flow_milliseconds()) && IsCanonical(statistics.handshake_microseconds());
}

void SortUnique(RepeatedField<int>& flags) {
  std::sort(flags.begin(), flags.end());
  flags.Truncate(static_cast<int>(std::unique(flags.begin(), flags.end()) - flags.begin()));
}

}  // namespace

void Merge(const v1::Ledger& from, v1::Ledger& into) {
  into.set_received_packets(into.received_packets() + from.received_packets());
  into.set_captured_packets(into.captured_packets() + from.captured_packets());
  into.set_captured_wire_octets(into.captured_wire_octets() + from.captured_wire_octets());
  into.set_kernel_dropped_packets(into.kernel_dropped_packets() + from.kernel_dropped_packets());
  into.set_interface_dropped_packets(into.interface_dropped_packets() + from.interface_dropped_packets());
  into.set_flows_evicted(into.flows_evicted() + from.flows_evicted());
  into.set_not_sampled_packets(into.not_sampled_packets() + from.not_sampled_packets());
  into.set_not_sampled_wire_octets(into.not_sampled_wire_octets() + from.not_sampled_wire_octets());
  into.set_segmented_packets(into.segmented_packets() + from.segmented_packets());
  into.set_segmented_wire_octets(into.segmented_wire_octets() + from.segmented_wire_octets());
  into.set_nic_packets(into.nic_packets() + from.nic_packets());
  into.set_nic_octets(into.nic_octets() + from.nic_octets());
  into.set_tap_packets(into.tap_packets() + from.tap_packets());
  into.set_ring_freezes(into.ring_freezes() + from.ring_freezes());
  into.set_tcp_flows_ended(into.tcp_flows_ended() + from.tcp_flows_ended());
  into.set_tcp_flows_one_sided(into.tcp_flows_one_sided() + from.tcp_flows_one_sided());
  into.set_flow_records_dropped(into.flow_records_dropped() + from.flow_records_dropped());
  MergeSorted(from.refused(), *into.mutable_refused());
  MergeSorted(from.remarked(), *into.mutable_remarked());
}

void Merge(const v1::DarknetSubscribers& from, v1::DarknetSubscribers& into) {
  into.set_reached(into.reached() + from.reached());
  into.set_scanning(into.scanning() + from.scanning());
  into.set_further_packets(into.further_packets() + from.further_packets());
}

void Merge(const v1::Cell& from, v1::Cell& into) { Add(from, into); }

void Merge(const v1::DarknetTally& from, v1::DarknetTally& into) {
  MergeSorted(from.cells(), *into.mutable_cells());
  MergeAddressSeconds(from, into);
  MergeSorted(from.sketches(), *into.mutable_sketches());
  if (from.has_soft_flags()) Merge(from.soft_flags(), *into.mutable_soft_flags());
}

void Merge(const v1::SoftFlags& from, v1::SoftFlags& into) {
  into.set_examined(into.examined() + from.examined());
  into.set_high_ttl(into.high_ttl() + from.high_ttl());
  into.set_network_source(into.network_source() + from.network_source());
  into.set_own_source(into.own_source() + from.own_source());
  into.set_port_zero(into.port_zero() + from.port_zero());
  into.set_any(into.any() + from.any());
  into.set_foreign_quote(into.foreign_quote() + from.foreign_quote());
}

void Merge(const v1::FlowStatistics& from, v1::FlowStatistics& into) {
  if (from.has_packet_octets()) Merge(from.packet_octets(), *into.mutable_packet_octets());
  if (from.has_flow_octets()) Merge(from.flow_octets(), *into.mutable_flow_octets());
  if (from.has_flow_milliseconds()) Merge(from.flow_milliseconds(), *into.mutable_flow_milliseconds());
  if (from.has_handshake_microseconds()) {
    Merge(from.handshake_microseconds(), *into.mutable_handshake_microseconds());
  }
  into.set_tcp_segments(into.tcp_segments() + from.tcp_segments());
  into.set_tcp_retransmitted_segments(into.tcp_retransmitted_segments() + from.tcp_retransmitted_segments());
  into.set_tcp_reset_flows(into.tcp_reset_flows() + from.tcp_reset_flows());
}

void Merge(const v1::Measurement& from, v1::Measurement& into) {
  MergeSorted(from.cells(), *into.mutable_cells());
  MergeSorted(from.darknet(), *into.mutable_darknet());
  if (from.has_ledger()) Merge(from.ledger(), *into.mutable_ledger());
  into.mutable_flags()->MergeFrom(from.flags());
  SortUnique(*into.mutable_flags());
  into.set_windows(into.windows() + from.windows());
  into.set_covered_seconds(into.covered_seconds() + from.covered_seconds());
  into.set_evicted_windows(into.evicted_windows() + from.evicted_windows());
  if (from.has_darknet_subscribers()) Merge(from.darknet_subscribers(), *into.mutable_darknet_subscribers());
}

void Canonicalize(v1::Measurement& measurement) {
  // What holds lists itself comes last: folding two takes each one's lists as sorted.
  for (v1::DarknetTally& tally : *measurement.mutable_darknet()) {
    SortAndFold(*tally.mutable_cells());
    SortAndFold(*tally.mutable_prefixes());
    for (v1::SourceSketch& sketch : *tally.mutable_sketches()) Canonicalize(sketch);
    SortAndFold(*tally.mutable_sketches());
  }
  for (v1::Cell& cell : *measurement.mutable_cells()) {
    if (cell.has_statistics()) SortAndFold(*cell.mutable_statistics());
  }
  SortAndFold(*measurement.mutable_cells());
  SortAndFold(*measurement.mutable_darknet());
  if (measurement.has_ledger()) {
    SortAndFold(*measurement.mutable_ledger()->mutable_refused());
    SortAndFold(*measurement.mutable_ledger()->mutable_remarked());
  }
  SortUnique(*measurement.mutable_flags());
}

bool IsCanonical(const v1::Measurement& measurement) {
  for (const v1::DarknetTally& tally : measurement.darknet()) {
    const auto& sketches = tally.sketches();
    if (!IsSortedUnique(tally.cells()) || !IsSortedUnique(tally.prefixes()) || !IsSortedUnique(sketches) ||
        !std::all_of(sketches.begin(), sketches.end(),
                     [](const v1::SourceSketch& sketch) { return IsCanonical(sketch); })) {
      return false;
    }
  }
  for (const v1::Cell& cell : measurement.cells()) {
    if (!IsSortedUnique(cell.statistics())) return false;
  }
  const auto& flags = measurement.flags();
  return IsSortedUnique(measurement.cells()) && IsSortedUnique(measurement.darknet()) &&
         IsSortedUnique(measurement.ledger().refused()) && IsSortedUnique(measurement.ledger().remarked()) &&
         std::adjacent_find(flags.begin(), flags.end(), std::greater_equal<int>()) == flags.end();
}

v1::Measurement EvictedWindow() {
  v1::Measurement measurement;
  measurement.set_evicted_windows(1);
  return measurement;
}

}  // namespace kansoku
