// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kansoku/v1/config.pb.h"
#include "tests/faults/collector_process.h"
#include "tests/faults/driver_account.h"
#include "tests/faults/fault_plan.h"

namespace kansoku::testing {

// The report driver: what is on its disk is known to the report, from the accounts of its lives.
class DrivenCollector final : public CollectorProcess {
 public:
  // Plain text without `tls`.
  DrivenCollector(const std::string& name, const std::string& folder, const CollectorPlan& plan,
                  uint64_t relay_seed, bool clock_can_jump, std::optional<v1::TlsConfig> tls = {});

  void Start() override;
  void End(int signal) override;
  void Drain() override;
  SpooledReports Reports(std::vector<std::string>& problems) const override;
  std::string Log() const override;

 private:
  const CollectorPlan plan_;
  const std::optional<v1::TlsConfig> tls_;
  std::vector<DriverAccount*> accounts_;  // one for each life
};

}  // namespace kansoku::testing
