// SPDX-License-Identifier: Apache-2.0
#include "proto/exposition/disk_use.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

namespace kansoku {
namespace {

uint64_t SizeOf(const std::string& path) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0 ? static_cast<uint64_t>(status.st_size) : 0;
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

DiskUse ReadDiskUse(const std::string& path) {
  DiskUse use{.bytes = SizeOf(path) + SizeOf(path + "-wal")};
  struct statvfs system{};
  if (statvfs(FolderOf(path).c_str(), &system) == 0)
    use.free_bytes = uint64_t{system.f_bavail} * uint64_t{system.f_frsize};
  return use;
}

}  // namespace kansoku
