// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/aggregator_process.h"

#include <signal.h>

#include <fstream>

#include "absl/strings/str_cat.h"

namespace kansoku::testing {

AggregatorProcess::AggregatorProcess(const std::string& folder, uint64_t commit_interval_milliseconds)
    : config_path_(folder + "/aggregator.yaml"), store_path_(folder + "/disk/store.db") {
  std::ofstream(config_path_) << absl::StrCat(
      "listen: 127.0.0.1:0\nmetrics_listen: 127.0.0.1:0\nstore_path: ", store_path_,
      "\nretention: {window_hours: 1000000, five_minute_days: 100000}\ncommit_interval_milliseconds: ",
      commit_interval_milliseconds, "\n");
}

void AggregatorProcess::Start() {
  if (process_ != nullptr) return;
  process_ =
      std::make_unique<ChildProcess>(std::vector<std::string>{KANSOKU_AGGREGATOR, "--config", config_path_});
  const std::string listening = process_->WaitForLine("listening: grpc ");
  if (listening.empty()) {
    // It may not start on a full disk; whether it does once there is room again, the calm will show.
    process_->Wait();
    process_.reset();
    return;
  }
  const size_t end = listening.find(", metrics");
  port_ = static_cast<uint16_t>(std::stoi(listening.substr(listening.rfind(':', end) + 1)));
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
  port_ = 0;
}

void AggregatorProcess::Signal(int signal) {
  if (process_ != nullptr) process_->Signal(signal);
}

}  // namespace kansoku::testing
