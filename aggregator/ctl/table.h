// SPDX-License-Identifier: Apache-2.0
//
// Rows and columns of text, printed for people or for programs. Pure; any thread.
#pragma once

#include <string>
#include <vector>

namespace kansoku::aggregator {

enum class Align { kLeft, kRight };

struct Column {
  std::string name;
  Align align = Align::kLeft;
};

// Each row has a cell for each column.
struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
};

// Aligned columns under their names, two spaces apart, nothing at the ends of lines; "(none)" where there is
// no row. Control characters, which a terminal would obey, become '?'. Width is counted in code points.
std::string AlignedText(const Table& table);

// RFC 4180, but for the line's end, which is a line feed: a line of names, then a line for each row. UTF-8.
std::string CsvText(const Table& table);

}  // namespace kansoku::aggregator
