// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/traffic_dimensions.h"

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

}  // namespace

std::vector<Column> DimensionColumns(const v1::GetTrafficRequest& request) {
  std::vector<Column> columns;
  for (const int dimension : request.by())
    columns.push_back({EnumLabel(static_cast<v1::Dimension>(dimension))});
  return columns;
}

std::vector<std::string> DimensionTexts(const v1::GetTrafficRequest& request, const v1::TrafficRow& row) {
  std::vector<std::string> texts;
  for (const int dimension : request.by()) texts.push_back(DimensionText(row, dimension));
  return texts;
}

}  // namespace kansoku::aggregator
