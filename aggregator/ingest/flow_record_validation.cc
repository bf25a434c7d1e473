// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ingest/flow_record_validation.h"

#include <string>

#include "aggregator/ingest/cell_validation.h"
#include "aggregator/ingest/report_validation.h"
#include "aggregator/ingest/wrong.h"

namespace kansoku::aggregator {
namespace {

absl::Status AtMost(const Place& where, absl::string_view field, uint64_t value, uint64_t limit) {
  return value <= limit ? absl::OkStatus() : Wrong(where, field, ": ", value, " is above ", limit);
}

absl::Status ValidateAddress(const Place& where, absl::string_view field, const std::string& address,
                             v1::Family family) {
  const size_t octets = family == v1::FAMILY_IPV4 ? 4 : 16;
  if (address.size() == octets) return absl::OkStatus();
  return Wrong(where, field, ": has ", address.size(), " octets, not ", octets);
}

absl::Status ValidateTimes(const Place& where, const v1::FlowRecord& record,
                           int64_t window_end_unix_seconds) {
  if (record.end_unix_milliseconds() < record.start_unix_milliseconds()) {
    return Wrong(where, ".end_unix_milliseconds: ", record.end_unix_milliseconds(), " is before the start, ",
                 record.start_unix_milliseconds());
  }
  if (record.end_unix_milliseconds() >= window_end_unix_seconds * 1000) {
    return Wrong(where, ".end_unix_milliseconds: ", record.end_unix_milliseconds(),
                 " is after the window's end");
  }
  return absl::OkStatus();
}

absl::Status ValidateFlowRecord(const Place& where, const v1::FlowRecord& record,
                                int64_t window_end_unix_seconds) {
  absl::Status known_class = ValidateTrafficClass({&where, ".traffic_class"}, record.traffic_class());
  if (!known_class.ok()) return known_class;
  const v1::Family family = record.traffic_class().family();
  for (const absl::Status& ok :
       {ValidateAddress(where, ".source_address", record.source_address(), family),
        ValidateAddress(where, ".destination_address", record.destination_address(), family),
        AtMost(where, ".source_port", record.source_port(), kMaxPort),
        AtMost(where, ".destination_port", record.destination_port(), kMaxPort),
        AtMost(where, ".protocol", record.protocol(), kMaxProtocol),
        AtMost(where, ".tcp_control_bits", record.tcp_control_bits(), kMaxTcpControlBits),
        AtMost(where, ".packets", record.packets(), kMaxPackets),
        AtMost(where, ".reverse_packets", record.reverse_packets(), kMaxPackets),
        OctetSum().Add(where, ".octets", record.packets(), record.octets()),
        OctetSum().Add(where, ".reverse_octets", record.reverse_packets(), record.reverse_octets()),
        ValidateTimes(where, record, window_end_unix_seconds)}) {
    if (!ok.ok()) return ok;
  }
  if (record.end_reason() == v1::FlowRecord::END_REASON_UNSPECIFIED ||
      !v1::FlowRecord::EndReason_IsValid(record.end_reason())) {
    return Wrong(where, ".end_reason: ", record.end_reason(), " is none that this version knows");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidateFlowRecords(const v1::WindowReport& report) {
  if (report.flow_records_size() > kMaxFlowRecords) return Wrong("flow_records: more than ", kMaxFlowRecords);
  const int64_t window_end = report.window_start_unix_seconds() + report.window_seconds();
  for (int i = 0; i < report.flow_records_size(); ++i) {
    const v1::FlowRecord& record = report.flow_records(i);
    const Place where = {nullptr, "flow_records", i};
    if (absl::Status ok = ValidateFlowRecord(where, record, window_end); !ok.ok()) return ok;
    if (i > 0 && record.start_unix_milliseconds() < report.flow_records(i - 1).start_unix_milliseconds()) {
      return Wrong(where, ".start_unix_milliseconds: is before that of the record before it");
    }
  }
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
