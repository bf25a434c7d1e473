// SPDX-License-Identifier: Apache-2.0
//
// A published table with what its columns mean: CSV, JSON, Table Schema and CSVW are written from it. Plain
// data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aggregator/publish/language.h"

namespace kansoku::aggregator {

struct TableColumn {
  std::string_view name;
  std::string_view type;  // of Table Schema: string, number, integer, year, yearmonth, date, datetime
  std::string_view unit;  // of a number; "{unit}" where the row's column `unit` says it
  Words title;
  std::string_view description;
};

struct DataTable {
  std::string name;  // "figures": data/figures.csv and data/figures.json
  std::vector<TableColumn> columns;
  std::vector<std::vector<std::string>> rows;  // a cell for each column; empty: there is none
};

}  // namespace kansoku::aggregator
