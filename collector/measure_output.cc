// SPDX-License-Identifier: Apache-2.0
#include "collector/measure_output.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/identity.h"

namespace kansoku::collector {
namespace {

using Json = nlohmann::ordered_json;

Json CensusJson(const FileTotals& totals) {
  const Census& census = totals.census;
  Json json = {
      {"file", totals.file},
      {"frames", census.frames},
      {"frame_len_sum", census.frame_len_sum},
      {"cap_len_sum", census.cap_len_sum},
      {"snapped", census.snapped},
      {"no_ip", census.no_ip},
      {"ip_outer_v4", census.ip_outer_v4},
      {"ip_outer_v6", census.ip_outer_v6},
      {"ip_bytes_outer", census.ip_bytes_outer},
      {"frag_outer", census.frag_outer},
      {"outer_tcp", census.outer_tcp},
      {"outer_udp", census.outer_udp},
      {"outer_icmp", census.outer_icmp},
      {"outer_icmpv6", census.outer_icmpv6},
      {"outer_sctp", census.outer_sctp},
      {"outer_other", census.outer_other},
      {"tcp_flags_seen", census.tcp_flags_seen},
      {"syn_no_ack", census.syn_no_ack},
      {"syn_only_exact", census.syn_only_exact},
      {"ts_backwards", census.ts_backwards},
      {"ts_first_unix_ns", census.ts_first_unix_ns},
      {"ts_last_unix_ns", census.ts_last_unix_ns},
      {"ts_min_unix_ns", census.ts_min_unix_ns},
      {"ts_max_unix_ns", census.ts_max_unix_ns},
  };
  if (totals.tuples) {
    json["uni5_outer"] = totals.tuples->unidirectional();
    json["bi5_outer"] = totals.tuples->bidirectional();
  }
  return json;
}

Json ClassJson(const v1::TrafficClass& c) {
  return {{"group", EnumLabel(c.group())},           {"access", EnumLabel(c.access())},
          {"technology", EnumLabel(c.technology())}, {"direction", EnumLabel(c.direction())},
          {"family", EnumLabel(c.family())},         {"carrier", EnumLabel(c.carrier())},
          {"transport", EnumLabel(c.transport())}};
}

Json CellsJson(const v1::Measurement& measurement) {
  Json cells = Json::array();
  for (const v1::Cell& cell : measurement.cells()) {
    Json json = ClassJson(cell.traffic_class());
    json["packets"] = cell.packets();
    json["wire_octets"] = cell.wire_octets();
    json["ip_octets"] = cell.ip_octets();
    json["new_flows"] = cell.new_flows();
    cells.push_back(std::move(json));
  }
  return cells;
}

Json DarknetJson(const v1::Measurement& measurement) {
  Json rows = Json::array();
  for (const v1::DarknetTally& tally : measurement.darknet()) {
    for (const v1::DarknetCell& cell : tally.cells()) {
      rows.push_back({{"sensor", tally.sensor()},
                      {"class", EnumLabel(cell.darknet_class())},
                      {"family", EnumLabel(cell.family())},
                      {"protocol", cell.protocol()},
                      {"destination_port", cell.destination_port()},
                      {"packets", cell.packets()},
                      {"wire_octets", cell.wire_octets()},
                      {"ip_octets", cell.ip_octets()}});
    }
  }
  return rows;
}

Json LedgerJson(const v1::Measurement& measurement) {
  const v1::Ledger& ledger = measurement.ledger();
  Json json = {{"received_packets", ledger.received_packets()},
               {"captured_packets", ledger.captured_packets()},
               {"captured_wire_octets", ledger.captured_wire_octets()},
               {"kernel_dropped_packets", ledger.kernel_dropped_packets()},
               {"interface_dropped_packets", ledger.interface_dropped_packets()},
               {"flows_evicted", ledger.flows_evicted()},
               {"windows", measurement.windows()}};
  Json& refused = json["refused"] = Json::object();
  for (const v1::Refused& entry : ledger.refused()) refused[EnumLabel(entry.reason())] = entry.packets();
  Json& remarked = json["remarked"] = Json::object();
  for (const v1::Remarked& entry : ledger.remarked()) remarked[EnumLabel(entry.remark())] = entry.packets();
  Json& identities = json["identities"] = Json::object();
  for (const Identity& identity : CaptureIdentities(measurement)) {
    identities[std::string(identity.name)] = identity.holds();
  }
  return json;
}

double PacketsPerSecond(const FileTotals& totals) {
  return totals.seconds > 0 ? static_cast<double>(totals.census.frames) / totals.seconds : 0;
}

}  // namespace

void WriteJson(const FileTotals& totals, std::ostream& out) {
  Json json = CensusJson(totals);
  json["ledger"] = LedgerJson(totals.measurement);
  json["cells"] = CellsJson(totals.measurement);
  json["darknet"] = DarknetJson(totals.measurement);
  json["damage"] = totals.damage.message();
  json["seconds"] = totals.seconds;
  json["packets_per_second"] = PacketsPerSecond(totals);
  // A file name need not be UTF-8.
  out << json.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
}

void WriteTable(const FileTotals& totals, std::ostream& out) {
  const Census& census = totals.census;
  out << absl::StrFormat("%s: %d frames, %d octets on the wire, %d kept, %.0f packets/s\n", totals.file,
                         census.frames, census.frame_len_sum, census.cap_len_sum, PacketsPerSecond(totals));
  out << absl::StrFormat("  %-8s %-8s %-9s %-6s %-8s %-9s %14s %18s %18s %10s\n", "access", "tech",
                         "direction", "family", "carrier", "transport", "packets", "wire octets", "IP octets",
                         "new flows");
  for (const v1::Cell& cell : totals.measurement.cells()) {
    const v1::TrafficClass& c = cell.traffic_class();
    out << absl::StrFormat("  %-8s %-8s %-9s %-6s %-8s %-9s %14d %18d %18d %10d\n", EnumLabel(c.access()),
                           EnumLabel(c.technology()), EnumLabel(c.direction()), EnumLabel(c.family()),
                           EnumLabel(c.carrier()), EnumLabel(c.transport()), cell.packets(),
                           cell.wire_octets(), cell.ip_octets(), cell.new_flows());
  }
  for (const v1::DarknetTally& tally : totals.measurement.darknet()) {
    uint64_t packets = 0;
    for (const v1::DarknetCell& cell : tally.cells()) packets += cell.packets();
    out << absl::StrFormat("  sensor %s: %d packets at dark addresses\n", tally.sensor(), packets);
  }
  for (const v1::Refused& refused : totals.measurement.ledger().refused()) {
    out << absl::StrFormat("  refused %s: %d packets, %d octets\n", EnumLabel(refused.reason()),
                           refused.packets(), refused.wire_octets());
  }
  for (const v1::Remarked& remarked : totals.measurement.ledger().remarked()) {
    out << absl::StrFormat("  remark %s: %d packets\n", EnumLabel(remarked.remark()), remarked.packets());
  }
  for (const Identity& identity : CaptureIdentities(totals.measurement)) {
    out << absl::StrFormat("  %s: %s\n", std::string(identity.statement),
                           identity.holds()
                               ? "holds"
                               : absl::StrFormat("VIOLATED, %d against %d", identity.left, identity.right));
  }
}

}  // namespace kansoku::collector
