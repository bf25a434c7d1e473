// SPDX-License-Identifier: Apache-2.0
#include "aggregator/open_files.h"

#include <sys/resource.h>

#include <cerrno>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {
namespace {

// The store's files and its readers', listening sockets, and those who ask.
constexpr uint64_t kOtherFiles = 200;

}  // namespace

absl::StatusOr<uint64_t> RaiseOpenFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return absl::ErrnoToStatus(errno, "cannot read how many files may be open");
  }
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return absl::ErrnoToStatus(errno, "cannot raise how many files may be open");
  }
  return limit.rlim_cur;
}

std::string OpenFileShortfall(uint64_t most_open_files, uint64_t collectors) {
  if (most_open_files >= collectors + kOtherFiles) return "";
  return absl::StrCat("only ", most_open_files, " files may be open, too few for the ", collectors,
                      " collectors of the registry: those that come last will not get in; allow ",
                      collectors + kOtherFiles, " (LimitNOFILE of the systemd unit, ulimit -n -H)");
}

}  // namespace kansoku::aggregator
