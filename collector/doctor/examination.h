// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "collector/doctor/finding.h"
#include "collector/doctor/machine_facts.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku::collector {

// Every check, on this machine, of what a configuration captures live. Thread-safe: what it knows it knows
// from its construction; the rest it asks anew each time, of the network namespace of the thread that asks.
class Examination {
 public:
  // Asks for the flowtables: later the right to ask may have been given up. Without a spool's path nobody
  // asks for room for one.
  explicit Examination(v1::CollectorConfig config);

  // Of the machine, then of each interface in the configuration's order. Two dozen system calls an interface.
  std::vector<Finding> Examine() const;

  // The same without the right to capture, which is taken for a moment to be tried.
  std::vector<Finding> ExamineAgain() const;

  // What every report of a live link carries now: rising, none twice.
  std::vector<v1::QualityFlag> FlagsOf(const v1::LinkConfig& link) const;

 private:
  std::vector<Finding> ExamineMachine() const;
  std::vector<Finding> ExamineLink(const v1::LinkConfig& link) const;

  const v1::CollectorConfig config_;
  const absl::StatusOr<std::vector<Flowtable>> flowtables_;
};

}  // namespace kansoku::collector
