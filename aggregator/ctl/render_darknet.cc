// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/render_darknet.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/ctl/quality_text.h"
#include "aggregator/ctl/quantity.h"
#include "aggregator/ctl/table.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/ip_protocol.h"

namespace kansoku::aggregator {
namespace {

std::string DimensionText(const v1::DarknetRow& row, int dimension) {
  const v1::DarknetCell& cell = row.cell();
  switch (dimension) {
    case v1::DARKNET_DIMENSION_SENSOR:
      return row.sensor();
    case v1::DARKNET_DIMENSION_CLASS:
      return EnumLabel(cell.darknet_class());
    case v1::DARKNET_DIMENSION_FAMILY:
      return EnumLabel(cell.family());
    case v1::DARKNET_DIMENSION_PROTOCOL:
      return absl::StrCat(cell.protocol());
    case v1::DARKNET_DIMENSION_PORT:
      return absl::StrCat(cell.destination_port());
    default:
      return "";
  }
}

void AddDimensionColumns(const v1::GetDarknetRequest& request, std::vector<Column>& columns) {
  for (const int dimension : request.by()) {
    const Align align = dimension == v1::DARKNET_DIMENSION_PORT ? Align::kRight : Align::kLeft;
    columns.push_back({EnumLabel(static_cast<v1::DarknetDimension>(dimension)), align});
  }
}

}  // namespace

std::string ToText(const v1::GetDarknetRequest& request, const v1::GetDarknetResponse& response) {
  Table table{{{"from (UTC)"}, {"to (UTC)"}}, {}};
  AddDimensionColumns(request, table.columns);
  for (const char* name : {"packets", "volume"}) table.columns.push_back({name, Align::kRight});
  const bool has_flags = std::any_of(response.rows().begin(), response.rows().end(),
                                     [](const v1::DarknetRow& row) { return row.flags_size() > 0; });
  const bool has_rules = std::any_of(response.rows().begin(), response.rows().end(),
                                     [](const v1::DarknetRow& row) { return row.rules() != 0; });
  if (has_rules) table.columns.push_back({"rules", Align::kRight});
  if (has_flags) table.columns.push_back({"quality"});
  for (const v1::DarknetRow& row : response.rows()) {
    std::vector<std::string> cells{UtcText(row.range().start_unix_seconds()),
                                   UtcText(row.range().end_unix_seconds())};
    for (const int dimension : request.by()) {
      cells.push_back(dimension == v1::DARKNET_DIMENSION_PROTOCOL ? IpProtocolLabel(row.cell().protocol())
                                                                  : DimensionText(row, dimension));
    }
    if (row.withheld_because().empty()) {
      cells.insert(cells.end(), {Grouped(row.cell().packets()),
                                 WithPrefix(static_cast<double>(row.cell().ip_octets()), "B")});
    } else {
      cells.insert(cells.end(), 2, "withheld");
    }
    if (has_rules) cells.push_back(RulesText(row.rules()));
    if (has_flags) cells.push_back(QualityText(row.flags(), ", "));
    table.rows.push_back(std::move(cells));
  }
  return AlignedText(table);
}

std::string ToCsv(const v1::GetDarknetRequest& request, const v1::GetDarknetResponse& response) {
  Table table{{{"start"}, {"end"}}, {}};
  AddDimensionColumns(request, table.columns);
  for (const char* name : {"packets", "wire_octets", "ip_octets", "address_seconds", "rules", "flags"})
    table.columns.push_back({name});
  for (const v1::DarknetRow& row : response.rows()) {
    std::vector<std::string> cells{Rfc3339Text(row.range().start_unix_seconds()),
                                   Rfc3339Text(row.range().end_unix_seconds())};
    for (const int dimension : request.by()) cells.push_back(DimensionText(row, dimension));
    for (const uint64_t number :
         {row.cell().packets(), row.cell().wire_octets(), row.cell().ip_octets(), row.address_seconds()}) {
      cells.push_back(row.withheld_because().empty() ? absl::StrCat(number) : "");
    }
    cells.push_back(RulesText(row.rules()));
    cells.push_back(QualityText(row.flags(), ";"));
    table.rows.push_back(std::move(cells));
  }
  return CsvText(table);
}

}  // namespace kansoku::aggregator
