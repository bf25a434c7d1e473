// SPDX-License-Identifier: Apache-2.0
#include "collector/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

namespace kansoku::collector {
namespace {

constexpr mode_t kForbidden = S_IWGRP | S_IRWXO;

}  // namespace

absl::StatusOr<std::array<uint8_t, 32>> ReadKeyFile(const std::string& path, const KeyUse& use) {
  // Without O_NONBLOCK a named pipe would be waited for.
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return absl::ErrnoToStatus(errno, absl::StrCat(path, ": ", use.name, "; see ", use.option));
  const absl::Cleanup close_file = [file] { close(file); };

  struct stat about;
  if (fstat(file, &about) != 0) return absl::ErrnoToStatus(errno, path);
  if (!S_ISREG(about.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": is no regular file; ", use.option, " must name one"));
  }
  if ((about.st_mode & kForbidden) != 0) {
    return absl::PermissionDeniedError(
        absl::StrCat(path, ": others may read or change this key, and who has it ", use.danger,
                     "; chmod 600 ", path, " and, if somebody may have read it, make a new one"));
  }
  std::array<uint8_t, 32> key;
  if (about.st_size != static_cast<off_t>(key.size())) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": holds ", about.st_size, " octets, a key has ",
                                                   key.size(), "; make one with: (umask 077; head -c ",
                                                   key.size(), " /dev/urandom > ", path, ")"));
  }
  if (read(file, key.data(), key.size()) != static_cast<ssize_t>(key.size())) {
    return absl::UnavailableError(absl::StrCat(path, ": ", use.name, " could not be read to its end"));
  }
  return key;
}

}  // namespace kansoku::collector
