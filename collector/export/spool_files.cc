// SPDX-License-Identifier: Apache-2.0
#include "collector/export/spool_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace kansoku::collector {
namespace {

constexpr char kLog[] = "-wal";

absl::Status Move(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) == 0) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, absl::StrCat("spool ", from, ": cannot be renamed to ", to));
}

void SyncFolderOf(const std::string& path) {
  std::error_code ignored;
  const std::string folder = std::filesystem::absolute(path, ignored).parent_path();
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

}  // namespace

std::string RebuiltPath(const std::string& path) { return path + ".rebuilt"; }
std::string DamagedPath(const std::string& path) { return path + ".damaged"; }

bool BeginsWithZeros(const std::string& path) {
  std::array<char, 100> head;  // SQLite's header
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), head.size());
  return file.gcount() > 0 &&
         std::all_of(head.begin(), head.begin() + file.gcount(), [](char byte) { return byte == 0; });
}

void RemoveDatabase(const std::string& path) {
  for (const char* suffix : {"", kLog, "-journal", "-shm"}) std::remove((path + suffix).c_str());
}

absl::Status ReplaceDatabase(const std::string& path, bool keep_old) {
  // A log that outlived its database would be replayed into the next one of that name.
  if (keep_old) {
    RemoveDatabase(DamagedPath(path));
    if (absl::Status status = Move(path, DamagedPath(path)); !status.ok()) return status;
    if (absl::Status status = Move(path + kLog, DamagedPath(path) + kLog);
        !status.ok() && !absl::IsNotFound(status)) {
      return status;
    }
  } else {
    RemoveDatabase(path);
  }
  const absl::Status status = Move(RebuiltPath(path), path);
  SyncFolderOf(path);
  return status;
}

void FinishReplacing(const std::string& path) {
  const std::string rebuilt = RebuiltPath(path);
  const bool is_there = access(path.c_str(), F_OK) == 0;
  const bool is_rebuilt = access(rebuilt.c_str(), F_OK) == 0;
  if (is_there || !is_rebuilt) return RemoveDatabase(rebuilt);
  RemoveDatabase(path);
  Move(rebuilt, path).IgnoreError();  // opening the spool will say what is wrong
  SyncFolderOf(path);
}

}  // namespace kansoku::collector
