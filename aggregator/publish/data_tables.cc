// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/data_tables.h"

#include <utility>

#include "aggregator/publish/darknet_growth_table.h"
#include "aggregator/publish/figure_columns.h"
#include "aggregator/publish/telescope_table.h"

namespace kansoku::aggregator {

std::vector<DataTable> DataTables(const Publication& publication) {
  std::vector<DataTable> tables = {FigureTable(publication)};
  if (!publication.telescope.empty()) tables.push_back(TelescopeTable(publication));
  DataTable growth = DarknetGrowthTable(publication);
  if (!growth.rows.empty()) tables.push_back(std::move(growth));
  return tables;
}

}  // namespace kansoku::aggregator
