// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/flow_record_validation.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "aggregator/ingest/report_validation.h"

namespace kansoku::aggregator {
namespace {

constexpr int64_t kStart = 1'700'000'400, kStartMs = kStart * 1000;

v1::FlowRecord Record(v1::Family family) {
  v1::FlowRecord record;
  const size_t octets = family == v1::FAMILY_IPV4 ? 4 : 16;
  record.set_source_address(std::string(octets, '\1'));
  record.set_destination_address(std::string(octets, '\2'));
  record.set_source_port(65'535);
  record.set_destination_port(443);
  record.set_protocol(6);
  v1::TrafficClass& traffic_class = *record.mutable_traffic_class();
  traffic_class.set_direction(v1::DIRECTION_UPLOAD);
  traffic_class.set_family(family);
  traffic_class.set_carrier(v1::CARRIER_PPPOE);
  traffic_class.set_transport(v1::TRANSPORT_TCP);
  record.set_octets(1500);
  record.set_packets(2);
  record.set_start_unix_milliseconds(kStartMs - 60'000);
  record.set_end_unix_milliseconds(kStartMs + 9'999);
  record.set_tcp_control_bits(0x1b);
  record.set_end_reason(v1::FlowRecord::END_REASON_ACTIVE_TIMEOUT);
  return record;
}

v1::WindowReport Report(v1::Family family) {
  v1::WindowReport report;
  report.set_window_start_unix_seconds(kStart);
  report.set_window_seconds(10);
  *report.add_flow_records() = Record(family);
  *report.add_flow_records() = Record(family);
  return report;
}

class FlowRecordValidation : public ::testing::TestWithParam<v1::Family> {};
INSTANTIATE_TEST_SUITE_P(Families, FlowRecordValidation, ::testing::Values(v1::FAMILY_IPV4, v1::FAMILY_IPV6),
                         [](const auto& family) { return v1::Family_Name(family.param); });

TEST_P(FlowRecordValidation, TakesWhatACollectorSays) {
  EXPECT_EQ(ValidateFlowRecords(Report(GetParam())), absl::OkStatus());
  EXPECT_EQ(ValidateFlowRecords({}), absl::OkStatus());
}

TEST_P(FlowRecordValidation, NamesTheBadField) {
  const std::string octets = GetParam() == v1::FAMILY_IPV4 ? "4" : "16";
  struct BadRecord {
    std::function<void(v1::FlowRecord&)> spoil;
    std::string message;
  };
  const std::vector<BadRecord> cases = {
      {[](auto& r) { r.mutable_source_address()->push_back(0); },
       ".source_address: has " + std::to_string(std::stoi(octets) + 1) + " octets, not " + octets},
      {[](auto& r) { r.clear_destination_address(); }, ".destination_address: has 0 octets, not " + octets},
      {[](auto& r) { r.set_source_port(65'536); }, ".source_port: 65536 is above 65535"},
      {[](auto& r) { r.set_destination_port(65'536); }, ".destination_port: 65536 is above 65535"},
      {[](auto& r) { r.set_protocol(256); }, ".protocol: 256 is above 255"},
      {[](auto& r) { r.set_tcp_control_bits(65'536); }, ".tcp_control_bits: 65536 is above 65535"},
      {[](auto& r) { r.clear_traffic_class(); }, ".traffic_class.direction: is not specified"},
      {[](auto& r) { r.set_packets(kMaxPackets + 1); }, ".packets: 281474976710657 is above 281474976710656"},
      {[](auto& r) { r.set_reverse_packets(kMaxPackets + 1); },
       ".reverse_packets: 281474976710657 is above 281474976710656"},
      {[](auto& r) { r.clear_packets(); }, ".octets: 1500 octets in no packet"},
      {[](auto& r) { r.set_reverse_octets(1); }, ".reverse_octets: 1 octets in no packet"},
      {[](auto& r) { r.set_start_unix_milliseconds(kStartMs + 10'000); },
       ".end_unix_milliseconds: 1700000409999 is before the start, 1700000410000"},
      {[](auto& r) { r.set_end_unix_milliseconds(kStartMs + 10'000); },
       ".end_unix_milliseconds: 1700000410000 is after the window's end"},
      {[](auto& r) { r.set_start_unix_milliseconds(kStartMs - 60'001); },
       ".start_unix_milliseconds: is before that of the record before it"},
      {[](auto& r) { r.clear_end_reason(); }, ".end_reason: 0 is none that this version knows"},
      {[](auto& r) { r.set_end_reason(static_cast<v1::FlowRecord::EndReason>(3)); },
       ".end_reason: 3 is none that this version knows"},
  };
  for (const BadRecord& bad : cases) {
    v1::WindowReport report = Report(GetParam());
    bad.spoil(*report.mutable_flow_records(1));
    const absl::Status status = ValidateFlowRecords(report);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << bad.message;
    EXPECT_EQ(std::string(status.message()), "flow_records[1]" + bad.message);
  }
}

TEST_P(FlowRecordValidation, BoundsTheirNumber) {
  v1::WindowReport report = Report(GetParam());
  while (report.flow_records_size() < kMaxFlowRecords) *report.add_flow_records() = Record(GetParam());
  EXPECT_EQ(ValidateFlowRecords(report), absl::OkStatus());
  *report.add_flow_records() = Record(GetParam());
  EXPECT_EQ(std::string(ValidateFlowRecords(report).message()), "flow_records: more than 20000");
}

}  // namespace
}  // namespace kansoku::aggregator
