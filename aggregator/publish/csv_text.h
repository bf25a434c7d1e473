// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace kansoku::aggregator {

using CsvTable = std::vector<std::vector<std::string>>;

// A table as CSV (RFC 4180). Lines end in CR LF; cells are quoted where they must be. UTF-8 without a byte
// order mark. Pure; any thread.
std::string CsvText(const CsvTable& table);

}  // namespace kansoku::aggregator
