// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace kansoku {

struct CsvRow {
  int line;  // of the file, from 1
  std::vector<std::string> cells;
};

// The rows of a CSV file (RFC 4180), the header first; empty lines are none. Stricter in this: the text is
// UTF-8, with a byte order mark or without, and no cell holds a line break or another control character, so
// that a line of the file is a row. Spaces belong to the cell. `file` is used in messages only. Pure; any
// thread.
absl::StatusOr<std::vector<CsvRow>> ParseCsv(std::string_view text, std::string_view file);

}  // namespace kansoku
