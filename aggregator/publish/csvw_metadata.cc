// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/csvw_metadata.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "aggregator/publish/data_tables.h"

namespace kansoku::aggregator {
namespace {

using Json = nlohmann::ordered_json;

// CSVW has no unit of its own.
constexpr char kUnitProperty[] = "http://purl.org/linked-data/sdmx/2009/attribute#unitMeasure";

std::string_view DataType(std::string_view table_schema_type) {
  if (table_schema_type == "number") return "decimal";
  if (table_schema_type == "year") return "gYear";
  if (table_schema_type == "yearmonth") return "gYearMonth";
  return table_schema_type;  // the others are called the same
}

Json Described(const DataTable& table) {
  Json columns = Json::array();
  for (const TableColumn& column : table.columns) {
    Json described = {{"name", column.name},
                      {"titles", column.name},
                      {"dc:title",
                       {{{"@value", column.title.ja}, {"@language", "ja"}},
                        {{"@value", column.title.en}, {"@language", "en"}}}},
                      {"dc:description", column.description},
                      {"datatype", DataType(column.type)}};
    if (column.name == "quality") described["separator"] = " ";
    if (!column.unit.empty()) described[kUnitProperty] = column.unit;
    columns.push_back(described);
  }
  return {{"url", absl::StrCat(table.name, ".csv")}, {"tableSchema", {{"columns", columns}}}};
}

Json HistoryTable(const HistoryFile& file) {
  Json columns = Json::array();
  for (const char* const name : kHistoryColumns) {
    const bool is_value = std::string_view(name) == "value";
    Json described = {{"name", name}, {"titles", name}, {"datatype", is_value ? "decimal" : "string"}};
    if (is_value) described[kUnitProperty] = "{unit}";
    columns.push_back(described);
  }
  return {{"url", absl::StrCat("history/", file.name)}, {"tableSchema", {{"columns", columns}}}};
}

}  // namespace

std::string CsvwMetadata(const Publication& publication) {
  Json metadata = {{"@context", {"http://www.w3.org/ns/csvw", {{"@language", "en"}}}},
                   {"dc:title", "Internet traffic of Japan: published figures"},
                   {"dc:publisher", publication.publisher.name_en()},
                   {"dc:license", {{"@id", publication.licence.url}}},
                   {"dialect", {{"encoding", "utf-8"}, {"header", true}}},
                   {"tables", Json::array()}};
  for (const DataTable& table : DataTables(publication)) metadata["tables"].push_back(Described(table));
  for (const HistoryFile& file : publication.history) metadata["tables"].push_back(HistoryTable(file));
  return metadata.dump(2) + "\n";
}

}  // namespace kansoku::aggregator
