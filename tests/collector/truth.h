// SPDX-License-Identifier: Apache-2.0
//
// What TShark and libpcap counted in the captures of the real world that lie beside the repository, in
// ../shared/captures: the tables TRUTH*.csv. Its README.md defines the columns.
#pragma once

#include <filesystem>
#include <istream>
#include <map>
#include <string>
#include <vector>

namespace kansoku::collector {

using Row = std::map<std::string, std::string>;

// The folders that hold captures and their truth.
inline const std::vector<std::string> kTruthFolders = {"", "darknet"};

std::filesystem::path TruthFolder(const std::string& folder);

// Whether the captures are there.
bool HasTruth(const std::string& folder);

// Rows of a CSV file, by the names in its first line.
std::vector<Row> ReadCsv(std::istream&& in);
std::vector<Row> ReadCsv(const std::filesystem::path& path);
std::vector<Row> ReadGzippedCsv(const std::filesystem::path& path);

}  // namespace kansoku::collector
