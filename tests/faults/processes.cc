// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/processes.h"

#include <signal.h>

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"

namespace kansoku::testing {
namespace {

// Even a stopped process must hear it; and must run to end by SIGTERM.
int SignalAndWait(ChildProcess& process, int signal) {
  process.Signal(signal);
  process.Signal(SIGCONT);
  return process.Wait();
}

}  // namespace

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
  const int status = SignalAndWait(*process_, signal);
  if (status != (signal == SIGKILL ? 128 + SIGKILL : 0)) {
    problems_.push_back(absl::StrCat("the aggregator ended with status ", status, " on signal ", signal));
  }
  process_.reset();
  port_ = 0;
}

void AggregatorProcess::Signal(int signal) {
  if (process_ != nullptr) process_->Signal(signal);
}

CollectorProcess::CollectorProcess(std::string name, std::string folder, const CollectorPlan& plan,
                                   uint64_t relay_seed)
    : name_(std::move(name)), folder_(std::move(folder)), plan_(plan), relay_(relay_seed) {}

void CollectorProcess::Start() {
  if (process_ != nullptr) return;
  const uint64_t life = lives_.size();
  const std::string account_path = absl::StrCat(folder_, "/account-", life);
  account_ = &MapDriverAccount(account_path);
  lives_.push_back({life, account_});
  std::vector<std::string> command = {KANSOKU_REPORT_DRIVER,
                                      "--name",
                                      name_,
                                      "--aggregator",
                                      relay_.address(),
                                      "--spool",
                                      folder_ + "/disk/spool.db",
                                      "--spool-bytes",
                                      absl::StrCat(plan_.spool_bytes),
                                      "--batch-bytes",
                                      absl::StrCat(plan_.batch_bytes),
                                      "--bytes-in-flight",
                                      absl::StrCat(plan_.bytes_in_flight),
                                      "--queued-reports",
                                      absl::StrCat(plan_.queued_reports),
                                      "--account",
                                      account_path,
                                      "--log",
                                      folder_ + "/log",
                                      "--seed",
                                      absl::StrCat(plan_.traffic_seed),
                                      "--life",
                                      absl::StrCat(life),
                                      "--reports",
                                      absl::StrCat(plan_.reports_per_life),
                                      "--pace-microseconds",
                                      absl::StrCat(plan_.pace_microseconds)};
  if (plan_.waits_for_room) command.push_back("--wait-for-room");
  process_ = std::make_unique<ChildProcess>(command);
}

void CollectorProcess::End(int signal) {
  if (process_ == nullptr) return;
  const int status = SignalAndWait(*process_, signal);
  process_.reset();
  // Before its spool is open it may be unable to open it, or not yet be heeding SIGTERM.
  if (account_->epoch == 0) return;
  if (signal == SIGKILL ? status != 128 + SIGKILL : status != 0 || account_->ended == 0) {
    problems_.push_back(absl::StrCat(name_, ", life ", lives_.size() - 1, ": ended with status ", status,
                                     " on signal ", signal));
  }
}

void CollectorProcess::Signal(int signal) {
  if (process_ != nullptr) process_->Signal(signal);
}

void CollectorProcess::Drain() {
  account_->drain_asked = 1;
  int status = process_->Wait();
  process_.reset();
  if (account_->epoch == 0) {
    // It could not open its spool while the disk was full.
    Start();
    account_->drain_asked = 1;
    status = process_->Wait();
    process_.reset();
  }
  if (status != 0) {
    problems_.push_back(absl::StrCat(name_, ", last life: ended with status ", status));
  } else if (account_->drained == 0) {
    problems_.push_back(absl::StrCat(name_, ": did not drain"));
  }
}

std::string CollectorProcess::Log() const {
  std::ostringstream log;
  log << std::ifstream(folder_ + "/log").rdbuf();
  return log.str();
}

}  // namespace kansoku::testing
