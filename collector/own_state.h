// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "absl/time/time.h"
#include "collector/collector.h"
#include "collector/doctor/finding.h"
#include "collector/own_metrics.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku::collector {

// What there is to tell now, beside what an examination found, of a collector that runs with a configuration,
// by this machine's clock. A file that cannot be read says nothing. Any thread.
OwnState ReadOwnState(const Collector& collector, std::vector<Finding> findings,
                      const v1::CollectorConfig& config, absl::Time started);

}  // namespace kansoku::collector
