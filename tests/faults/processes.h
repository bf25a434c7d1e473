// SPDX-License-Identifier: Apache-2.0
//
// The processes of one round: an aggregator, and collectors that reach it through a relay each. Each of them
// may be killed, stopped, frozen and started again any number of times. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/faults/driver_account.h"
#include "tests/faults/fault_plan.h"
#include "tests/faults/faulty_relay.h"
#include "tests/testing/child_process.h"

namespace kansoku::testing {

class AggregatorProcess {
 public:
  // Writes the configuration into `folder`; the store is "FOLDER/disk/store.db".
  AggregatorProcess(const std::string& folder, uint64_t commit_interval_milliseconds);

  void Start();  // without effect while it runs
  void End(int signal);
  void Signal(int signal);
  bool runs() const { return process_ != nullptr; }
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

class CollectorProcess {
 public:
  struct Life {
    uint64_t number;
    const DriverAccount* account;
  };

  // The spool is "FOLDER/disk/spool.db".
  CollectorProcess(std::string name, std::string folder, const CollectorPlan& plan, uint64_t relay_seed);

  void Start();  // without effect while it runs
  void End(int signal);
  void Signal(int signal);

  // Has the last life drain, and waits for its end. What it owes is acknowledged by then, or a problem.
  void Drain();

  const std::string& name() const { return name_; }
  FaultyRelay& relay() { return relay_; }
  const std::vector<Life>& lives() const { return lives_; }
  const std::vector<std::string>& problems() const { return problems_; }
  std::string Log() const;

 private:
  const std::string name_;
  const std::string folder_;
  const CollectorPlan plan_;
  FaultyRelay relay_;
  std::unique_ptr<ChildProcess> process_;
  DriverAccount* account_ = nullptr;
  std::vector<Life> lives_;
  std::vector<std::string> problems_;
};

}  // namespace kansoku::testing
