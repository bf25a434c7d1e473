// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/truth_json.h"

#include <nlohmann/json.hpp>

#include "tests/generator/plan.h"

namespace kansoku::generator {
namespace {

using Json = nlohmann::ordered_json;

void Put(const Counters& counters, Json& json) {
  json["packets"] = counters.packets;
  json["wire_octets"] = counters.wire_octets;
  json["ip_octets"] = counters.ip_octets;
}

Json TrafficJson(const std::map<size_t, Counters>& traffic) {
  Json list = Json::array();
  for (const auto& [index, counters] : traffic) {
    const TrafficKey key = TrafficKey::FromIndex(index);
    Json entry = {{"access", Label(kAccessLabels, key.access)},
                  {"technology", Label(kTechnologyLabels, key.technology)},
                  {"direction", Label(kDirectionLabels, key.direction)},
                  {"family", Label(kFamilyLabels, key.family)},
                  {"carrier", Label(kCarrierLabels, key.carrier)},
                  {"transport", Label(kTransportLabels, key.transport)}};
    Put(counters, entry);
    entry["outer_ip_octets"] = counters.outer_ip_octets;
    list.push_back(std::move(entry));
  }
  return list;
}

Json DarknetJson(const Truth& truth) {
  Json list = Json::array();
  for (const auto& [packed, counters] : truth.darknet()) {
    const DarkKey key = DarkKey::FromPacked(packed);
    Json entry = {{"sensor", kSensors[key.sensor]},
                  {"class", Label(kDarkClassLabels, key.dark_class)},
                  {"family", Label(kFamilyLabels, key.family)},
                  {"protocol", key.protocol},
                  {"port", key.port}};
    Put(counters, entry);
    list.push_back(std::move(entry));
  }
  return list;
}

Json RefusedJson(const Truth& truth) {
  Json list = Json::array();
  for (size_t i = 0; i < kRefusalLabels.size(); ++i) {
    const Counters& counters = truth.refused()[i];
    if (counters.packets == 0) continue;
    list.push_back({{"reason", kRefusalLabels[i]},
                    {"packets", counters.packets},
                    {"wire_octets", counters.wire_octets}});
  }
  return list;
}

Json SourcesJson(const std::map<SourceKey, SourceTruth>& sources) {
  Json list = Json::array();
  for (const auto& [key, source] : sources) {
    Json entry = {{"sensor", kSensors[key.sensor]}, {"address", ToText(key.address)},
                  {"packets", source.packets},      {"dark_addresses", source.addresses.size()},
                  {"classes", Json::object()},      {"ports", Json::array()},
                  {"marks", Json::object()},        {"pairs", source.pairs}};
    for (const auto& [dark_class, packets] : source.classes)
      entry["classes"][Label(kDarkClassLabels, dark_class)] = packets;
    for (const auto& [port, packets] : source.ports)
      entry["ports"].push_back({{"protocol", port.first}, {"port", port.second}, {"packets", packets}});
    for (const auto& [mark, packets] : source.marks) entry["marks"][Label(kMarkLabels, mark)] = packets;
    list.push_back(std::move(entry));
  }
  return list;
}

Json WindowsJson(const Truth& truth) {
  Json list = Json::array();
  for (const auto& [start, window] : truth.windows()) {
    Json entry = {
        {"start_unix_seconds", start}, {"traffic", TrafficJson(window.traffic)}, {"darknet", Json::array()}};
    for (size_t sensor = 0; sensor < kSensors.size(); ++sensor) {
      if (window.darknet[sensor].packets == 0) continue;
      Json tally = {{"sensor", kSensors[sensor]}};
      Put(window.darknet[sensor], tally);
      entry["darknet"].push_back(std::move(tally));
    }
    if (!window.sources.empty()) entry["sources"] = SourcesJson(window.sources);
    entry["refused_packets"] = window.refused.packets;
    entry["refused_wire_octets"] = window.refused.wire_octets;
    list.push_back(std::move(entry));
  }
  return list;
}

Json SensorsJson() {
  Json list = Json::array();
  for (size_t sensor = 0; sensor < kSensors.size(); ++sensor) {
    Json entry = {{"sensor", kSensors[sensor]},
                  {"monitored_ipv4_addresses", MonitoredAddresses(sensor)},
                  {"prefixes", Json::array()}};
    for (const DarkRange& range : kDarkRanges) {
      if (range.sensor == sensor) entry["prefixes"].push_back(ToText(range.prefix));
    }
    list.push_back(std::move(entry));
  }
  return list;
}

Json SubscribersJson() {
  Json list = Json::array();
  for (const SubscriberRange& range : kSubscriberRanges) {
    list.push_back({{"prefix", ToText(range.prefix)},
                    {"access", Label(kAccessLabels, range.access)},
                    {"technology", Label(kTechnologyLabels, range.technology)}});
  }
  return list;
}

}  // namespace

std::string TruthJson(std::string_view scene, const CaptureOptions& options, const Truth& truth) {
  const Json json = {{"scene", scene},
                     {"seed", options.seed},
                     {"start_unix_seconds", options.start_unix_seconds},
                     {"end_unix_seconds", options.start_unix_seconds + options.seconds},
                     {"snap_octets", options.snap_octets},
                     {"window_seconds", Truth::kWindowSeconds},
                     {"frames", truth.total().packets},
                     {"wire_octets", truth.total().wire_octets},
                     {"captured_octets", truth.captured_octets()},
                     {"ip_octets", truth.total().ip_octets},
                     {"flows", truth.flows()},
                     {"traffic", TrafficJson(truth.traffic())},
                     {"darknet", DarknetJson(truth)},
                     {"refused", RefusedJson(truth)},
                     {"windows", WindowsJson(truth)},
                     {"subscribers", SubscribersJson()},
                     {"sensors", SensorsJson()}};
  return json.dump(1) + "\n";
}

}  // namespace kansoku::generator
