// SPDX-License-Identifier: Apache-2.0
#include "tests/end_to_end/truth.h"

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "proto/contract/enum_label.h"
#include "proto/contract/measurement.h"
#include "tests/end_to_end/harness.h"
#include "tests/generator/comparison.h"

namespace kansoku::testing {
namespace {

using Json = nlohmann::json;

std::string Text(const std::string& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string AsJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;  // zero is a value: access none
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(message, &json, options).ok());
  return json;
}

// All points of all collectors, added up.
v1::Ledger WholeLedger(v1::Query::Stub& query) {
  v1::Ledger sum;
  const v1::GetLedgerResponse response = LedgerOf(query);
  for (const v1::CollectorLedger& collector : response.collectors()) {
    for (const v1::PointLedger& point : collector.points()) Merge(point.ledger(), sum);
  }
  return sum;
}

void ExpectLedger(const v1::Ledger& ledger, const Json& truth) {
  EXPECT_EQ(ledger.received_packets(), truth["frames"]);
  EXPECT_EQ(ledger.captured_packets(), truth["frames"]);
  EXPECT_EQ(ledger.captured_wire_octets(), truth["wire_octets"]);
  std::map<std::string, std::pair<uint64_t, uint64_t>> refused, expected;
  for (const v1::Refused& entry : ledger.refused()) {
    refused[EnumLabel(entry.reason())] = {entry.packets(), entry.wire_octets()};
  }
  for (const Json& entry : truth["refused"])
    expected[entry["reason"]] = {entry["packets"], entry["wire_octets"]};
  EXPECT_EQ(refused, expected);
}

}  // namespace

void ExpectEqualsTruth(v1::Query::Stub& query, const std::string& truth_file) {
  const v1::GetTrafficResponse traffic = AllTraffic(query);
  const v1::GetDarknetResponse darknet = AllDarknet(query);
  const auto comparison = generator::Compare({Text(truth_file)}, AsJson(traffic), AsJson(darknet));
  EXPECT_EQ(comparison.differences, std::vector<std::string>()) << comparison.summary;
  ExpectLedger(WholeLedger(query), Json::parse(Text(truth_file)));
}

void ExpectFlowsEqualTruth(v1::Query::Stub& query, const std::string& truth_file) {
  uint64_t flows = 0;
  const v1::GetTrafficResponse traffic = AllTraffic(query);
  for (const v1::TrafficRow& row : traffic.rows()) flows += row.cell().new_flows();
  EXPECT_EQ(flows, Json::parse(Text(truth_file))["flows"]);
}

uint64_t IpOctets(const std::string& truth_file, const std::string& access, const std::string& direction) {
  uint64_t octets = 0;
  const Json truth = Json::parse(Text(truth_file));
  for (const Json& entry : truth["traffic"]) {
    if (entry["access"] == access && entry["direction"] == direction)
      octets += entry["ip_octets"].get<uint64_t>();
  }
  return octets;
}

}  // namespace kansoku::testing
