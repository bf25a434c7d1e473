// SPDX-License-Identifier: Apache-2.0
#include "tests/aggregator/store/sample_report.h"

#include "proto/contract/identity.h"
#include "proto/contract/measurement.h"

namespace kansoku::aggregator {
namespace {

constexpr uint64_t kDarkWireOctets = 60, kDarkIpOctets = 44;  // of each packet

}  // namespace

v1::Measurement SampleMeasurement(uint64_t seed, int cells, bool darknet) {
  v1::Measurement measurement;
  for (int i = 0; i < cells; ++i) {
    v1::Cell& cell = *measurement.add_cells();
    v1::TrafficClass& traffic_class = *cell.mutable_traffic_class();
    // The classes differ between seeds, so that rollups meet both known and new ones.
    const int number = static_cast<int>((seed + static_cast<uint64_t>(i)) % 120);
    traffic_class.set_group(v1::GROUP_A1);
    traffic_class.set_access(static_cast<v1::Access>(number % 3));
    traffic_class.set_direction(static_cast<v1::Direction>(1 + number / 3 % 4));
    traffic_class.set_family(static_cast<v1::Family>(1 + number / 12 % 2));
    traffic_class.set_carrier(v1::CARRIER_NATIVE);
    traffic_class.set_transport(static_cast<v1::Transport>(1 + number / 24 % 5));
    cell.set_packets(1'000 + seed % 977 + static_cast<uint64_t>(i));
    cell.set_wire_octets(cell.packets() * 814);
    cell.set_ip_octets(cell.packets() * 800);
    cell.set_flows(40 + seed % 7);
    cell.set_new_flows(seed % 7);
  }
  if (darknet) {
    v1::DarknetTally& tally = *measurement.add_darknet();
    tally.set_sensor("dark-" + std::to_string(seed % 2));
    tally.set_address_seconds(2'560);
    v1::DarknetCell& cell = *tally.add_cells();
    cell.set_darknet_class(v1::DARKNET_CLASS_TCP_SYN);
    cell.set_family(v1::FAMILY_IPV4);
    cell.set_protocol(6);
    cell.set_destination_port(static_cast<uint32_t>(23 + seed % 3));
    cell.set_packets(seed % 11 + 1);
    cell.set_wire_octets(cell.packets() * kDarkWireOctets);
    cell.set_ip_octets(cell.packets() * kDarkIpOctets);
  }
  v1::Ledger& ledger = *measurement.mutable_ledger();
  v1::Refused& refused = *ledger.add_refused();
  refused.set_reason(v1::REFUSAL_REASON_NOT_IP);
  refused.set_packets(seed % 5 + 1);
  refused.set_wire_octets(refused.packets() * 60);
  if (seed % 4 == 0) measurement.add_flags(v1::QUALITY_FLAG_LATE_PACKETS);
  Canonicalize(measurement);

  const CountedTotals totals = Totals(measurement);
  ledger.set_captured_packets(totals.cell_packets + totals.darknet_packets + totals.refused_packets);
  ledger.set_captured_wire_octets(totals.cell_wire_octets + totals.darknet_wire_octets +
                                  totals.refused_wire_octets);
  ledger.set_kernel_dropped_packets(seed % 3);
  ledger.set_received_packets(ledger.captured_packets() + seed % 3);
  measurement.set_windows(1);
  measurement.set_covered_seconds(kSampleWindowSeconds);
  return measurement;
}

v1::SequencedReport SampleReport(uint64_t sequence, const std::string& point, int64_t window_start,
                                 int cells) {
  v1::SequencedReport report;
  report.set_sequence(sequence);
  report.mutable_report()->set_point(point);
  report.mutable_report()->set_window_start_unix_seconds(window_start);
  report.mutable_report()->set_window_seconds(kSampleWindowSeconds);
  *report.mutable_report()->mutable_measurement() = SampleMeasurement(sequence * 31, cells);
  return report;
}

void AddSampleRecords(uint64_t seed, int count, v1::WindowReport& report) {
  for (int i = 0; i < count; ++i) {
    const uint64_t n = seed * 1'000'003 + static_cast<uint64_t>(i);
    const int64_t start_ms = report.window_start_unix_seconds() * 1000 + i / 4;
    v1::FlowRecord& record = *report.add_flow_records();
    const bool is_ipv4 = i % 2 == 0;
    record.set_source_address(std::string(is_ipv4 ? 4 : 16, static_cast<char>(n)));
    record.set_destination_address(std::string(is_ipv4 ? 4 : 16, static_cast<char>(n >> 8)));
    record.set_source_port(static_cast<uint32_t>(n % 65'536));
    record.set_destination_port(443);
    record.set_protocol(6);
    record.mutable_traffic_class()->set_group(v1::GROUP_A1);
    record.mutable_traffic_class()->set_access(v1::ACCESS_FIXED);
    record.mutable_traffic_class()->set_technology(v1::TECHNOLOGY_FTTH);
    record.mutable_traffic_class()->set_direction(v1::DIRECTION_UPLOAD);
    record.mutable_traffic_class()->set_family(is_ipv4 ? v1::FAMILY_IPV4 : v1::FAMILY_IPV6);
    record.mutable_traffic_class()->set_carrier(v1::CARRIER_NATIVE);
    record.mutable_traffic_class()->set_transport(v1::TRANSPORT_TCP);
    record.set_octets(1'000'000'000 + n);
    record.set_packets(1'000'000 + n % 7);
    record.set_reverse_octets(100'000'000'000 + n);
    record.set_reverse_packets(100'000'000);
    record.set_start_unix_milliseconds(start_ms);
    record.set_end_unix_milliseconds(start_ms + 500);
    record.set_tcp_control_bits(0x1b);
    record.set_end_reason(v1::FlowRecord::END_REASON_ACTIVE_TIMEOUT);
  }
}

void AddSampleSources(uint64_t seed, int count, v1::WindowReport& report) {
  v1::DarknetTally& tally = *report.mutable_measurement()->mutable_darknet(0);
  tally.set_source_key(77 + seed % 2);
  tally.set_rules(1);
  v1::SourceSketch& sketch = *tally.add_sketches();
  sketch.set_darknet_class(v1::DARKNET_CLASS_TCP_SYN);
  sketch.set_family(v1::FAMILY_IPV4);
  sketch.set_protocol(6);
  v1::DarknetSources& sources = *report.add_darknet_sources();
  sources.set_sensor(tally.sensor());
  sources.set_source_key(tally.source_key());
  sources.set_rules(tally.rules());
  uint64_t packets = 0;
  for (int i = 0; i < count; ++i) {
    const uint64_t n = seed % 4096 + static_cast<uint64_t>(i);
    packets += n + 1;
    sketch.add_few(static_cast<uint32_t>(n * 64 + 1 + n % 51));
    v1::DarknetSource& source = *sources.add_sources();
    source.set_id(n << 50);
    source.set_probe_packets(n + 1);
    source.set_tcp_syns(n);
    source.mutable_marks()->set_mirai(n);
    source.set_addresses(n);
    v1::PortPackets& port = *source.add_ports();
    port.set_protocol(6);
    port.set_port(23);
    port.set_packets(n + 1);
  }
  SetDarkPackets(packets, *report.mutable_measurement());
}

void SetDarkPackets(uint64_t packets, v1::Measurement& measurement) {
  v1::DarknetCell& cell = *measurement.mutable_darknet(0)->mutable_cells(0);
  const auto add = [packets](uint64_t sum, uint64_t of_cell, uint64_t octets) {
    return sum - of_cell + packets * octets;
  };
  v1::Ledger& ledger = *measurement.mutable_ledger();
  ledger.set_received_packets(add(ledger.received_packets(), cell.packets(), 1));
  ledger.set_captured_packets(add(ledger.captured_packets(), cell.packets(), 1));
  ledger.set_captured_wire_octets(add(ledger.captured_wire_octets(), cell.wire_octets(), kDarkWireOctets));
  cell.set_packets(packets);
  cell.set_wire_octets(packets * kDarkWireOctets);
  cell.set_ip_octets(packets * kDarkIpOctets);
}

v1::SequencedReport SampleTombstone(uint64_t sequence, const std::string& point, int64_t window_start) {
  v1::SequencedReport report;
  report.set_sequence(sequence);
  report.mutable_tombstone()->set_point(point);
  report.mutable_tombstone()->set_window_start_unix_seconds(window_start);
  report.mutable_tombstone()->set_window_seconds(kSampleWindowSeconds);
  report.mutable_tombstone()->set_reason(v1::Tombstone::REASON_SPOOL_FULL);
  report.mutable_tombstone()->set_captured_packets(77);
  return report;
}

v1::Hello SampleHello(const std::string& collector, uint64_t epoch, uint64_t first_sequence) {
  v1::Hello hello;
  hello.set_collector(collector);
  hello.set_isp("isp-1");
  hello.set_software_version("0.1.0");
  hello.set_epoch(epoch);
  hello.set_first_sequence(first_sequence);
  v1::PointDescription& point = *hello.add_points();
  point.set_point(collector);
  point.set_group(v1::GROUP_A1);
  point.set_window_seconds(kSampleWindowSeconds);
  return hello;
}

}  // namespace kansoku::aggregator
