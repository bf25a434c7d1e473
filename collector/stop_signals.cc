// SPDX-License-Identifier: Apache-2.0
#include "collector/stop_signals.h"

#include <signal.h>
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
  if (signal == SIGHUP) return Reason::kReload;
  return signal == SIGUSR1 ? Reason::kFinished : Reason::kAsked;
}

void StopSignals::SignalFinished() { kill(getpid(), SIGUSR1); }

}  // namespace kansoku::collector
