// SPDX-License-Identifier: Apache-2.0
#include "tests/generator/comparison.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/generator/truth.h"

namespace kansoku::generator {
namespace {

using Json = nlohmann::json;
using Table = std::map<std::string, Counters>;

// "ACCESS_FIXED" with the prefix "ACCESS_" is "fixed".
std::string Label(const Json& object, const char* field, std::string_view prefix) {
  std::string label = object.value(field, "unspecified");
  if (label.starts_with(prefix)) label.erase(0, prefix.size());
  std::transform(label.begin(), label.end(), label.begin(), [](unsigned char c) { return std::tolower(c); });
  return label;
}

// Protobuf JSON writes 64-bit numbers as strings, and may leave out zeros.
uint64_t Number(const Json& object, const char* field) {
  const auto found = object.find(field);
  if (found == object.end()) return 0;
  return found->is_string() ? std::stoull(found->get<std::string>()) : found->get<uint64_t>();
}

Counters ReadCounters(const Json& object) {
  return {Number(object, "packets"), Number(object, "wire_octets"), Number(object, "ip_octets"),
          Number(object, "outer_ip_octets")};
}

void AddTruth(const Json& truth, Table& traffic, Table& darknet) {
  for (const Json& entry : truth.at("traffic")) {
    std::string key;
    for (const char* field : {"access", "technology", "direction", "family", "carrier", "transport"}) {
      key += " " + entry.at(field).get<std::string>();
    }
    traffic[key].Add(ReadCounters(entry));
  }
  for (const Json& entry : truth.at("darknet")) {
    std::string key;
    for (const char* field : {"sensor", "class", "family"}) key += " " + entry.at(field).get<std::string>();
    for (const char* field : {"protocol", "port"}) key += " " + std::to_string(Number(entry, field));
    darknet[key].Add(ReadCounters(entry));
  }
}

void AddTrafficRows(const Json& response, Table& table) {
  for (const Json& row : response.value("rows", Json::array())) {
    const Json& cell = row.at("cell");
    const Json traffic_class = cell.value("traffic_class", Json::object());
    const std::string key = " " + Label(traffic_class, "access", "ACCESS_") + " " +
                            Label(traffic_class, "technology", "TECHNOLOGY_") + " " +
                            Label(traffic_class, "direction", "DIRECTION_") + " " +
                            Label(traffic_class, "family", "FAMILY_") + " " +
                            Label(traffic_class, "carrier", "CARRIER_") + " " +
                            Label(traffic_class, "transport", "TRANSPORT_");
    table[key].Add(ReadCounters(cell));
  }
}

void AddDarknetRows(const Json& response, Table& table) {
  for (const Json& row : response.value("rows", Json::array())) {
    const Json& cell = row.at("cell");
    const std::string key =
        " " + row.value("sensor", "") + " " + Label(cell, "darknet_class", "DARKNET_CLASS_") + " " +
        Label(cell, "family", "FAMILY_") + " " + std::to_string(Number(cell, "protocol")) + " " +
        std::to_string(Number(cell, "destination_port"));
    table[key].Add(ReadCounters(cell));
  }
}

std::string Text(const Counters& counters) {
  std::string text = std::to_string(counters.packets) + " packets, " + std::to_string(counters.wire_octets) +
                     " octets on the wire, " + std::to_string(counters.ip_octets) + " octets of IP";
  if (counters.outer_ip_octets != 0)
    text += ", " + std::to_string(counters.outer_ip_octets) + " with tunnels";
  return text;
}

void CompareTables(const std::string& what, const Table& truth, const Table& answer, Comparison& comparison) {
  Table keys = truth;
  keys.insert(answer.begin(), answer.end());
  Counters sum;
  for (const auto& [key, either] : keys) {
    const auto wanted = truth.find(key), got = answer.find(key);
    const std::string wanted_text = wanted == truth.end() ? "nothing" : Text(wanted->second);
    const std::string got_text = got == answer.end() ? "nothing" : Text(got->second);
    if (wanted != truth.end()) sum.Add(wanted->second);
    if (wanted_text != got_text) {
      comparison.differences.push_back(what + key + ": written " + wanted_text + "; answered " + got_text);
    }
  }
  if (!comparison.summary.empty()) comparison.summary += "; ";
  comparison.summary += what + ": " + std::to_string(truth.size()) + " rows, " + Text(sum);
}

}  // namespace

Comparison Compare(const std::vector<std::string>& truths, const std::string& traffic,
                   const std::string& darknet) {
  Comparison comparison;
  try {
    Table true_traffic, true_darknet, answered_traffic, answered_darknet;
    for (const std::string& truth : truths) AddTruth(Json::parse(truth), true_traffic, true_darknet);
    AddTrafficRows(Json::parse(traffic), answered_traffic);
    AddDarknetRows(Json::parse(darknet), answered_darknet);
    CompareTables("traffic", true_traffic, answered_traffic, comparison);
    CompareTables("darknet", true_darknet, answered_darknet, comparison);
  } catch (const std::exception& error) {
    comparison.differences.push_back(std::string("cannot compare: ") + error.what());
  }
  return comparison;
}

}  // namespace kansoku::generator
