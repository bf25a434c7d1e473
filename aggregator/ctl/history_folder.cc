// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/history_folder.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aggregator/ctl/file_content.h"

namespace kansoku::aggregator {

absl::StatusOr<std::vector<HistoryFile>> ReadHistory(const std::string& folder) {
  std::vector<std::filesystem::path> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".csv") paths.push_back(entry.path());
  }
  if (error) return absl::NotFoundError(absl::StrCat("--history: ", folder, ": ", error.message()));
  if (paths.empty()) return absl::NotFoundError(absl::StrCat("--history: ", folder, " holds no .csv file"));
  std::sort(paths.begin(), paths.end());
  std::vector<HistoryFile> history;
  for (const std::filesystem::path& path : paths) {
    const absl::StatusOr<std::string> content = ReadFile(path);
    if (!content.ok()) return content.status();
    absl::StatusOr<HistoryFile> file = ParseHistory(path.filename(), *content);
    if (!file.ok()) return file.status();
    history.push_back(*std::move(file));
  }
  return history;
}

}  // namespace kansoku::aggregator
