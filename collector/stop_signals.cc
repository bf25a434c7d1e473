// SPDX-License-Identifier: Apache-2.0
#include "collector/stop_signals.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

namespace kansoku::collector {
namespace {

sigset_t Watched() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  sigaddset(&set, SIGUSR1);
  return set;
}

StopSignals::Reason ReasonOf(int signal) {
  if (signal == SIGHUP) return StopSignals::Reason::kReload;
  return signal == SIGUSR1 ? StopSignals::Reason::kFinished : StopSignals::Reason::kAsked;
}

}  // namespace

StopSignals::StopSignals() {
  const sigset_t set = Watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

StopSignals::Reason StopSignals::Wait() const {
  const sigset_t set = Watched();
  int signal = 0;
  while (sigwait(&set, &signal) != 0) {
  }
  return ReasonOf(signal);
}

std::optional<StopSignals::Reason> StopSignals::WaitFor(absl::Duration time) const {
  const sigset_t set = Watched();
  const timespec at_most = absl::ToTimespec(time);
  const int signal = sigtimedwait(&set, nullptr, &at_most);
  return signal < 0 ? std::nullopt : std::optional(ReasonOf(signal));
}

void StopSignals::SignalFinished() { kill(getpid(), SIGUSR1); }

}  // namespace kansoku::collector
