// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/open_data_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "aggregator/publish/figure_columns.h"

namespace kansoku::aggregator {
namespace {

using Json = nlohmann::ordered_json;

// What is the same for every figure, and stands once above them.
bool IsOfAll(std::string_view column) {
  return column == "source" || column == "licence" || column == "time_zone";
}

Json ToJson(const v1::Figure& figure, const Publication& publication) {
  Json json;
  for (const FigureColumn& column : FigureColumns()) {
    const std::string cell = column.cell(figure, publication);
    if (cell.empty() || IsOfAll(column.name)) continue;
    if (column.type == "integer") {
      json[column.name] = std::stoull(cell);
    } else {
      json[column.name] = cell;
    }
  }
  if (figure.has_power_of_ten()) {
    json["base_unit"] = figure.base_unit();
    json["power_of_ten"] = figure.power_of_ten();
  }
  return json;
}

}  // namespace

std::string OpenDataJson(const Publication& publication) {
  Json json;
  json["publisher"] = {{"name_ja", publication.publisher.name_ja()},
                       {"name_en", publication.publisher.name_en()},
                       {"contact", publication.publisher.contact()}};
  json["licence"] = {{"id", publication.licence.id}, {"url", publication.licence.url}};
  json["time_zone"] = "Asia/Tokyo";
  json["simulated"] = std::any_of(publication.figures.begin(), publication.figures.end(), IsSimulated);
  json["figures"] = Json::array();
  for (const v1::Figure& figure : publication.figures) json["figures"].push_back(ToJson(figure, publication));
  return json.dump(2) + "\n";
}

}  // namespace kansoku::aggregator
