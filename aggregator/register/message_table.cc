// SPDX-License-Identifier: Apache-2.0
#include "aggregator/register/message_table.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "proto/contract/csv_rows.h"
#include "proto/contract/config_rule.h"
#include "proto/contract/field_text.h"

namespace kansoku::aggregator {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// As they may stand in the first line.
std::string HeaderOf(const Descriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  return absl::StrJoin(names, ",");
}

// The field of each column.
absl::StatusOr<std::vector<const FieldDescriptor*>> ParseHeader(const CsvRow& header, const std::string& file,
                                                                const Descriptor& type) {
  const auto refuse = [&](const std::string& what) {
    return absl::InvalidArgumentError(absl::StrCat(file, ":", header.line, ": ", what));
  };
  std::vector<const FieldDescriptor*> columns;
  for (const std::string& name : header.cells) {
    const FieldDescriptor* field = type.FindFieldByName(name);
    if (field == nullptr) {
      return refuse(absl::StrCat("\"", absl::Utf8SafeCHexEscape(name), "\": unknown column; expected ",
                                 HeaderOf(type)));
    }
    if (std::find(columns.begin(), columns.end(), field) != columns.end())
      return refuse(absl::StrCat("\"", name, "\": this column is given twice; take one out"));
    columns.push_back(field);
  }
  for (int i = 0; i < type.field_count(); ++i) {
    if (std::find(columns.begin(), columns.end(), type.field(i)) == columns.end())
      return refuse(
          absl::StrCat("the column ", type.field(i)->name(), " is missing; expected ", HeaderOf(type)));
  }
  return columns;
}

}  // namespace

absl::Status TablePlaces::At(int row, std::string_view column, std::string_view what) const {
  return absl::InvalidArgumentError(
      absl::StrCat(file_, ":", LineOf(row), ": ", std::string(column), ": ", std::string(what)));
}

absl::StatusOr<TablePlaces> ParseTable(std::string_view text, const std::string& file,
                                       const FieldDescriptor& table, Message& whole) {
  const Descriptor& type = *table.message_type();
  const absl::StatusOr<std::vector<CsvRow>> rows = ParseCsv(text, file);
  if (!rows.ok()) return rows.status();
  if (rows->empty())
    return absl::InvalidArgumentError(absl::StrCat(file, ": empty; expected the line ", HeaderOf(type)));
  const auto columns = ParseHeader(rows->front(), file, type);
  if (!columns.ok()) return columns.status();

  TablePlaces places(file);
  for (auto row = rows->begin() + 1; row != rows->end(); ++row) {
    if (row->cells.size() != columns->size()) {
      return absl::InvalidArgumentError(absl::StrCat(file, ":", row->line, ": ", row->cells.size(),
                                                     " cells, but the header has ", columns->size(),
                                                     "; a cell with a comma needs quotes"));
    }
    places.Remember(row->line);
    Message& message = *whole.GetReflection()->AddMessage(&whole, &table);
    for (size_t i = 0; i < columns->size(); ++i) {
      const FieldDescriptor& field = *(*columns)[i];
      if (row->cells[i].empty() && !RuleOf(field).required()) continue;
      const std::string complaint = SetFieldFromText(row->cells[i], field, message);
      if (complaint.empty()) continue;
      return absl::InvalidArgumentError(
          absl::StrCat(file, ":", row->line, ": ", field.name(), ": ", complaint));
    }
  }
  return places;
}

}  // namespace kansoku::aggregator
