// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/open_data_csv.h"

#include "aggregator/publish/csv_text.h"
#include "aggregator/publish/figure_columns.h"

namespace kansoku::aggregator {

std::string OpenDataCsv(const Publication& publication) {
  CsvTable table(1);
  for (const FigureColumn& column : FigureColumns()) table.front().emplace_back(column.name);
  for (const v1::Figure& figure : publication.figures) {
    std::vector<std::string>& row = table.emplace_back();
    for (const FigureColumn& column : FigureColumns()) row.push_back(column.cell(figure, publication));
  }
  return CsvText(table);
}

}  // namespace kansoku::aggregator
