// SPDX-License-Identifier: Apache-2.0
#include "collector/processors.h"

#include <pthread.h>
#include <sched.h>

#include <cerrno>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace kansoku::collector {

absl::Status CheckProcessors(std::span<const uint32_t> processors) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
    return absl::ErrnoToStatus(errno, "which processors there are");
  std::vector<uint32_t> names;
  for (uint32_t i = 0; i < CPU_SETSIZE; ++i) {
    if (CPU_ISSET(i, &allowed)) names.push_back(i);
  }
  for (const uint32_t processor : processors) {
    if (processor < CPU_SETSIZE && CPU_ISSET(processor, &allowed)) continue;
    return absl::InvalidArgumentError(absl::StrCat("capture.cpus: this process may not run on processor ",
                                                   processor, "; it may on ", absl::StrJoin(names, ", ")));
  }
  return absl::OkStatus();
}

absl::Status BindThisThread(uint32_t processor) {
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(processor, &only);
  const int error = pthread_setaffinity_np(pthread_self(), sizeof only, &only);
  if (error == 0) return absl::OkStatus();
  return absl::ErrnoToStatus(error, absl::StrCat("cannot stay on processor ", processor));
}

}  // namespace kansoku::collector
