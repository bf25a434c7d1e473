// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/aggregator_process.h"

#include <signal.h>

#include <fstream>

#include "absl/strings/str_cat.h"

namespace kansoku::testing {

AggregatorProcess::AggregatorProcess(const std::string& folder, uint64_t commit_interval_milliseconds,
                                     AggregatorPlace place, const std::string& more)
    : place_(std::move(place)),
      config_path_(folder + "/aggregator.yaml"),
      store_path_(folder + "/disk/store.db") {
  std::ofstream(config_path_) << absl::StrCat(
      "listen: ", place_.host, ":0\nmetrics_listen: 127.0.0.1:0\nstore_path: ", store_path_,
      "\nclock: {max_ahead_seconds: 86400, max_behind_days: 0}\ncommit_interval_milliseconds: ",
      commit_interval_milliseconds, "\n", more);
}

void AggregatorProcess::Start() {
  if (process_ != nullptr) return;
  std::vector<std::string> command = place_.command;
  command.insert(command.end(), {KANSOKU_AGGREGATOR, "--config", config_path_});
  process_ = std::make_unique<ChildProcess>(command);
  constexpr absl::string_view kListening = "listening: grpc ";
  const std::string line = process_->WaitForLine(std::string(kListening));
  if (line.empty()) {
    // It may not start on a full disk; whether it does once there is room again, the calm will show.
    process_->Signal(SIGKILL);
    if (process_->Wait() == 128 + SIGKILL) problems_.push_back("the aggregator neither started nor ended");
    process_.reset();
    return;
  }
  address_ = line.substr(kListening.size(), line.find(", metrics") - kListening.size());
}

void AggregatorProcess::End(int signal) {
  if (process_ == nullptr) return;
  process_->Signal(signal);
  // A frozen process would never heed it.
  process_->Signal(SIGCONT);
  const int status = process_->Wait();
  if (status != (signal == SIGKILL ? 128 + SIGKILL : 0)) {
    problems_.push_back(absl::StrCat("the aggregator ended with status ", status, " on signal ", signal));
  }
  process_.reset();
  address_.clear();
}

void AggregatorProcess::Signal(int signal) {
  if (process_ != nullptr) process_->Signal(signal);
}

}  // namespace kansoku::testing
