// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "collector/doctor/finding.h"

namespace kansoku::collector {

struct DoctorOptions {
  std::string config_path;              // either what this configuration captures live,
  std::vector<std::string> interfaces;  // or these, with the defaults of every key
  bool json = false;
};

// Examines this machine, prints what is found, and says the worst of it. An error: the configuration cannot
// be used.
absl::StatusOr<Verdict> Examine(const DoctorOptions& options, std::ostream& out);

}  // namespace kansoku::collector
