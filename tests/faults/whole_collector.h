// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tests/faults/capture_feeder.h"
#include "tests/faults/collector_process.h"
#include "tests/faults/fault_plan.h"
#include "tests/faults/reference_captures.h"

namespace kansoku::testing {

// The real program. Each life reads a capture from a pipe, one of the references in turn. Windows go to the
// spool in their order, so those of a life that are on disk are the first ones of its capture: as many as the
// spool has numbered since the life before.
class WholeCollector final : public CollectorProcess {
 public:
  // The references must outlive it.
  WholeCollector(const std::string& name, const std::string& folder, const CollectorPlan& plan,
                 std::span<const ReferenceCapture> references, std::string counting_keys, uint64_t relay_seed,
                 bool clock_can_jump);

  void Start() override;
  void End(int signal) override;
  void Drain() override;
  SpooledReports Reports(std::vector<std::string>& problems) const override;
  std::string Log() const override { return log_; }

 private:
  struct Life {
    uint64_t closed = 0;    // reports that the spool had numbered when it was over
    bool is_asked = false;  // to stop, by SIGTERM: its last window may be cut short
  };

  void Finish(int status, int signal);  // how the life ended; 0: of itself
  const ReferenceCapture& CaptureOf(size_t life) const { return references_[life % references_.size()]; }
  std::string PointName() const { return name() + "-link"; }

  const CollectorPlan plan_;
  const std::span<const ReferenceCapture> references_;
  const std::string counting_keys_;
  std::unique_ptr<CaptureFeeder> feeder_;
  std::vector<Life> ended_;
  SpooledReports account_;  // as the spool last said
  std::string log_;
};

}  // namespace kansoku::testing
