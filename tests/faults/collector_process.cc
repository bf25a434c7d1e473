// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/collector_process.h"

#include <signal.h>

#include "absl/strings/str_cat.h"

namespace kansoku::testing {

CollectorProcess::CollectorProcess(std::string name, std::string folder, uint64_t relay_seed)
    : name_(std::move(name)), folder_(std::move(folder)), relay_(relay_seed) {}

void CollectorProcess::Signal(int signal) {
  if (process_ != nullptr) process_->Signal(signal);
}

void CollectorProcess::Run(const std::vector<std::string>& command) {
  process_ = std::make_unique<ChildProcess>(command);
  ++lives_;
}

int CollectorProcess::SignalAndWait(int signal) {
  process_->Signal(signal);
  // A frozen process would never heed it.
  process_->Signal(SIGCONT);
  return Wait();
}

int CollectorProcess::Wait() {
  const int status = process_->Wait();
  process_.reset();
  return status;
}

void CollectorProcess::Complain(const std::string& problem) {
  problems_.push_back(absl::StrCat(name_, ", life ", lives_ - 1, ": ", problem));
}

}  // namespace kansoku::testing
