// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/open_data_csv.h"

#include "aggregator/publish/csv_text.h"

namespace kansoku::aggregator {

std::string OpenDataCsv(const DataTable& table) {
  CsvTable lines(1);
  for (const TableColumn& column : table.columns) lines.front().emplace_back(column.name);
  lines.insert(lines.end(), table.rows.begin(), table.rows.end());
  return CsvText(lines);
}

}  // namespace kansoku::aggregator
