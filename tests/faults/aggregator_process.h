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

// Where it runs.
struct AggregatorPlace {
  std::vector<std::string> command;  // what to put before its own
  std::string host = "127.0.0.1";    // an address of its own, as others reach it
};

class AggregatorProcess {
 public:
  // Writes the configuration into `folder`, with `more` at its end; the store is "FOLDER/disk/store.db".
  AggregatorProcess(const std::string& folder, uint64_t commit_interval_milliseconds,
                    AggregatorPlace place = {}, const std::string& more = "");

  void Start();  // without effect while it runs
  void End(int signal);
  bool runs() const { return process_ != nullptr; }
  void Signal(int signal);
  const std::string& address() const { return address_; }  // empty while it does not run
  const std::string& store_path() const { return store_path_; }
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  const AggregatorPlace place_;
  std::string config_path_;
  std::string store_path_;
  std::unique_ptr<ChildProcess> process_;
  std::string address_;
  std::vector<std::string> problems_;
};

}  // namespace kansoku::testing
