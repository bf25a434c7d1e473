// SPDX-License-Identifier: Apache-2.0
#include "collector/whole_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace kansoku::collector {

absl::StatusOr<std::string> ReadWholeFile(const std::string& path, const std::string& asked_by) {
  std::ostringstream content;
  errno = 0;
  // Inserting the buffer, unlike iterating over it, does not throw on a folder.
  content << std::ifstream(path, std::ios::binary).rdbuf();
  if (errno != 0)
    return absl::NotFoundError(absl::StrCat(path, ": ", std::strerror(errno), "; see ", asked_by));
  return std::move(content).str();
}

}  // namespace kansoku::collector
