// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/csv_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace kansoku::aggregator {
namespace {

std::string CellText(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == cell.npos) return cell;
  return absl::StrCat("\"", absl::StrReplaceAll(cell, {{"\"", "\"\""}}), "\"");
}

}  // namespace

std::string CsvText(const CsvTable& table) {
  std::string text;
  for (const std::vector<std::string>& row : table) {
    for (size_t i = 0; i < row.size(); ++i) absl::StrAppend(&text, i == 0 ? "" : ",", CellText(row[i]));
    text += "\r\n";
  }
  return text;
}

}  // namespace kansoku::aggregator
