// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/render_traffic.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "aggregator/ctl/quality_text.h"
#include "aggregator/ctl/quantity.h"
#include "aggregator/ctl/table.h"
#include "aggregator/ctl/traffic_dimensions.h"

namespace kansoku::aggregator {
namespace {

EstimatedTotals TotalsOf(const v1::TrafficRow& row) {
  EstimatedTotals totals;
  totals.Add(row.cell());
  return totals;
}

bool IsTunnelled(const v1::TrafficRow& row) {
  return row.cell().outer_ip_octets() != row.cell().inner_ip_octets();
}

// Of a cell, whose counters have 64 bits. Only l2_fcs may need more, and then stays at the largest.
uint64_t Octets(const EstimatedTotals& totals, OctetsBasis basis) {
  return static_cast<uint64_t>(std::min<absl::uint128>(totals.octets(basis), UINT64_MAX));
}

std::string Volume(uint64_t octets) { return WithPrefix(static_cast<double>(octets), "B"); }

// "± 1.25 MB", "exact".
std::string ErrorText(const EstimatedTotals& totals, OctetsBasis basis) {
  return totals.is_estimated() ? absl::StrCat("± ", WithPrefix(totals.octets_standard_error(basis), "B"))
                               : "exact";
}

// Why rows have no numbers, once.
std::string WithheldText(const google::protobuf::RepeatedPtrField<v1::TrafficRow>& rows) {
  for (const v1::TrafficRow& row : rows) {
    if (!row.withheld_because().empty()) return absl::StrCat("withheld: ", row.withheld_because(), "\n");
  }
  return "";
}

void Append(std::vector<std::string> more, std::vector<std::string>& cells) {
  std::move(more.begin(), more.end(), std::back_inserter(cells));
}

}  // namespace

uint64_t OctetsOf(const v1::Cell& cell, OctetsBasis basis) {
  EstimatedTotals totals;
  totals.Add(cell);
  return Octets(totals, basis);
}

std::string ToText(const TrafficQuestion& question, const v1::GetTrafficResponse& response) {
  const auto& rows = response.rows();
  const bool has_errors = std::any_of(rows.begin(), rows.end(),
                                      [](const v1::TrafficRow& row) { return row.cell().has_estimate(); });
  const bool has_tunnels = std::any_of(rows.begin(), rows.end(), IsTunnelled);
  const bool has_quality = std::any_of(rows.begin(), rows.end(), [](const v1::TrafficRow& row) {
    return row.flags_size() > 0 || row.gaps_size() > 0;
  });

  Table table{{{"from (UTC)"}, {"to (UTC)"}}, {}};
  const std::vector<Column> dimensions = DimensionColumns(question.request);
  table.columns.insert(table.columns.end(), dimensions.begin(), dimensions.end());
  const auto add_column = [&table](const char* name) { table.columns.push_back({name, Align::kRight}); };
  add_column("packets");
  add_column("volume");
  if (has_errors) add_column("standard error");
  add_column("rate");
  if (has_tunnels) add_column("outer");
  if (has_tunnels) add_column("inner");
  add_column("new flows");
  add_column("windows");
  if (has_quality) table.columns.push_back({"quality"});

  for (const v1::TrafficRow& row : rows) {
    const v1::Cell& cell = row.cell();
    const EstimatedTotals totals = TotalsOf(row);
    const uint64_t octets = Octets(totals, question.basis);
    std::vector<std::string> cells{UtcText(row.range().start_unix_seconds()),
                                   UtcText(row.range().end_unix_seconds())};
    Append(DimensionTexts(question.request, row), cells);
    const size_t numbers = cells.size();
    Append({Grouped(static_cast<uint64_t>(totals.packets())), Volume(octets)}, cells);
    if (has_errors) cells.push_back(ErrorText(totals, question.basis));
    cells.push_back(WithPrefix(static_cast<double>(BitsPerSecond(octets, row.range())), "bit/s"));
    if (has_tunnels) Append({Volume(cell.outer_ip_octets()), Volume(cell.inner_ip_octets())}, cells);
    cells.push_back(Grouped(cell.new_flows()));
    if (!row.withheld_because().empty()) std::fill(cells.begin() + numbers, cells.end(), "withheld");
    cells.push_back(absl::StrCat(row.windows(), "/", row.expected_windows()));
    if (has_quality) cells.push_back(QualityText(row.flags(), row.gaps(), ", "));
    table.rows.push_back(std::move(cells));
  }
  return absl::StrCat(AlignedText(table), WithheldText(rows));
}

std::string ToCsv(const TrafficQuestion& question, const v1::GetTrafficResponse& response) {
  Table table{{{"start"}, {"end"}}, {}};
  const std::vector<Column> dimensions = DimensionColumns(question.request);
  table.columns.insert(table.columns.end(), dimensions.begin(), dimensions.end());
  for (const char* name : {"packets", "wire_octets", "ip_octets", "outer_ip_octets", "inner_ip_octets",
                           "flows", "new_flows", "octets_basis", "octets", "octets_standard_error",
                           "bits_per_second", "flags", "windows", "expected_windows"}) {
    table.columns.push_back({name});
  }
  for (const v1::TrafficRow& row : response.rows()) {
    const v1::Cell& cell = row.cell();
    const EstimatedTotals totals = TotalsOf(row);
    const uint64_t octets = Octets(totals, question.basis);
    std::vector<std::string> cells{Rfc3339Text(row.range().start_unix_seconds()),
                                   Rfc3339Text(row.range().end_unix_seconds())};
    Append(DimensionTexts(question.request, row), cells);
    const size_t numbers = cells.size();
    for (const uint64_t number :
         {cell.packets(), cell.wire_octets(), cell.ip_octets(), cell.outer_ip_octets(),
          cell.inner_ip_octets(), cell.flows(), cell.new_flows()}) {
      cells.push_back(absl::StrCat(number));
    }
    const double error = totals.octets_standard_error(question.basis);
    Append({std::string(Label(question.basis)), absl::StrCat(octets),
            totals.is_estimated() ? absl::StrFormat("%.0f", error) : "",
            absl::StrCat(BitsPerSecond(octets, row.range()))},
           cells);
    if (!row.withheld_because().empty()) std::fill(cells.begin() + numbers, cells.end(), "");
    Append({QualityText(row.flags(), ";"), absl::StrCat(row.windows()), absl::StrCat(row.expected_windows())},
           cells);
    table.rows.push_back(std::move(cells));
  }
  return CsvText(table);
}

}  // namespace kansoku::aggregator
