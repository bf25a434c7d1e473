// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/render_quarantine.h"

#include "absl/strings/str_cat.h"
#include "aggregator/ctl/quantity.h"
#include "aggregator/ctl/table.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

std::string Text(const google::protobuf::RepeatedPtrField<v1::QuarantinedReport>& reports) {
  Table table{{{"id", Align::kRight},
               {"collector"},
               {"point"},
               {"window (UTC)"},
               {"received (UTC)"},
               {"reason"},
               {"state"},
               {"by"},
               {"octets", Align::kRight},
               {"what was found"}},
              {}};
  for (const v1::QuarantinedReport& it : reports) {
    table.rows.push_back({absl::StrCat(it.id()), it.collector(), it.point(),
                          UtcText(it.window_start_unix_seconds()), UtcText(it.received_unix_seconds()),
                          EnumLabel(it.reason()), EnumLabel(it.state()), it.decided_by(),
                          Grouped(it.octets()), it.text()});
  }
  return AlignedText(table);
}

std::string Csv(const google::protobuf::RepeatedPtrField<v1::QuarantinedReport>& reports) {
  Table table{{{"id"},
               {"collector"},
               {"epoch"},
               {"sequence"},
               {"point"},
               {"window_start"},
               {"window_seconds"},
               {"received"},
               {"reason"},
               {"state"},
               {"decided_by"},
               {"decided"},
               {"octets"},
               {"text"}},
              {}};
  for (const v1::QuarantinedReport& it : reports) {
    table.rows.push_back(
        {absl::StrCat(it.id()), it.collector(), absl::StrCat(it.epoch()), absl::StrCat(it.sequence()),
         it.point(), Rfc3339Text(it.window_start_unix_seconds()), absl::StrCat(it.window_seconds()),
         Rfc3339Text(it.received_unix_seconds()), EnumLabel(it.reason()), EnumLabel(it.state()),
         it.decided_by(), it.decided_unix_seconds() == 0 ? "" : Rfc3339Text(it.decided_unix_seconds()),
         absl::StrCat(it.octets()), it.text()});
  }
  return CsvText(table);
}

google::protobuf::RepeatedPtrField<v1::QuarantinedReport> Alone(const v1::QuarantinedReport& report) {
  google::protobuf::RepeatedPtrField<v1::QuarantinedReport> reports;
  *reports.Add() = report;
  return reports;
}

}  // namespace

std::string ToText(const v1::ListQuarantineRequest&, const v1::ListQuarantineResponse& response) {
  return Text(response.reports());
}
std::string ToCsv(const v1::ListQuarantineRequest&, const v1::ListQuarantineResponse& response) {
  return Csv(response.reports());
}

std::string ToText(const v1::GetQuarantinedRequest&, const v1::QuarantinedReport& report) {
  const std::string head = Text(Alone(report));
  return report.has_report() ? absl::StrCat(head, "\n", report.report().Utf8DebugString()) : head;
}
std::string ToCsv(const v1::GetQuarantinedRequest&, const v1::QuarantinedReport& report) {
  return Csv(Alone(report));
}

std::string ToText(const DecideQuestion&, const v1::ListQuarantineResponse& decided) {
  return Text(decided.reports());
}
std::string ToCsv(const DecideQuestion&, const v1::ListQuarantineResponse& decided) {
  return Csv(decided.reports());
}

}  // namespace kansoku::aggregator
