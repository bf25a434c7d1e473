// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/data_package.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "aggregator/publish/data_tables.h"
#include "aggregator/publish/digest.h"
#include "aggregator/publish/figure_columns.h"

namespace kansoku::aggregator {
namespace {

using Json = nlohmann::ordered_json;

Json Schema(const DataTable& table) {
  Json fields = Json::array();
  for (const TableColumn& column : table.columns) {
    Json field = {{"name", column.name},
                  {"type", column.type},
                  {"title", column.title.en},
                  {"title_ja", column.title.ja},
                  {"description", column.description}};
    if (!column.unit.empty()) field["unit"] = column.unit;
    if (column.type == "datetime") field["format"] = "%Y-%m-%dT%H:%M:%S%z";
    fields.push_back(field);
  }
  return {{"fields", fields}, {"missingValues", {""}}};
}

Json HistorySchema() {
  Json fields = Json::array();
  for (const char* const name : kHistoryColumns) {
    const bool is_value = std::string_view(name) == "value";
    Json field = {{"name", name}, {"type", is_value ? "number" : "string"}};
    if (is_value) field["unit"] = "{unit}";
    fields.push_back(field);
  }
  return {{"fields", fields}, {"missingValues", {""}}};
}

// "data/history/mobile.csv" is named "history-mobile", "data/figures.json" "figures-json".
std::string ResourceName(const std::string& path) {
  std::string name = path.substr(path.find('/') + 1);
  if (name.ends_with(".csv")) name.resize(name.size() - 4);
  std::replace_if(name.begin(), name.end(), [](char c) { return c == '/' || c == '.' || c == '_'; }, '-');
  return name;
}

Json SchemaOf(const std::string& path, const std::vector<DataTable>& tables) {
  for (const DataTable& table : tables) {
    if (path == absl::StrCat("data/", table.name, ".csv")) return Schema(table);
  }
  return HistorySchema();
}

Json Resource(const SiteFile& file, const std::vector<DataTable>& tables) {
  const bool is_table = file.path.ends_with(".csv");
  Json resource = {{"name", ResourceName(file.path)},
                   {"path", file.path},
                   {"format", is_table ? "csv" : "json"},
                   {"mediatype", is_table ? "text/csv" : "application/json"},
                   {"encoding", "utf-8"},
                   {"bytes", file.content.size()},
                   {"hash", absl::StrCat("sha256:", Sha256Text(file.content))}};
  if (is_table) {
    resource["profile"] = "tabular-data-resource";
    resource["schema"] = SchemaOf(file.path, tables);
  }
  return resource;
}

}  // namespace

std::string DataPackage(const Publication& publication, const std::vector<SiteFile>& data) {
  const auto simulated = std::any_of(publication.figures.begin(), publication.figures.end(), IsSimulated);
  Json package = {{"profile", "data-package"},
                  {"name", "kansoku-figures"},
                  {"title", "Internet traffic of Japan: published figures"},
                  {"title_ja", "我が国のインターネットトラヒック：公表値"},
                  {"description",
                   "In a column's unit, {unit} stands for what the column unit of the same row says. Tables "
                   "of the history "
                   "are what others published; each row names its source and how well it is known."},
                  {"simulated", simulated},
                  {"licenses",
                   {{{"name", publication.licence.id},
                     {"path", publication.licence.url},
                     {"title", publication.licence.name.en}}}},
                  {"contributors",
                   {{{"title", publication.publisher.name_en()},
                     {"title_ja", publication.publisher.name_ja()},
                     {"contact", publication.publisher.contact()},
                     {"role", "publisher"}}}},
                  {"resources", Json::array()}};
  const std::vector<DataTable> tables = DataTables(publication);
  for (const SiteFile& file : data) package["resources"].push_back(Resource(file, tables));
  return package.dump(2) + "\n";
}

}  // namespace kansoku::aggregator
