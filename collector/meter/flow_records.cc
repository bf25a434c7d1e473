// SPDX-License-Identifier: Apache-2.0
#include "collector/meter/flow_records.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "proto/contract/window.h"

namespace kansoku::collector {
namespace {

constexpr int64_t kNanosecondsPerMillisecond = 1'000'000;

// Network order: 4 or 16 octets.
std::string ToBytes(const IpAddress& address, uint8_t ip_version) {
  std::string bytes;
  if (ip_version == 4) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(address.ipv4() >> shift));
    return bytes;
  }
  for (const uint64_t half : {address.high, address.low}) {
    for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(half >> shift));
  }
  return bytes;
}

// Equal only where the records are.
auto Order(const v1::FlowRecord& record) {
  return std::tuple(record.start_unix_milliseconds(), std::string_view(record.source_address()),
                    std::string_view(record.destination_address()), record.source_port(),
                    record.destination_port(), record.protocol(), TrafficClass(record.traffic_class()),
                    record.end_unix_milliseconds(), record.octets(), record.reverse_octets(),
                    record.packets(), record.reverse_packets(), record.tcp_control_bits(),
                    record.end_reason());
}

uint64_t BothOctets(const v1::FlowRecord& record) { return record.octets() + record.reverse_octets(); }

void SortRecords(google::protobuf::RepeatedPtrField<v1::FlowRecord>& records) {
  std::sort(records.pointer_begin(), records.pointer_end(),
            [](const v1::FlowRecord* a, const v1::FlowRecord* b) { return Order(*a) < Order(*b); });
}

void CountDropped(uint64_t dropped, v1::WindowReport& report) {
  if (dropped == 0) return;
  v1::Ledger& ledger = *report.mutable_measurement()->mutable_ledger();
  ledger.set_flow_records_dropped(ledger.flow_records_dropped() + dropped);
}

}  // namespace

FlowRecords::FlowRecords(size_t positions, uint32_t max_records,
                         std::optional<AddressPermutation> permutation)
    : max_records_(max_records),
      permutation_(std::move(permutation)),
      reported_(positions),
      taken_(max_records) {
  taken_.clear();
}

// More octets first; what settles ties has no meaning, but is the same in every run.
bool FlowRecords::HasMore(const Taken& a, const Taken& b) {
  const auto rank = [](const Taken& taken) {
    const Flow& flow = taken.flow;
    return std::tuple(flow.ip_octets[0] + flow.ip_octets[1], flow.packets[0] + flow.packets[1],
                      flow.first_seen_unix_ns, flow.key.source, flow.key.destination, flow.key.rest);
  };
  return rank(a) > rank(b);
}

void FlowRecords::Take(size_t position, const Flow& flow, TrafficClass traffic_class,
                       v1::FlowRecord::EndReason reason) {
  Reported& reported = reported_[position];
  Taken taken{flow, traffic_class, reason, reported.tcp_control_bits};
  for (const size_t direction : {0, 1}) {
    taken.flow.ip_octets[direction] -= reported.octets[direction];
    taken.flow.packets[direction] -= reported.packets[direction];
  }
  reported.octets = flow.ip_octets;
  reported.packets = flow.packets;
  if (taken.flow.packets == std::array<uint32_t, 2>{}) return;

  if (taken_.size() < max_records_) {
    taken_.push_back(taken);
    if (taken_.size() == max_records_) std::make_heap(taken_.begin(), taken_.end(), HasMore);
    return;
  }
  ++dropped_;
  if (!HasMore(taken, taken_.front())) return;
  std::pop_heap(taken_.begin(), taken_.end(), HasMore);
  taken_.back() = taken;
  std::push_heap(taken_.begin(), taken_.end(), HasMore);
}

void FlowRecords::MoveTo(v1::WindowReport& report) {
  auto& records = *report.mutable_flow_records();
  records.Reserve(static_cast<int>(taken_.size()));
  for (const Taken& taken : taken_) {
    if (Fill(taken, *records.Add())) continue;
    records.RemoveLast();
    ++dropped_;
  }
  SortRecords(records);
  CountDropped(std::exchange(dropped_, 0), report);
  taken_.clear();
}

bool FlowRecords::Fill(const Taken& taken, v1::FlowRecord& record) {
  const Flow& flow = taken.flow;
  const uint8_t ip_version = flow.key.ip_version();
  IpAddress source = flow.key.source;
  IpAddress destination = flow.key.destination;
  if (permutation_.has_value()) {
    const std::optional<IpAddress> permuted_source = permutation_->Permute(source, ip_version);
    const std::optional<IpAddress> permuted_destination = permutation_->Permute(destination, ip_version);
    if (!permuted_source.has_value() || !permuted_destination.has_value()) return false;
    source = *permuted_source;
    destination = *permuted_destination;
  }
  record.set_source_address(ToBytes(source, ip_version));
  record.set_destination_address(ToBytes(destination, ip_version));
  record.set_source_port(flow.key.source_port());
  record.set_destination_port(flow.key.destination_port());
  record.set_protocol(flow.key.protocol());
  *record.mutable_traffic_class() = taken.traffic_class.ToMessage();
  record.set_octets(flow.ip_octets[0]);
  record.set_packets(flow.packets[0]);
  record.set_reverse_octets(flow.ip_octets[1]);
  record.set_reverse_packets(flow.packets[1]);
  record.set_start_unix_milliseconds(FloorDivide(flow.first_seen_unix_ns, kNanosecondsPerMillisecond));
  record.set_end_unix_milliseconds(FloorDivide(flow.last_seen_unix_ns, kNanosecondsPerMillisecond));
  record.set_tcp_control_bits(taken.tcp_control_bits);
  record.set_end_reason(taken.reason);
  record.set_addresses_are_plain(!permutation_.has_value());
  return true;
}

void BoundFlowRecords(uint32_t max_records, v1::WindowReport& report) {
  auto& records = *report.mutable_flow_records();
  if (const int kept = static_cast<int>(max_records); records.size() > kept) {
    std::sort(records.pointer_begin(), records.pointer_end(),
              [](const v1::FlowRecord* a, const v1::FlowRecord* b) {
                return std::tuple(BothOctets(*b), Order(*a)) < std::tuple(BothOctets(*a), Order(*b));
              });
    CountDropped(static_cast<uint64_t>(records.size() - kept), report);
    records.DeleteSubrange(kept, records.size() - kept);
  }
  SortRecords(records);
}

}  // namespace kansoku::collector
