// SPDX-License-Identifier: Apache-2.0
#include "aggregator/process_rights.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>

namespace kansoku::aggregator {

absl::Status GiveUpRights() {
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0) return absl::ErrnoToStatus(errno, "cannot turn core dumps off");
  // A core that is piped to a program knows no limit, but this.
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
    return absl::ErrnoToStatus(errno, "cannot make the memory private");
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return absl::ErrnoToStatus(errno, "cannot refuse new privileges");
  return absl::OkStatus();
}

}  // namespace kansoku::aggregator
