// SPDX-License-Identifier: Apache-2.0
//
// The aggregator of a round: the real program, which may be killed, stopped, frozen and started again any
// number of times, over one store. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/testing/child_process.h"

namespace kansoku::testing {

class AggregatorProcess {
 public:
  // Writes the configuration into `folder`; the store is "FOLDER/disk/store.db".
  AggregatorProcess(const std::string& folder, uint64_t commit_interval_milliseconds);

  void Start();  // without effect while it runs
  void End(int signal);
  void Signal(int signal);
  uint16_t port() const { return port_; }  // 0 while it does not run
  const std::string& store_path() const { return store_path_; }
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  std::string config_path_;
  std::string store_path_;
  std::unique_ptr<ChildProcess> process_;
  uint16_t port_ = 0;
  std::vector<std::string> problems_;
};

}  // namespace kansoku::testing
