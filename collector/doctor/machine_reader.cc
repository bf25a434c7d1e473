// SPDX-License-Identifier: Apache-2.0
#include "collector/doctor/machine_reader.h"

#include <sched.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "collector/capture/capture_right.h"

namespace kansoku::collector {

// Changes nothing: of the modes that would, none is given.
std::optional<ClockFacts> ReadClock() {
  timex time{};
  const int state = adjtimex(&time);
  if (state < 0) return std::nullopt;
  return ClockFacts{.is_synchronised = state != TIME_ERROR && (time.status & STA_UNSYNC) == 0,
                    .most_error_microseconds = static_cast<uint64_t>(std::max(time.maxerror, 0L))};
}

absl::Status TryToCapture() {
  const CaptureRight right;
  const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (fd < 0) return absl::ErrnoToStatus(errno, "a packet socket");
  close(fd);
  return absl::OkStatus();
}

size_t CountProcessors() {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 1;
  return static_cast<size_t>(std::max(CPU_COUNT(&allowed), 1));
}

}  // namespace kansoku::collector
