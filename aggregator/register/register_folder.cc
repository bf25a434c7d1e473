// SPDX-License-Identifier: Apache-2.0
#include "aggregator/register/register_folder.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {
namespace {

bool LooksLikeAnInput(const std::filesystem::path& path) {
  const std::string ending = path.extension();
  const bool is_hidden = path.filename().string().starts_with('.');
  return !is_hidden && (ending == ".csv" || ending == ".yaml" || ending == ".yml");
}

absl::StatusOr<std::string> ReadBytes(const std::string& path) {
  std::ostringstream bytes;
  errno = 0;
  // Inserting the buffer, unlike iterating over it, does not throw on a folder. An empty file sets no errno.
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  if (errno != 0) return absl::NotFoundError(absl::StrCat(path, ": ", std::strerror(errno)));
  return std::move(bytes).str();
}

}  // namespace

absl::StatusOr<Register> ReadRegister(const std::string& folder) {
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  if (error) {
    return absl::NotFoundError(
        absl::StrCat(folder, ": ", error.message(), "; expected a folder with ", RegisterFileNames()));
  }
  RegisterFiles files;
  for (; entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    const std::filesystem::path& path = entries->path();
    if (!LooksLikeAnInput(path)) continue;
    const std::string name = path.filename();
    if (!IsRegisterFile(name)) {
      return absl::InvalidArgumentError(
          absl::StrCat(path.string(), ": not a file of a register; known are ", RegisterFileNames()));
    }
    absl::StatusOr<std::string> bytes = ReadBytes(path);
    if (!bytes.ok()) return bytes.status();
    files.emplace(name, *std::move(bytes));
  }
  if (error) return absl::UnavailableError(absl::StrCat(folder, ": ", error.message()));
  return ParseRegister(files, folder);
}

}  // namespace kansoku::aggregator
