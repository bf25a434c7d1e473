// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/measurement.h"

#include <algorithm>
#include <string>
#include <tuple>

#include "proto/contract/traffic_class.h"

namespace kansoku {
namespace {

using google::protobuf::RepeatedField;
using google::protobuf::RepeatedPtrField;

uint32_t Key(const v1::Cell& cell) { return TrafficClass(cell.traffic_class()).bits(); }
auto Key(const v1::DarknetCell& cell) {
  return std::tuple(cell.darknet_class(), cell.family(), cell.protocol(), cell.destination_port());
}
const std::string& Key(const v1::DarknetTally& tally) { return tally.sensor(); }
int Key(const v1::Refused& refused) { return refused.reason(); }
int Key(const v1::Remarked& remarked) { return remarked.remark(); }

void Add(const v1::Cell& from, v1::Cell& into) {
  into.set_packets(into.packets() + from.packets());
  into.set_wire_octets(into.wire_octets() + from.wire_octets());
  into.set_ip_octets(into.ip_octets() + from.ip_octets());
  into.set_flows(into.flows() + from.flows());
  into.set_new_flows(into.new_flows() + from.new_flows());
}
void Add(const v1::DarknetCell& from, v1::DarknetCell& into) {
  into.set_packets(into.packets() + from.packets());
  into.set_wire_octets(into.wire_octets() + from.wire_octets());
  into.set_ip_octets(into.ip_octets() + from.ip_octets());
}
void Add(const v1::DarknetTally& from, v1::DarknetTally& into) { Merge(from, into); }
void Add(const v1::Refused& from, v1::Refused& into) {
  into.set_packets(into.packets() + from.packets());
  into.set_wire_octets(into.wire_octets() + from.wire_octets());
}
void Add(const v1::Remarked& from, v1::Remarked& into) { into.set_packets(into.packets() + from.packets()); }

// Both lists are sorted. New keys are appended and moved to their place once, at the end.
template <typename Entry>
void MergeSorted(const RepeatedPtrField<Entry>& from, RepeatedPtrField<Entry>& into) {
  const int known = into.size();
  int at = 0;
  for (const Entry& entry : from) {
    while (at < known && Key(into.Get(at)) < Key(entry)) ++at;
    if (at < known && Key(into.Get(at)) == Key(entry)) {
      Add(entry, *into.Mutable(at));
    } else {
      *into.Add() = entry;
    }
  }
  if (into.size() == known) return;
  std::inplace_merge(into.pointer_begin(), into.pointer_begin() + known, into.pointer_end(),
                     [](const Entry* a, const Entry* b) { return Key(*a) < Key(*b); });
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
  MergeSorted(from.refused(), *into.mutable_refused());
  MergeSorted(from.remarked(), *into.mutable_remarked());
}

void Merge(const v1::DarknetTally& from, v1::DarknetTally& into) {
  MergeSorted(from.cells(), *into.mutable_cells());
  into.set_address_seconds(into.address_seconds() + from.address_seconds());
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
}

void Canonicalize(v1::Measurement& measurement) {
  // Tallies last: folding two of them takes each one's cells as sorted.
  for (v1::DarknetTally& tally : *measurement.mutable_darknet()) SortAndFold(*tally.mutable_cells());
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
    if (!IsSortedUnique(tally.cells())) return false;
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
