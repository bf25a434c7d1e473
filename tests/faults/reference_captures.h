// SPDX-License-Identifier: Apache-2.0
//
// Captures, and what a collector that nothing happens to reports of each.
#pragma once

#include <string>
#include <vector>

#include "kansoku/v1/report.pb.h"

namespace kansoku::testing {

struct ReferenceCapture {
  std::string path;
  std::vector<v1::WindowReport> reports;  // in their order, without the point
};

// The keys that say how packets are counted, of any configuration that is compared with these captures.
std::string CountingKeys();

// Makes `count` captures in the folder, always the same ones, which do not overlap in time, and runs both
// programs over them.
std::vector<ReferenceCapture> MakeReferenceCaptures(const std::string& folder, size_t count);

}  // namespace kansoku::testing
