// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/open_data_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "aggregator/publish/figure_columns.h"

namespace kansoku::aggregator {
namespace {

using Json = nlohmann::ordered_json;

// What is the same for every row, and stands once above them.
bool IsOfAll(std::string_view column) {
  return column == "source" || column == "licence" || column == "time_zone";
}

Json RowOf(const DataTable& table, const std::vector<std::string>& cells) {
  Json row;
  for (size_t i = 0; i < cells.size(); ++i) {
    const TableColumn& column = table.columns[i];
    if (cells[i].empty() || IsOfAll(column.name)) continue;
    if (column.type == "integer") {
      row[column.name] = std::stoull(cells[i]);
    } else {
      row[column.name] = cells[i];
    }
  }
  return row;
}

Json Opening(const Publication& publication) {
  Json json;
  json["publisher"] = {{"name_ja", publication.publisher.name_ja()},
                       {"name_en", publication.publisher.name_en()},
                       {"contact", publication.publisher.contact()}};
  json["licence"] = {{"id", publication.licence.id}, {"url", publication.licence.url}};
  json["time_zone"] = "Asia/Tokyo";
  json["simulated"] = std::any_of(publication.figures.begin(), publication.figures.end(), IsSimulated);
  json["figures"] = Json::array();
  return json;
}

}  // namespace

std::string FiguresJson(const Publication& publication) {
  const DataTable table = FigureTable(publication);
  Json json = Opening(publication);
  for (size_t i = 0; i < table.rows.size(); ++i) {
    Json row = RowOf(table, table.rows[i]);
    const v1::Figure& figure = publication.figures[i];
    if (figure.has_power_of_ten()) {
      row["base_unit"] = figure.base_unit();
      row["power_of_ten"] = figure.power_of_ten();
    }
    json["figures"].push_back(std::move(row));
  }
  return json.dump(2) + "\n";
}

std::string OpenDataJson(const Publication& publication, const DataTable& table) {
  Json json = Opening(publication);
  for (const std::vector<std::string>& cells : table.rows) json["figures"].push_back(RowOf(table, cells));
  return json.dump(2) + "\n";
}

}  // namespace kansoku::aggregator
