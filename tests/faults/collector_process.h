// SPDX-License-Identifier: Apache-2.0
//
// A collector of a round: a process that reaches the aggregator through a relay, and may be killed, stopped,
// frozen and started again any number of times, over one spool. One thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/faults/faulty_relay.h"
#include "tests/faults/spooled_reports.h"
#include "tests/testing/child_process.h"

namespace kansoku::testing {

// Whether libfaketime was there when this was built.
bool ClocksCanJump();

class CollectorProcess {
 public:
  // The spool is "FOLDER/disk/spool.db". With `clock_can_jump` its lives run under libfaketime.
  CollectorProcess(std::string name, std::string folder, uint64_t relay_seed, bool clock_can_jump);
  virtual ~CollectorProcess() = default;

  virtual void Start() = 0;          // without effect while it runs
  virtual void End(int signal) = 0;  // without effect while it does not
  bool runs() const { return process_ != nullptr; }
  void Signal(int signal);
  void SetClock(int64_t seconds_ahead) const;

  // While it does not run: flips octets in one of the spool's files. Whether there were any.
  bool DamageSpool(uint64_t seed) const;

  // Once nothing fails any more: has it deliver what it owes, with a report at last that nothing of before
  // can have delivered, and end by itself.
  virtual void Drain() = 0;

  // After Drain().
  virtual SpooledReports Reports(std::vector<std::string>& problems) const = 0;

  const std::string& name() const { return name_; }
  FaultyRelay& relay() { return relay_; }
  size_t lives() const { return lives_; }
  const std::vector<std::string>& problems() const { return problems_; }  // with how processes ended
  virtual std::string Log() const = 0;

 protected:
  void Run(std::vector<std::string> command);
  int SignalAndWait(int signal);  // the exit status
  int Wait();
  void Complain(const std::string& problem);
  std::string File(const std::string& name) const { return folder_ + "/" + name; }
  std::string SpoolPath() const { return folder_ + "/disk/spool.db"; }
  std::vector<std::string> SpoolFiles() const;  // those there are, sorted

 private:
  const std::string name_;
  const std::string folder_;
  FaultyRelay relay_;
  const bool clock_can_jump_;
  std::unique_ptr<ChildProcess> process_;
  size_t lives_ = 0;
  std::vector<std::string> problems_;
};

}  // namespace kansoku::testing
