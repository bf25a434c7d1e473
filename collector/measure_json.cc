// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <string>

#include "collector/measure_output.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/estimate.h"
#include "proto/contract/histogram.h"
#include "proto/contract/identity.h"

namespace kansoku::collector {
namespace {

using Json = nlohmann::ordered_json;

Json FramesJson(const FileTotals& totals) {
  const FrameCensus& frames = totals.frames;
  return {
      {"file", totals.file},
      {"frames", frames.frames},
      {"frame_len_sum", frames.frame_len_sum},
      {"cap_len_sum", frames.cap_len_sum},
      {"snapped", frames.snapped},
      {"ts_backwards", totals.times.ts_backwards},
      {"ts_first_unix_ns", totals.times.ts_first_unix_ns},
      {"ts_last_unix_ns", totals.times.ts_last_unix_ns},
      {"ts_min_unix_ns", totals.times.ts_min_unix_ns},
      {"ts_max_unix_ns", totals.times.ts_max_unix_ns},
  };
}

// `layer`: outer or inner.
void AddHeaders(const HeaderCensus& headers, const FiveTuples& tuples, const std::string& layer, Json& json) {
  json["ip_" + layer + "_v4"] = headers.v4;
  json["ip_" + layer + "_v6"] = headers.v6;
  json["ip_bytes_" + layer] = headers.ip_bytes;
  json["frag_" + layer] = headers.fragments;
  json[layer + "_tcp"] = headers.tcp;
  json[layer + "_udp"] = headers.udp;
  json[layer + "_icmp"] = headers.icmp;
  json[layer + "_icmpv6"] = headers.icmpv6;
  json[layer + "_sctp"] = headers.sctp;
  json[layer + "_other"] = headers.other;
  json["uni5_" + layer] = tuples.unidirectional();
  json["bi5_" + layer] = tuples.bidirectional();
}

void AddSurvey(const Survey& survey, Json& json) {
  const PacketCensus& census = survey.census();
  json["no_ip"] = census.no_ip;
  json["tunnelled"] = census.tunnelled;
  json["ip_depth_max"] = census.ip_depth_max;
  AddHeaders(census.outer, survey.outer(), "outer", json);
  AddHeaders(census.inner, survey.inner(), "inner", json);
  json["tcp_flags_seen"] = census.tcp_flags_seen;
  json["syn_no_ack"] = census.syn_no_ack;
  json["syn_only_exact"] = census.syn_only_exact;
  json["ah_frames"] = census.ah_frames;
  json["irregular_frames"] = census.irregular;
}

Json ClassJson(const v1::TrafficClass& c) {
  return {{"group", EnumLabel(c.group())},           {"access", EnumLabel(c.access())},
          {"technology", EnumLabel(c.technology())}, {"direction", EnumLabel(c.direction())},
          {"family", EnumLabel(c.family())},         {"carrier", EnumLabel(c.carrier())},
          {"transport", EnumLabel(c.transport())}};
}

Json HistogramJson(const v1::Histogram& histogram) {
  Json json = {{"count", CountOf(histogram)}};
  if (histogram.buckets().empty()) return json;
  json["p50"] = *Quantile(histogram, 1, 2);
  json["p90"] = *Quantile(histogram, 9, 10);
  json["p99"] = *Quantile(histogram, 99, 100);
  return json;
}

Json StatisticsJson(const v1::FlowStatistics& statistics) {
  return {{"packet_octets", HistogramJson(statistics.packet_octets())},
          {"flow_octets", HistogramJson(statistics.flow_octets())},
          {"flow_milliseconds", HistogramJson(statistics.flow_milliseconds())},
          {"handshake_microseconds", HistogramJson(statistics.handshake_microseconds())},
          {"tcp_segments", statistics.tcp_segments()},
          {"tcp_retransmitted_segments", statistics.tcp_retransmitted_segments()},
          {"tcp_reset_flows", statistics.tcp_reset_flows()}};
}

Json EstimateJson(const v1::SampledEstimate& estimate) {
  return {{"packets", estimate.packets()},
          {"packets_standard_error", StandardError(estimate.packets_variance())},
          {"wire_octets", estimate.wire_octets()},
          {"wire_octets_standard_error", StandardError(estimate.wire_octets_variance())},
          {"ip_octets", estimate.ip_octets()},
          {"ip_octets_standard_error", StandardError(estimate.ip_octets_variance())}};
}

Json CellsJson(const v1::Measurement& measurement) {
  Json cells = Json::array();
  for (const v1::Cell& cell : measurement.cells()) {
    Json json = ClassJson(cell.traffic_class());
    json["packets"] = cell.packets();
    json["wire_octets"] = cell.wire_octets();
    json["ip_octets"] = cell.ip_octets();
    json["outer_ip_octets"] = cell.outer_ip_octets();
    json["inner_ip_octets"] = cell.inner_ip_octets();
    json["flows"] = cell.flows();
    json["new_flows"] = cell.new_flows();
    if (cell.has_statistics()) json["statistics"] = StatisticsJson(cell.statistics());
    if (cell.has_estimate()) json["estimate"] = EstimateJson(cell.estimate());
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
               {"not_sampled_packets", ledger.not_sampled_packets()},
               {"not_sampled_wire_octets", ledger.not_sampled_wire_octets()},
               {"segmented_packets", ledger.segmented_packets()},
               {"segmented_wire_octets", ledger.segmented_wire_octets()},
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

}  // namespace

void WriteJson(const FileTotals& totals, std::ostream& out) {
  Json json = FramesJson(totals);
  if (totals.survey) AddSurvey(*totals.survey, json);
  json["ledger"] = LedgerJson(totals.measurement);
  json["cells"] = CellsJson(totals.measurement);
  json["darknet"] = DarknetJson(totals.measurement);
  json["damage"] = totals.damage.message();
  json["seconds"] = totals.seconds;
  json["packets_per_second"] = totals.PacketsPerSecond();
  // A file name need not be UTF-8.
  out << json.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
}

}  // namespace kansoku::collector
