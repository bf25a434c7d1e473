// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/render_traffic.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "aggregator/ctl/quantity.h"
#include "aggregator/ctl/table.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

std::string DimensionText(const v1::TrafficRow& row, int dimension) {
  const v1::TrafficClass& of = row.cell().traffic_class();
  switch (dimension) {
    case v1::DIMENSION_GROUP:
      return EnumLabel(of.group());
    case v1::DIMENSION_ACCESS:
      return EnumLabel(of.access());
    case v1::DIMENSION_TECHNOLOGY:
      return EnumLabel(of.technology());
    case v1::DIMENSION_DIRECTION:
      return EnumLabel(of.direction());
    case v1::DIMENSION_FAMILY:
      return EnumLabel(of.family());
    case v1::DIMENSION_CARRIER:
      return EnumLabel(of.carrier());
    case v1::DIMENSION_TRANSPORT:
      return EnumLabel(of.transport());
    case v1::DIMENSION_POINT:
      return row.point();
    case v1::DIMENSION_ISP:
      return row.isp();
    default:
      return "";
  }
}

void AddDimensionColumns(const v1::GetTrafficRequest& request, std::vector<Column>& columns) {
  for (const int dimension : request.by())
    columns.push_back({EnumLabel(static_cast<v1::Dimension>(dimension))});
}

void AddDimensions(const v1::GetTrafficRequest& request, const v1::TrafficRow& row,
                   std::vector<std::string>& cells) {
  for (const int dimension : request.by()) cells.push_back(DimensionText(row, dimension));
}

}  // namespace

std::string ToText(const v1::GetTrafficRequest& request, const v1::GetTrafficResponse& response) {
  Table table{{{"from (UTC)"}, {"to (UTC)"}}, {}};
  AddDimensionColumns(request, table.columns);
  for (const char* name : {"packets", "volume", "rate", "new flows", "windows"}) {
    table.columns.push_back({name, Align::kRight});
  }
  for (const v1::TrafficRow& row : response.rows()) {
    std::vector<std::string> cells{UtcText(row.range().start_unix_seconds()),
                                   UtcText(row.range().end_unix_seconds())};
    AddDimensions(request, row, cells);
    const v1::Cell& cell = row.cell();
    cells.insert(cells.end(),
                 {Grouped(cell.packets()), WithPrefix(static_cast<double>(cell.ip_octets()), "B"),
                  WithPrefix(static_cast<double>(BitsPerSecond(cell.ip_octets(), row.range())), "bit/s"),
                  Grouped(cell.new_flows()), absl::StrCat(row.windows(), "/", row.expected_windows())});
    table.rows.push_back(std::move(cells));
  }
  return AlignedText(table);
}

std::string ToCsv(const v1::GetTrafficRequest& request, const v1::GetTrafficResponse& response) {
  Table table{{{"start"}, {"end"}}, {}};
  AddDimensionColumns(request, table.columns);
  for (const char* name : {"packets", "wire_octets", "ip_octets", "ip_bits_per_second", "flows", "new_flows",
                           "windows", "expected_windows"}) {
    table.columns.push_back({name});
  }
  for (const v1::TrafficRow& row : response.rows()) {
    std::vector<std::string> cells{Rfc3339Text(row.range().start_unix_seconds()),
                                   Rfc3339Text(row.range().end_unix_seconds())};
    AddDimensions(request, row, cells);
    const v1::Cell& cell = row.cell();
    for (const uint64_t number :
         {cell.packets(), cell.wire_octets(), cell.ip_octets(), BitsPerSecond(cell.ip_octets(), row.range()),
          cell.flows(), cell.new_flows(), row.windows(), row.expected_windows()}) {
      cells.push_back(absl::StrCat(number));
    }
    table.rows.push_back(std::move(cells));
  }
  return CsvText(table);
}

}  // namespace kansoku::aggregator
