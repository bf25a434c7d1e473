// SPDX-License-Identifier: Apache-2.0
#include "proto/exposition/process_use.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>

namespace kansoku {
namespace {

uint64_t Milliseconds(const timeval& time) {
  return static_cast<uint64_t>(time.tv_sec) * 1000 + static_cast<uint64_t>(time.tv_usec) / 1000;
}

}  // namespace

v1::ProcessUse ReadProcessUse(absl::Time started) {
  v1::ProcessUse use;
  use.set_started_unix_seconds(absl::ToUnixSeconds(started));
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0)
    use.set_cpu_milliseconds(Milliseconds(usage.ru_utime) + Milliseconds(usage.ru_stime));
  uint64_t all_pages = 0, resident_pages = 0;
  if (std::ifstream("/proc/self/statm") >> all_pages >> resident_pages)
    use.set_resident_bytes(resident_pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)));
  return use;
}

}  // namespace kansoku
