// SPDX-License-Identifier: Apache-2.0
#include "tests/collector/truth.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/testing/child_process.h"

namespace kansoku::collector {
namespace {

std::vector<std::string> SplitCsvLine(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

}  // namespace

std::filesystem::path TruthFolder(const std::string& folder) {
  return std::filesystem::path(KANSOKU_SOURCE_DIR) / "../shared/captures" / folder;
}

bool HasTruth(const std::string& folder) {
  return std::filesystem::exists(TruthFolder(folder) / "TRUTH.csv");
}

std::vector<Row> ReadCsv(std::istream&& in) {
  std::vector<Row> rows;
  std::string line;
  std::getline(in, line);
  const std::vector<std::string> names = SplitCsvLine(line);
  while (std::getline(in, line)) {
    const std::vector<std::string> cells = SplitCsvLine(line);
    Row& row = rows.emplace_back();
    for (size_t i = 0; i < names.size() && i < cells.size(); ++i) row[names[i]] = cells[i];
  }
  return rows;
}

std::vector<Row> ReadCsv(const std::filesystem::path& path) { return ReadCsv(std::ifstream(path)); }

std::vector<Row> ReadGzippedCsv(const std::filesystem::path& path) {
  const testing::Finished unpacked = testing::RunProgram({"zcat", path});
  EXPECT_EQ(unpacked.exit_status, 0) << unpacked.err;
  return ReadCsv(std::istringstream(unpacked.out));
}

}  // namespace kansoku::collector
